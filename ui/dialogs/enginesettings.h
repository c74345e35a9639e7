// SPDX-License-Identifier: Apache-2.0
/// Every setting of the engine with its meaning, its default, where its value comes from and a field for it; judged as
/// it is typed, saved all together. Shows a SettingsPresenter. GUI thread.
#pragma once

#include "ui/models/settingspresenter.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace openfactory::ui {

class EngineSettingsPane : public QWidget {
    Q_OBJECT
public:
    explicit EngineSettingsPane(const EngineSettingsFile &file, QWidget *parent = nullptr);
    SettingsPresenter &presenter() { return m_presenter; }

Q_SIGNALS:
    void said(const QString &text); ///< something was saved

private:
    /// The widgets of one setting.
    struct Row {
        QWidget *frame = nullptr;
        QWidget *field = nullptr;
        QPushButton *standard = nullptr;
        QLabel *source = nullptr;
        QLabel *error = nullptr;
        QString words; ///< what the search looks through
    };
    void build();
    Row makeRow(const EngineSetting &setting, const SettingWords &words, QWidget *parent);
    QWidget *makeField(const EngineSetting &setting, const QString &title, QWidget *parent);
    void showRow(const QString &key);
    void showState();
    void filter(const QString &text);
    void save();

    SettingsPresenter m_presenter;
    QLineEdit *m_search;
    QWidget *m_rowsWidget = nullptr;
    QVBoxLayout *m_place;
    QLabel *m_state;
    QPushButton *m_save;
    QPushButton *m_discard;
    QString m_told; ///< what came of the last saving or reading, until something is typed
    std::map<QString, Row> m_rows;
    QList<std::pair<QLabel *, QStringList>> m_groups; ///< heading and the keys below it
};

} // namespace openfactory::ui

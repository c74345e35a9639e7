// SPDX-License-Identifier: Apache-2.0
/// What a person may do with a pull request and its checks: open it on the forge, run a check again, cancel it; else
/// why not. GUI thread.
#pragma once

#include "core/domain/forge.h"

#include <QUrl>
#include <QWidget>

class QLabel;
class QPushButton;

namespace openfactory::ui {

class CheckActs : public QWidget {
    Q_OBJECT
public:
    explicit CheckActs(QWidget *parent = nullptr);
    /// The check that is acted on, and the state of its job; nothing: none is chosen.
    void setCheck(const std::optional<Check> &check, JobState state);
    /// Where the forge says that the pull request is; only an address of the web can be opened.
    void setPull(const QString &url);

Q_SIGNALS:
    void wished(CheckWish::Kind kind, const QString &check);

private:
    std::optional<Check> m_check;
    QUrl m_pull;
    QPushButton *m_open;
    QPushButton *m_again;
    QPushButton *m_cancel;
    QLabel *m_why;
};

} // namespace openfactory::ui

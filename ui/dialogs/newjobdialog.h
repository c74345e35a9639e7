// SPDX-License-Identifier: Apache-2.0
/// Makes a job on a repository: what is to be done, where, by whom. What cannot be is said beside the field, before
/// anything is made. What was typed is kept until the job is made or the form is dropped: a crash takes nothing.
/// Non-modal; GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace openfactory::ui {

class NewJobDialog : public QDialog {
    Q_OBJECT
public:
    explicit NewJobDialog(Console &console, QWidget *parent = nullptr);
    /// Whether a form was open, with something in it, when the console last ended.
    static bool hasUnfinished();
    /// Asks first, where something was typed.
    void reject() override;

Q_SIGNALS:
    void made(const JobId &job);

private:
    void check();
    void look();
    void make();
    QString whyNot() const;
    void keep() const;
    void bringBack();
    bool isEmpty() const;

    Console &m_console;
    QLineEdit *m_repository;
    QLineEdit *m_slug;
    QPlainTextEdit *m_task;
    QLineEdit *m_target;
    QComboBox *m_priority;
    QComboBox *m_author;
    QLineEdit *m_playbook;
    QLabel *m_facts;
    QLabel *m_whyNot;
    QPushButton *m_make;
    QTimer m_typing;
    QTimer m_keep;
    QByteArray m_contract;
    QString m_looked; ///< the path that m_found speaks of
    bool m_found = false;
    bool m_making = false;
};

} // namespace openfactory::ui

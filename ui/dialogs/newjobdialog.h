// SPDX-License-Identifier: Apache-2.0
/// Makes a job on a repository: what is to be done, where, by whom, and beside it what that would come to: a dry run
/// with each change. What cannot be is said before anything is made. What was typed is kept until the job is made or
/// the form is dropped: a crash takes nothing. Non-modal; GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace openfactory::ui {

class JobPlanPane;

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
    void plan();
    void make();
    NewJob wanted() const;
    QString slug() const;
    QString whyNot() const;
    void offerRepositories();
    void keep() const;
    void bringBack();
    bool isEmpty() const;

    Console &m_console;
    QComboBox *m_repositories; ///< those of earlier jobs; its edit is m_repository
    QLineEdit *m_repository;
    QLineEdit *m_slug;
    QPlainTextEdit *m_task;
    QLineEdit *m_target;
    QComboBox *m_pipeline;
    QComboBox *m_priority;
    QComboBox *m_author;
    QLineEdit *m_playbook;
    QCheckBox *m_reviewSpec;
    JobPlanPane *m_plan;
    QLabel *m_whyNot;
    QPushButton *m_make;
    QTimer m_typing;
    QTimer m_keep;
    QString m_refused; ///< why the desk would make no such job, as last planned; empty: it would
    int m_planned = 0; ///< counts the plans that were asked for; only the last one's answer is shown
    bool m_making = false;
};

} // namespace openfactory::ui

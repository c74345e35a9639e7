// SPDX-License-Identifier: Apache-2.0
/// The change of a job or of an attempt in a DiffView: files first, patches when they are looked at, with what no test
/// ran and what the gates found beside the lines. Viewed marks and comments are kept by job. GUI thread.
#pragma once

#include "ui/models/console.h"
#include "ui/pages/linenotes.h"

#include <QWidget>

class QLabel;

namespace openfactory {
class DiffView;
}

namespace openfactory::ui {

class ChangesPane : public QWidget {
    Q_OBJECT
public:
    explicit ChangesPane(Console &console, QWidget *parent = nullptr);
    void showRange(const JobDetails &job, const std::pair<CommitId, CommitId> &range);
    /// What differs between the contents of two attempts; `said` names them, and a button leads back.
    void showComparison(const JobDetails &job, const std::pair<CommitId, CommitId> &range, const QString &said);
    void clear();
    /// What was remarked on lines, ready to be sent with "request changes".
    QString commentsAsText() const;
    /// How far a person is with a change: its files, those that were viewed, and those with something that a text does
    /// not show (a mode, a link, binary content) which was not on the screen yet.
    struct Reading {
        int files = 0;
        int viewed = 0;
        QStringList unseen;
    };
    /// Nothing while no change is shown.
    std::optional<Reading> reading() const;
    /// Reads the first files although nobody looks at them: only then it is known which of them are binary.
    void setReadsAhead(bool on) { m_readsAhead = on; }
    /// The remarks went with a decision.
    void forgetComments();

Q_SIGNALS:
    void commentsChanged();
    void readingChanged();
    void backWanted(); ///< from a comparison to the change
    void said(const QString &text);
    void refused(const QString &why);

protected:
    void showEvent(QShowEvent *event) override; ///< another view of the same job may have been used meanwhile

private:
    void show(const JobDetails &job, const std::pair<CommitId, CommitId> &range, bool compares);
    void readNotes(const JobDetails &job, const std::pair<CommitId, CommitId> &range);
    void restore();

    Console &m_console;
    QWidget *m_heading; ///< of a comparison
    QLabel *m_compared;
    QLabel *m_state;
    DiffView *m_view;
    QString m_shown;
    JobId m_job;
    QString m_workspace;
    std::vector<Judgement> m_judgements; ///< that the notes beside the lines were made of
    QTimer m_draft;
    bool m_readsAhead = false;
};

} // namespace openfactory::ui

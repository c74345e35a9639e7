// SPDX-License-Identifier: Apache-2.0
/// The change of a job or of an attempt in a DiffView: files first, patches when they are looked at, with what no test
/// ran and what the gates found beside the lines. Viewed marks and comments are kept by job. GUI thread.
#pragma once

#include "ui/models/console.h"

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
    /// "3 of 7 viewed", or nothing where no change is shown.
    QString viewedText() const;

Q_SIGNALS:
    void commentsChanged();
    void backWanted(); ///< from a comparison to the change

private:
    void show(const JobDetails &job, const std::pair<CommitId, CommitId> &range, bool compares);

    Console &m_console;
    QWidget *m_heading; ///< of a comparison
    QLabel *m_compared;
    QLabel *m_state;
    DiffView *m_view;
    QString m_shown;
    JobId m_job;
};

} // namespace openfactory::ui

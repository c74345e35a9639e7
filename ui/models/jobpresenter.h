// SPDX-License-Identifier: Apache-2.0
/// One job as its page shows it: header, one sentence on now, legal acts, the tree and the tables of the tabs. GUI
/// thread; reads through the reader, acts through the desk.
#pragma once

#include "ui/models/attempttree.h"
#include "ui/models/operatorside.h"
#include "ui/models/plantables.h"
#include "ui/models/rowsmodel.h"

namespace openfactory::ui {

class JobPresenter : public QObject {
    Q_OBJECT
public:
    JobPresenter(Worker<ReadSide> &reader, Worker<OperatorSide> &desk, const Clock &clock, QObject *parent = nullptr);

    /// Shows another job; null shows nothing.
    void setJob(const JobId &job);
    const JobId &job() const { return m_id; }
    /// Null while nothing was read.
    const JobDetails *details() const { return m_details ? &*m_details : nullptr; }
    void refresh();
    void noteChanged(const std::vector<qint64> &jobs);
    /// Says the times again while something runs.
    void noteTime();
    bool isRunning() const { return m_details && m_details->job.progress.state == JobState::Running; }

    /// "Waiting for you: approve deployment, since 14:02".
    QString nowText() const;
    /// Label and text of the header's facts, in order.
    QList<std::pair<QString, QString>> facts() const;

    enum class Act { Decide, Retry, RetryFrom, Pause, Resume, Cancel, Archive, Unarchive };
    bool isLegal(Act act) const;
    /// Stages from which the job can be retried: up to where it stands.
    QStringList retryStages() const;
    void retry(const QString &fromStage);
    void pause(const QString &reason);
    void resume();
    void cancel();
    void archive(bool archived);
    /// A person does the ticket in place of the author from now on, or hands it back.
    void takeTicket(int number, bool take);
    void wishCheck(CheckWish::Kind kind, const QString &check);
    /// Puts what an attempt left back into the workspace.
    void restore(const NodeRef &attempt);

    AttemptTree &tree() { return m_tree; }
    static constexpr int kPlaceColumn = 2;       ///< of the findings, whose DataRole is the file
    RowsModel &problems() { return m_problems; } ///< findings of what did not pass, the cause first
    RowsModel &risks() { return m_risks; }
    RowsModel &ledger() { return m_ledger; } ///< attempts: kept or taken back, and why
    RowsModel &tests() { return m_tests; }
    RowsModel &artifacts() { return m_artifacts; }
    RowsModel &audit() { return m_audit; }
    RowsModel &decisions() { return m_decisions; }
    RowsModel &checks() { return m_checks; }         ///< of the commit that was pushed last, as last read
    RowsModel &ciEvidence() { return m_ciEvidence; } ///< what failed on the forge, by attempt
    PlanTables &plan() { return m_plan; }
    /// "Pull request 3, draft, on github.com/a/b: factory/x into main, at 1a2b3c; read 2 min ago"; empty: none.
    QString pullText() const;

    /// What all tabs show; a stage means its newest attempt. Chosen by the tree, or by a link.
    const NodeRef &selected() const { return m_selected; }
    void select(const NodeRef &node);
    /// Where to look first: the failed stage of a failed job, what runs in a running one.
    NodeRef landing() const;
    /// The commands of the selection whose log is shown, in order.
    std::vector<CommandRecord> selectedCommands() const;
    /// From commit to commit: the change that the selection was judged on; empty where there is none yet.
    std::pair<CommitId, CommitId> selectedRange() const;
    /// The attempts that this one can be compared with, oldest first; none where it left no content itself.
    QStringList comparable(const NodeRef &attempt) const;
    /// From the content of the older of two attempts to that of the newer; empty where one left none.
    std::pair<CommitId, CommitId> rangeBetween(const NodeRef &one, const NodeRef &other) const;

Q_SIGNALS:
    void changed(); ///< details are new
    void selectionChanged();
    void missing(const QString &why); ///< the job cannot be read
    void acted(const QString &said);  ///< an act was done
    void refused(const QString &why); ///< an act was not done

private:
    void take(JobDetails details);
    void fillTables();
    void fillChecks();
    template<class Work>
    void act(const QString &said, Work work);

    Worker<ReadSide> &m_reader;
    Worker<OperatorSide> &m_desk;
    const Clock &m_clock;
    JobId m_id;
    std::optional<JobDetails> m_details;
    std::vector<AuditRecord> m_entries;
    NodeRef m_selected;
    bool m_chosen = false; ///< the selection was made by a person
    bool m_reading = false;
    bool m_again = false;
    AttemptTree m_tree;
    RowsModel m_problems;
    RowsModel m_risks;
    RowsModel m_ledger;
    RowsModel m_tests;
    RowsModel m_artifacts;
    RowsModel m_audit;
    RowsModel m_decisions;
    RowsModel m_checks;
    RowsModel m_ciEvidence;
    PlanTables m_plan;
};

/// The findings and the place of each, as a table; used by the page and by the gate.
std::vector<TableRow> findingRows(const QString &stage, int attempt, const Verdict &verdict);

} // namespace openfactory::ui

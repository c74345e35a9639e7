// SPDX-License-Identifier: Apache-2.0
/// A gate as a person sees it: what is asked, the evidence in fixed order, the boundary meter, the risks, and whether
/// what was said so far may be submitted, and if not, why. One class for approvals, hard stops, awaited changes,
/// conflicts, questions and documents. GUI thread.
#pragma once

#include "ui/models/operatorside.h"
#include "ui/models/readside.h"
#include "ui/models/rowsmodel.h"

#include <QTimer>

namespace openfactory::ui {

/// One piece of evidence.
struct EvidenceCard {
    QString key; ///< "plan", "risk", "change", "tests", "coverage", "findings", "checks", "attempts", "decisions"
    QString title;
    Mark mark = Mark::NotStarted;
    QString text;        ///< one line
    QStringList details; ///< further lines
    QString tab;         ///< of the job page, where its source is; empty: none
};

/// A measured figure beside its limit.
struct Meter {
    QString label;
    qint64 value = 0;
    qint64 limit = 0; ///< 0: none
    QString text;
    bool over() const { return limit > 0 && value > limit; }
};

class GatePresenter : public QObject {
    Q_OBJECT
public:
    enum class Kind { None, Approval, HardStop, Change, Conflict, Clarification, Document };
    static constexpr int kLeastComment = 10; ///< non-blank characters

    GatePresenter(Worker<ReadSide> &reader, Worker<OperatorSide> &desk, const Clock &clock, QObject *parent = nullptr);
    ~GatePresenter() override; ///< a decision that was submitted is sent, however young

    void setJob(const JobId &job);
    const JobId &job() const { return m_id; }
    void noteChanged(const std::vector<qint64> &jobs);
    /// Shows what is there now; what was said (comment, accepted risks that still exist) stays.
    void reload();

    Kind kind() const { return m_kind; }
    bool isRead() const { return m_details.has_value(); }
    const JobDetails *details() const { return m_details ? &*m_details : nullptr; }
    /// States the act: "Merge shop/fix-discount into main".
    QString title() const;
    /// What a person is asked to do, and what happens then.
    QString instructions() const;
    std::vector<EvidenceCard> cards() const;
    std::vector<Meter> meters() const;
    std::vector<Risk> openRisks() const;
    /// The findings of all verdicts that the gate shows.
    RowsModel &findings() { return m_findings; }
    QString contractText() const;

    // --- what the person says -------------------------------------------------------------------------------------
    void setDecision(std::optional<DecisionKind> kind);
    std::optional<DecisionKind> decision() const { return m_decision; }
    void setAccepted(const QString &risk, bool accepted);
    bool isAccepted(const QString &risk) const { return m_accepted.contains(risk); }
    void setComment(const QString &comment);
    const QString &comment() const { return m_comment; }
    /// Whether an approving control exists at all.
    bool mayApprove() const { return m_kind == Kind::Approval; }
    /// Whether there is anything to decide: a hard stop can be sent back or rejected, once.
    bool mayDecide() const { return m_view.has_value() && (m_kind == Kind::Approval || m_kind == Kind::HardStop); }
    /// How far the person is with the change: files, those viewed, and those with something that a text does not show
    /// and that were not on the screen yet. Without it nothing is known, and nothing hangs on it.
    void setReading(int files, int viewed, const QStringList &unseen);
    /// "1 of 2 viewed"; empty where that is not known.
    QString viewedText() const;
    /// Why it cannot be submitted, for people; empty: it can.
    QString whyNot() const;
    /// "Approving 2 files at 3f2a91c, with 1 risk accepted".
    QString summary() const;

    /// The evidence shown is not what is there any more; says what changed.
    bool isStale() const { return !m_stale.isEmpty(); }
    const QString &staleText() const { return m_stale; }

    /// Time in which a submitted decision can be taken back; 0: none.
    void setGrace(std::chrono::milliseconds grace) { m_grace = grace; }
    bool isPending() const { return m_pending.isActive(); }
    void submit();
    void undo();
    /// For awaited changes and conflicts: the person is done, the engine looks again.
    void goOn();
    /// Answers the question that the job waits with; blank text is not sent.
    void answer(const QString &text);
    /// The document that is to be written or looked at; null for every other kind.
    const DraftView *draft() const { return m_kind == Kind::Document && m_draft ? &*m_draft : nullptr; }
    /// The document as Markdown; empty where it is none yet.
    QString draftMarkdown() const;
    void editDraft(const QByteArray &yaml);
    /// Accepts the spec as it is shown.
    void acceptSpec();
    /// At a hard stop: try again from the author's stage, or put the job, which has ended, away.
    void retryFromStart();
    void archive();
    /// Ends a job that waits.
    void cancelJob();

Q_SIGNALS:
    void changed();                    ///< anything shown is new
    void inputChanged();               ///< what was said is new: whyNot() and summary()
    void decided(const QString &said); ///< it is in the store
    void refused(const QString &why);  ///< it was not taken; the text says who was first, or what changed
    void pendingChanged(bool pending);
    void draftSaved();
    void draftRefused(const QString &why); ///< it was not saved

private:
    struct Read {
        JobDetails details;
        std::optional<GateView> gate;
        QString gateError;
        std::optional<DraftView> draft;
    };
    void read(bool replace);
    void take(Read read, bool replace);
    void send();
    void tell(const Result<void> &done, const QString &said);
    QString goneText() const;

    Worker<ReadSide> &m_reader;
    Worker<OperatorSide> &m_desk;
    const Clock &m_clock;
    JobId m_id;
    Kind m_kind = Kind::None;
    std::optional<JobDetails> m_details;
    std::optional<GateView> m_view;
    std::optional<DraftView> m_draft;
    RowsModel m_findings;
    std::optional<DecisionKind> m_decision;
    QStringList m_accepted;
    QString m_comment;
    int m_files = 0; ///< of the change, as it is shown; 0: not shown
    int m_viewed = 0;
    QStringList m_unseen;
    QString m_stale;
    QTimer m_pending;
    std::chrono::milliseconds m_grace{5000};
    bool m_sent = false; ///< a decision is on its way
    bool m_reading = false;
    bool m_readAgain = false;
};

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
/// A job's documents, the tickets and criteria of its plan, and what it asked of models, as tables. GUI thread.
#pragma once

#include "ui/models/readside.h"
#include "ui/models/rowsmodel.h"

namespace openfactory::ui {

class PlanTables : public QObject {
    Q_OBJECT
public:
    explicit PlanTables(QObject *parent = nullptr);
    void fill(const JobDetails &all);
    /// Whether there is, or will be, anything to show.
    static bool isPlanned(const JobDetails &all);
    /// "Asked: ... Answered: ...", and which frozen files are not what was frozen; empty: nothing of the kind.
    static QString questionText(const JobDetails &all);
    /// "3 calls, 12,345 tokens, 0.0210 EUR; at most 100,000 tokens"; empty where no model was asked.
    static QString spendingText(const JobDetails &all, const JobBudget &budget);

    RowsModel &documents() { return m_documents; } ///< DataRole: path of the artifact, beneath the job's folder
    RowsModel &criteria() { return m_criteria; }   ///< with what is known of each
    RowsModel &calls() { return m_calls; }         ///< DataRole: path of the answer, else of the prompt

private:
    RowsModel m_documents;
    RowsModel m_criteria;
    RowsModel m_calls;
};

} // namespace openfactory::ui

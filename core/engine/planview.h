// SPDX-License-Identifier: Apache-2.0
/// What is shown of a job's documents: the spec's criteria, the tickets that cover them, how far each is. Read from the
/// job's folder by whoever shows the job; any thread.
#pragma once

#include "core/domain/store.h"
#include "core/engine/jobfolder.h"

namespace openfactory {

struct CriterionView {
    QString id;
    QString text;
    std::vector<int> tickets; ///< numbers of those that cover it
};

struct TicketView {
    int number = 0;
    QString name;
    enum class State { Done, Current, ToCome } state = State::ToCome;
    bool taken = false; ///< a person does it in place of the job's author
    QString goal;
    QStringList criteria; ///< that it covers
    std::vector<int> dependsOn;
    QString document; ///< name of the artifact that holds all of it
};

struct PlanView {
    std::vector<CriterionView> criteria;
    std::vector<TicketView> tickets; ///< in the order in which they are worked on
    QStringList changed;             ///< names of frozen files that are not what was frozen; they are not shown
};

QString toName(TicketView::State); ///< "done", "being worked on", "to be done"

/// The number of the ticket that is worked on next, or now; 0: the change as a whole.
int currentTicket(const PlanView &plan);

PlanView readPlan(const JobFolder &folder, const Job &job);
/// Whether somebody else makes the change that is worked on now than when these tickets were taken.
bool changesHands(const JobFolder &folder, const Job &job, const std::vector<int> &before);
/// As members question, answer, spec, criteria and tickets of the job's JSON; nothing for a job without documents.
void addPlan(QJsonObject &job, const Documents &documents, const PlanView &plan);

} // namespace openfactory

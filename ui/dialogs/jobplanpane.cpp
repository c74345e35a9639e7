// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/jobplanpane.h"

#include "core/base/text.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QLocale>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace openfactory::ui {

namespace {

QString failureText(FailureClass failure)
{
    switch (failure) {
    case FailureClass::Soft: return JobPlanPane::tr("is a risk");
    case FailureClass::Hard: return JobPlanPane::tr("takes the change back");
    case FailureClass::Absolute: return JobPlanPane::tr("ends the job");
    }
    return {};
}

QString tokensText(qint64 tokens)
{
    return JobPlanPane::tr("%1 tokens").arg(QLocale().toString(tokens));
}

/// What one call may use up, and what all of them may.
QString costsText(const AuthorOffer &author, const JobBudget &budget)
{
    if (author.kind != AuthorKind::Model && author.kind != AuthorKind::Agent)
        return JobPlanPane::tr("No model is asked.");
    QStringList call;
    if (author.callTokens)
        call += tokensText(*author.callTokens);
    if (author.callCost)
        call += costText(*author.callCost, author.currency);
    QStringList all;
    if (budget.tokens)
        all += tokensText(*budget.tokens);
    if (budget.cost)
        all += costText(*budget.cost, budget.currency);
    const QString one = call.isEmpty()
                            ? JobPlanPane::tr("What a call costs is not known.")
                            : JobPlanPane::tr("A call uses up at most %1.").arg(call.join(JobPlanPane::tr(" and ")));
    return one + u' '
           + (all.isEmpty() ? JobPlanPane::tr("The job has no budget (job_budget in the settings).")
                            : JobPlanPane::tr("The job waits for you before it goes beyond %1.")
                                  .arg(all.join(JobPlanPane::tr(" or "))));
}

Mark markOf(Severity severity)
{
    return severity == Severity::Error ? Mark::Failed : severity == Severity::Warning ? Mark::Risk : Mark::NotStarted;
}

} // namespace

QString offerText(const AuthorOffer &offer)
{
    switch (offer.kind) {
    case AuthorKind::Person: return JobPlanPane::tr("A person, in the worktree");
    case AuthorKind::Playbook: return JobPlanPane::tr("A playbook file");
    case AuthorKind::Model:
        return JobPlanPane::tr("Model %1 (%2)").arg(displayable(offer.source), displayable(offer.said));
    case AuthorKind::Agent:
        return JobPlanPane::tr("Agent %1 (%2)").arg(displayable(offer.source), displayable(offer.said));
    }
    return {};
}

JobPlanPane::JobPlanPane(QWidget *parent)
    : QWidget(parent),
      m_stages({tr("Stage"), tr("A failure"), tr("Runs")}),
      m_remarks({tr("To know"), tr("Line"), tr("What to do")})
{
    named(this, "jobPlan", tr("What the job would come to"));
    m_empty = new EmptyState(this);
    auto *content = new QWidget(this);
    m_facts = plainLabel("planFacts", {}, content);
    m_author = plainLabel("planAuthor", {}, content);
    auto *stages = makeTable("planStages", tr("Stages of the job"), m_stages, content);
    stages->setColumnWidth(0, 110);
    stages->setColumnWidth(1, 150);
    auto *remarks = makeTable("planRemarks", tr("What there is to know about the contract"), m_remarks, content);
    remarks->setColumnWidth(0, 300);
    remarks->setColumnWidth(1, 50);
    remarks->setMaximumHeight(130);
    m_remarksTable = remarks;
    auto *inner = new QVBoxLayout(content);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->addWidget(m_facts);
    inner->addWidget(m_author);
    inner->addWidget(stages, 1);
    inner->addWidget(remarks);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 0, 0, 0); // off the form
    layout->addWidget(m_stack);
}

void JobPlanPane::clear(const QString &why)
{
    m_empty->say(QStringLiteral("view-list-details"), why);
    m_stack->setCurrentIndex(0);
}

void JobPlanPane::show(const JobPlan &plan)
{
    const ContractReport &contract = plan.contract;
    const QString target = plan.refused ? contract.target : plan.job.identity.target;
    m_facts->setText(tr("%1, %n file(s) on %2", nullptr, int(contract.files))
                         .arg(contract.language.isEmpty() ? tr("No known language") : displayable(contract.language),
                              displayable(target)));
    m_author->setText(costsText(plan.author, plan.budget));
    std::vector<TableRow> rows;
    for (const ContractStage &stage : contract.stages) {
        QStringList commands = stage.commands;
        if (commands.isEmpty())
            commands += stage.nothing.isEmpty() ? tr("nothing of its own: the engine does it")
                                                : tr("nothing: %1").arg(stage.nothing);
        for (qsizetype i = 0; i < commands.size(); ++i) {
            TableRow row;
            row.key = stage.definition.name + QString::number(i);
            row.cells = {i ? QString() : displayable(stage.definition.name),
                         i ? QString() : failureText(stage.definition.failure), displayable(commands[i])};
            row.tooltip = stage.missing.isEmpty() ? displayable(commands[i]) : displayable(stage.missing.join(u'\n'));
            if (i == 0 && !stage.missing.isEmpty())
                row.mark = Mark::Risk;
            rows.push_back(std::move(row));
        }
    }
    m_stages.setRows(std::move(rows));
    rows.clear();
    for (size_t i = 0; i < contract.remarks.size(); ++i) {
        const ContractRemark &remark = contract.remarks[i];
        TableRow row;
        row.key = QString::number(i);
        row.cells = {displayable(remark.said), remark.place ? QString::number(remark.place->line) : QString(),
                     displayable(remark.hint)};
        row.mark = markOf(remark.severity);
        row.tooltip = displayable(remark.said) + u'\n' + displayable(remark.hint);
        rows.push_back(std::move(row));
    }
    m_remarksTable->setVisible(!rows.empty());
    m_remarks.setRows(std::move(rows));
    m_stack->setCurrentIndex(1);
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/planpane.h"

#include "ui/pages/artifactview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace openfactory::ui {

PlanPane::PlanPane(Console &console, JobPresenter &presenter, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_presenter(presenter),
      m_question(plainLabel("planQuestion", {}, this)),
      m_spending(plainLabel("planSpending", {}, this)),
      m_meter(named(new QProgressBar(this), "planBudget", tr("Of the budget")))
{
    named(this, "planPane", tr("Plan"));
    auto *tables = new QSplitter(Qt::Vertical, this);
    tables->setObjectName(QStringLiteral("planTables"));
    tables->setChildrenCollapsible(false);
    m_documents = makeTable("planDocuments", tr("Documents and tickets"), m_presenter.plan().documents(), tables);
    const int widths[]{170, 100, 70, 50};
    for (int column = 0; column < 4; ++column)
        m_documents->setColumnWidth(column, widths[column]);
    auto *upper = new QWidget(tables);
    auto *upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    m_ticketActs = named(new QWidget(upper), "ticketActs", tr("Who does the ticket"));
    m_take = plainButton("ticketTake", tr("I'll &do it"), m_ticketActs);
    m_giveBack = plainButton("ticketGiveBack", tr("&Hand it back"), m_ticketActs);
    m_takeNote = elidedLabel("ticketNote", {}, m_ticketActs);
    auto *acts = new QHBoxLayout(m_ticketActs);
    acts->setContentsMargins(0, 0, 0, 0);
    acts->addWidget(m_take);
    acts->addWidget(m_giveBack);
    acts->addWidget(m_takeNote, 1);
    upperLayout->addWidget(m_documents, 1);
    upperLayout->addWidget(m_ticketActs);
    for (const auto &[button, take] : {std::pair(m_take, true), std::pair(m_giveBack, false)}) {
        connect(button, &QPushButton::clicked, this, [this, take] {
            if (const TicketView *ticket = chosenTicket())
                m_presenter.takeTicket(ticket->number, take);
        });
    }
    tables->addWidget(upper);
    m_criteria = makeTable("planCriteria", tr("Acceptance criteria and the tickets that cover them"),
                           m_presenter.plan().criteria(), tables);
    m_criteria->setColumnWidth(0, 80);
    m_criteria->setColumnWidth(1, 140);
    m_criteria->setColumnHidden(3, true); // the proof needs more room than there is; the overview has it
    m_calls = makeTable("planCalls", tr("What was asked of models"), m_presenter.plan().calls(), tables);
    const int callWidths[]{50, 130, 130, 130, 90, 60};
    for (int column = 0; column < 6; ++column)
        m_calls->setColumnWidth(column, callWidths[column]);
    m_text = new ArtifactView(console, QStringLiteral("plan"), tr("It is not there yet."), this);
    auto *both = new QSplitter(Qt::Horizontal, this);
    both->setObjectName(QStringLiteral("planSplitter"));
    both->setChildrenCollapsible(false);
    both->addWidget(tables);
    both->addWidget(m_text);
    both->setSizes({400, 480});
    keepSplit(*tables);
    keepSplit(*both);
    m_meter->setTextVisible(false);
    m_meter->setMaximumHeight(8);
    auto *content = new QWidget(this);
    auto *inner = new QVBoxLayout(content);
    inner->addWidget(m_question);
    inner->addWidget(m_spending);
    inner->addWidget(m_meter);
    inner->addWidget(both, 1);
    m_empty = new EmptyState(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    for (QTreeView *view : {m_documents, m_calls})
        connect(view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
            if (index.isValid())
                m_text->open(m_presenter.job(), index.siblingAtColumn(0).data(DataRole).toString());
        });
    connect(m_documents->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &PlanPane::showTicketActs);
    connect(&presenter, &JobPresenter::changed, this, &PlanPane::show);
    show();
}

void PlanPane::show()
{
    const JobDetails *all = m_presenter.details();
    const bool planned = all && PlanTables::isPlanned(*all);
    m_stack->setCurrentIndex(planned ? 1 : 0);
    if (!planned) {
        m_empty->say(QStringLiteral("view-list-details"),
                     tr("This job's pipeline has no plan: the task itself is what is worked on."));
        return;
    }
    showTicketActs();
    const QString question = PlanTables::questionText(*all);
    m_question->setText(question);
    m_question->setVisible(!question.isEmpty());
    const QString spending = PlanTables::spendingText(*all, m_console.budget);
    m_spending->setText(spending);
    m_spending->setVisible(!spending.isEmpty());
    m_calls->setVisible(!all->calls.empty());
    m_criteria->setVisible(!all->plan.criteria.empty());
    // The tighter of the two limits, in thousandths.
    const AuthorSpending spent = spendingOf(all->calls);
    double used = -1;
    if (m_console.budget.tokens && *m_console.budget.tokens > 0)
        used = double(spent.tokens) / double(*m_console.budget.tokens);
    if (m_console.budget.cost && *m_console.budget.cost > 0 && spent.priced)
        used = std::max(used, double(spent.cost) / double(*m_console.budget.cost));
    m_meter->setVisible(used >= 0 && !all->calls.empty());
    m_meter->setRange(0, 1000);
    m_meter->setValue(int(std::clamp(used, 0.0, 1.0) * 1000));

    if (m_job == all->job.id() && !m_text->path().isEmpty())
        return;
    m_job = all->job.id();
    m_text->open(m_job, {});
    // The spec, where there is one: it says what the rest is about.
    const auto &rows = m_presenter.plan().documents().rows();
    for (const char *name : {"SPEC", "PREFLIGHT_REPORT"}) {
        const int row = m_presenter.plan().documents().rowOf(QLatin1String(name));
        if (row >= 0 && !rows[size_t(row)].data.toString().isEmpty()) {
            m_documents->setCurrentIndex(m_presenter.plan().documents().index(row, 0));
            m_text->open(m_job, rows[size_t(row)].data.toString());
            return;
        }
    }
}

const TicketView *PlanPane::chosenTicket() const
{
    const JobDetails *all = m_presenter.details();
    const QString key = m_documents->currentIndex().siblingAtColumn(0).data(KeyRole).toString();
    if (!all)
        return nullptr;
    const auto ticket = std::ranges::find(all->plan.tickets, key, &TicketView::document);
    return ticket == all->plan.tickets.end() ? nullptr : &*ticket;
}

void PlanPane::showTicketActs()
{
    const JobDetails *all = m_presenter.details();
    const TicketView *ticket = chosenTicket();
    const bool open = ticket && ticket->state != TicketView::State::Done && !isFinal(all->job.progress.state)
                      && all->job.identity.author != AuthorKind::Person;
    m_ticketActs->setVisible(ticket);
    m_take->setVisible(!ticket || !ticket->taken);
    m_giveBack->setVisible(ticket && ticket->taken);
    m_take->setEnabled(open);
    m_giveBack->setEnabled(open);
    if (!ticket)
        return;
    const bool current = ticket->state == TicketView::State::Current;
    m_takeNote->setText(ticket->state == TicketView::State::Done         ? tr("It is done.")
                        : isFinal(all->job.progress.state)               ? tr("The job is over.")
                        : all->job.identity.author == AuthorKind::Person ? tr("You are the job's author.")
                        : ticket->taken && current ? tr("Change files in the workspace, then Retry.")
                        : ticket->taken            ? tr("Yours, once it is its turn.")
                        : current                  ? tr("The author is stopped, and what it began is undone.")
                                  : tr("You are asked for it in place of the author, once it is its turn."));
}

} // namespace openfactory::ui

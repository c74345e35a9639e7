// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/cipane.h"

#include "ui/models/words.h"
#include "ui/widgets/checkacts.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QHeaderView>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace openfactory::ui {

CiPane::CiPane(JobPresenter &presenter, QWidget *parent) : QWidget(parent), m_presenter(presenter)
{
    setObjectName(QStringLiteral("ciPane"));
    m_pull = plainLabel("ciPull", {}, this);
    m_pull->setWordWrap(true);
    m_pull->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *tables = new QSplitter(Qt::Vertical, this);
    tables->setObjectName(QStringLiteral("ciSplitter"));
    tables->setChildrenCollapsible(false);
    auto *checks = makeTable("checksTable", tr("Checks of the pushed commit"), presenter.checks(), tables);
    const int checkWidths[]{110, 120, 110, 140, 70};
    for (int column = 0; column < 5; ++column)
        checks->setColumnWidth(column, checkWidths[column]);
    auto *evidence = makeTable("ciEvidenceTable", tr("What failed on the forge, by attempt"), presenter.ciEvidence(),
                               tables);
    const int evidenceWidths[]{130, 150, 110};
    for (int column = 0; column < 3; ++column)
        evidence->setColumnWidth(column, evidenceWidths[column]);
    auto *upper = new QWidget(tables);
    auto *upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    m_acts = new CheckActs(upper);
    upperLayout->addWidget(checks, 1);
    upperLayout->addWidget(m_acts);
    m_checks = checks;
    tables->addWidget(upper);
    tables->addWidget(evidence);
    tables->setSizes({200, 320});
    keepSplit(*tables);
    auto *content = new QWidget(this);
    auto *inner = new QVBoxLayout(content);
    inner->addWidget(m_pull);
    inner->addWidget(tables, 1);
    m_empty = new EmptyState(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    connect(&presenter, &JobPresenter::changed, this, &CiPane::show);
    connect(checks->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CiPane::showActs);
    connect(m_acts, &CheckActs::wished, &presenter, &JobPresenter::wishCheck);
    show();
}

void CiPane::show()
{
    const JobDetails *all = m_presenter.details();
    m_stack->setCurrentIndex(all && all->pull ? 1 : 0);
    if (all && all->pull) {
        m_pull->setText(m_presenter.pullText());
        if (!m_checks->currentIndex().isValid()) // the newest run: it is the one that decides
            m_checks->setCurrentIndex(m_checks->model()->index(m_checks->model()->rowCount() - 1, 0));
        showActs();
        return;
    }
    const bool comes = all && all->pipeline.indexOf(StageKind::PullRequest);
    m_empty->say(QStringLiteral("vcs-branch"),
                 comes ? tr("No pull request yet: it is opened once the gates before it have passed.")
                       : tr("This job's pipeline has no pull request: it is judged by its own gates, here."));
}

void CiPane::showActs()
{
    const JobDetails *all = m_presenter.details();
    std::optional<Check> chosen;
    if (all && all->pull) {
        const QString key = m_checks->currentIndex().siblingAtColumn(0).data(KeyRole).toString();
        const auto found = std::ranges::find(all->pull->checks, key, &Check::id);
        if (found != all->pull->checks.end())
            chosen = *found;
    }
    m_acts->setPull(all && all->pull ? all->pull->pull.url : QString());
    m_acts->setCheck(chosen, all ? all->job.progress.state : JobState::Done);
}

} // namespace openfactory::ui

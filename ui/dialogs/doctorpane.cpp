// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/doctorpane.h"

#include "ui/models/aside.h"
#include "ui/models/words.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QHBoxLayout>

namespace openfactory::ui {

DoctorPane::DoctorPane(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_model({tr("Check"), tr("State"), tr("What was found"), tr("What to do")}),
      m_verdict(plainLabel("doctorVerdict", {}, this)),
      m_again(plainButton("doctorAgain", tr("&Look again"), this))
{
    setObjectName(QStringLiteral("doctorPage"));
    setAccessibleName(tr("Doctor"));
    auto *table = makeTable("doctorTable", tr("What this host has"), m_model, this);
    table->setColumnWidth(0, 170);
    table->setColumnWidth(1, 90);
    table->setColumnWidth(2, 420);
    setFocusProxy(table);
    auto *head = new QHBoxLayout;
    head->addWidget(headingLabel("pageTitle", tr("Doctor"), this), 1);
    head->addWidget(m_again);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_verdict);
    layout->addWidget(table, 1);
    connect(m_again, &QPushButton::clicked, this, &DoctorPane::examine);
}

void DoctorPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_model.isFilled())
        examine();
}

void DoctorPane::examine()
{
    if (m_examining)
        return;
    m_examining = true;
    m_again->setEnabled(false);
    m_verdict->setText(tr("Looking at this host…"));
    aside(this, "doctor", m_console.examineHost, [this](const Result<std::vector<HostLine>> &lines) {
        m_examining = false;
        m_again->setEnabled(true);
        if (lines)
            take(*lines);
        else
            m_verdict->setText(errorText(lines.error()));
    });
}

void DoctorPane::take(const std::vector<HostLine> &lines)
{
    std::vector<TableRow> rows;
    int missing = 0;
    for (const HostLine &line : lines) {
        const bool bad = line.mark == Mark::Failed;
        missing += bad ? 1 : 0;
        rows.push_back({QString::number(rows.size()) + line.name,
                        {line.name.trimmed(), line.state, line.said, line.mark == Mark::Passed ? QString() : line.fix},
                        line.mark,
                        {},
                        {}});
    }
    m_model.setRows(std::move(rows));
    m_verdict->setText(missing == 0 ? tr("Everything that jobs need is here.")
                                    : tr("%n thing(s) that jobs need are missing.", nullptr, missing));
}

} // namespace openfactory::ui

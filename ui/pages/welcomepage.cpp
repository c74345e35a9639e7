// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/welcomepage.h"

#include "ui/widgets/named.h"

#include <QCommandLinkButton>
#include <QVBoxLayout>

namespace openfactory::ui {

WelcomePage::WelcomePage(QWidget *parent) : QWidget(parent), m_busy(plainLabel("welcomeBusy", {}, this))
{
    setObjectName(QStringLiteral("welcomePage"));
    setAccessibleName(tr("Welcome"));
    auto *column = new QWidget(this);
    column->setMaximumWidth(620);
    auto *layout = new QVBoxLayout(column);
    layout->addStretch(1);
    layout->addWidget(headingLabel("welcomeTitle", tr("A software factory on your desk"), column));
    layout->addWidget(
        plainLabel("welcomeText",
                   tr("A job takes a change on a git repository through compile, tests, coverage, lint, "
                      "review, boundary and a merge check, in a sandbox. What fails is taken back and kept; "
                      "you decide on measured facts. Nothing leaves this machine."),
                   column));
    const auto add = [&](const char *name, const QString &title, const QString &text, auto signal) {
        auto *button = named(new QCommandLinkButton(title, text, column), name, QString(title).remove(u'&'));
        button->setAutoDefault(false);
        connect(button, &QCommandLinkButton::clicked, this, signal);
        layout->addWidget(button);
        m_choices << button;
    };
    add("welcomeDemo", tr("&Run the demo"),
        tr("Makes a small repository in the data directory and mends a wrong discount in it: one change is taken back, one "
           "risk is left for you. About a minute, no network, no account."),
        &WelcomePage::demoWanted);
    add("welcomeWholeDemo", tr("Run the &whole way"),
        tr("From a sentence to a release: a question for you, a spec, two tickets, a pull request on a forge in the data "
           "directory, a CI that says no once, your approval. About a minute, no network, no account."),
        &WelcomePage::wholeDemoWanted);
    add("welcomeNewJob", tr("&Open a repository…"), tr("Make a job on a git repository of yours."),
        &WelcomePage::newJobWanted);
    add("welcomeDoctor", tr("&Look at this host"),
        tr("Sandbox, tools, disk and store, each with what to do where it is missing."), &WelcomePage::doctorWanted);
    layout->addWidget(m_busy);
    layout->addStretch(2);
    auto *outer = new QHBoxLayout(this);
    outer->addStretch(1);
    outer->addWidget(column, 4);
    outer->addStretch(1);
    setFocusProxy(m_choices.first());
}

void WelcomePage::setBusy(bool busy)
{
    m_busy->setText(busy ? tr("Making the demo's repository…") : QString());
    for (QWidget *choice : std::as_const(m_choices))
        choice->setEnabled(!busy);
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/checkacts.h"

#include "core/base/text.h"
#include "ui/widgets/named.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QPushButton>

namespace openfactory::ui {

CheckActs::CheckActs(QWidget *parent)
    : QWidget(parent),
      m_open(plainButton("checkOpenPull", tr("&Open the pull request"), this)),
      m_again(plainButton("checkRerun", tr("Run &again"), this)),
      m_cancel(plainButton("checkCancel", tr("Cancel the chec&k"), this)),
      m_why(elidedLabel("checkWhy", {}, this))
{
    setObjectName(QStringLiteral("checkActs"));
    setAccessibleName(tr("Acts on the check"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_open);
    layout->addWidget(m_again);
    layout->addWidget(m_cancel);
    layout->addWidget(m_why, 1);
    for (const auto &[button, kind] :
         {std::pair(m_again, CheckWish::Kind::Rerun), std::pair(m_cancel, CheckWish::Kind::Cancel)}) {
        connect(button, &QPushButton::clicked, this, [this, kind] {
            if (m_check)
                Q_EMIT wished(kind, m_check->id);
        });
    }
    connect(m_open, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(m_pull); });
    setCheck({}, JobState::Done);
    setPull({});
}

void CheckActs::setPull(const QString &url)
{
    // What a forge says is not trusted to be an address: no file and no program of this machine is opened by it.
    m_pull = QUrl(url, QUrl::StrictMode);
    const bool web = m_pull.isValid() && !m_pull.host().isEmpty()
                     && (m_pull.scheme() == u"https" || m_pull.scheme() == u"http");
    m_open->setVisible(web);
    m_open->setToolTip(web ? displayable(url).toHtmlEscaped() : QString());
    m_open->setAccessibleDescription(web ? displayable(url) : QString());
}

void CheckActs::setCheck(const std::optional<Check> &check, JobState state)
{
    m_check = check;
    const auto again = check ? checkWishable(CheckWish::Kind::Rerun, *check, state) : Result<void>();
    const auto cancel = check ? checkWishable(CheckWish::Kind::Cancel, *check, state) : Result<void>();
    m_again->setEnabled(check && again);
    m_cancel->setEnabled(check && cancel);
    QString why;
    if (!check)
        why = tr("No check is chosen.");
    else if (again)
        why = tr("The job then waits for %1 again.").arg(displayable(check->name.left(100)));
    else if (cancel)
        why = tr("Cancelled, the job ends as “CI failed” until it is run again.");
    else if (isFinal(state))
        why = tr("The job is over.");
    else
        why = tr("Possible while the job waits for its checks.");
    m_why->setText(why);
}

} // namespace openfactory::ui

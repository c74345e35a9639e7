// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/notifier.h"

#include "ui/pages/mainwindow.h"

#include <KNotification>
#include <KStatusNotifierItem>
#include <QMenu>
#include <QSystemTrayIcon>

namespace openfactory {

namespace {
constexpr qint64 kQuietMs = 10'000;
} // namespace

Notifier::Notifier(ui::MainWindow &window, QObject *parent) : QObject(parent)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return;
    m_tray = new KStatusNotifierItem(QStringLiteral("openfactory"), this);
    m_tray->setTitle(tr("OpenFactory"));
    m_tray->setIconByName(QStringLiteral("org.openfactory.console"));
    m_tray->setCategory(KStatusNotifierItem::ApplicationStatus);
    m_tray->setStandardActionsEnabled(false);
    // There is no window of the desktop's yet that could be raised by itself.
    connect(m_tray, &KStatusNotifierItem::activateRequested, this, [this] { Q_EMIT linkWanted({}); });
    auto *menu = new QMenu(&window);
    connect(menu->addAction(tr("&Show")), &QAction::triggered, this, [this] { Q_EMIT linkWanted({}); });
    for (const char *name : {"actionPauseEngine", "actionResumeEngine", "actionReview"}) {
        if (auto *action = window.findChild<QAction *>(QLatin1String(name)))
            menu->addAction(action);
    }
    if (auto *review = window.findChild<QAction *>(QStringLiteral("actionReview")))
        connect(review, &QAction::triggered, this, [this, &window] {
            if (!window.isActiveWindow())
                Q_EMIT linkWanted({}); // it was asked for in the tray
        });
    menu->addSeparator();
    connect(menu->addAction(tr("&Quit…")), &QAction::triggered, this, &Notifier::quitWanted);
    m_tray->setContextMenu(menu);
    setWaiting(0);
}

void Notifier::setWaiting(int count)
{
    if (!m_tray)
        return;
    m_tray->setStatus(count > 0 ? KStatusNotifierItem::NeedsAttention : KStatusNotifierItem::Active);
    m_tray->setToolTip(QStringLiteral("org.openfactory.console"), tr("OpenFactory"),
                       count > 0 ? tr("%n job(s) need you", nullptr, count) : tr("Nothing waits for you"));
}

void Notifier::tell(ui::Notice notice, const JobId &job, const QString &what)
{
    if (!ui::isWanted(notice))
        return;
    QElapsedTimer &told = m_told[{job, notice}];
    if (told.isValid() && told.elapsed() < kQuietMs)
        return;
    told.start();
    const ui::NoticeKind &kind = ui::kindOf(notice);
    auto *bubble = new KNotification(kind.event, KNotification::CloseOnTimeout);
    bubble->setTitle(kind.title);
    bubble->setText(what.toHtmlEscaped());
    const bool gate = notice == ui::Notice::GateOpened;
    const QString link = job.isNull() ? QString()
                                      : (gate ? QStringLiteral("gate/") : QStringLiteral("job/")) + job.text();
    const auto follow = [this, link] { Q_EMIT linkWanted(link.isEmpty() ? link : u"openfactory://" + link); };
    const QString act = gate ? tr("Review…") : tr("Show");
    connect(bubble->addAction(act), &KNotificationAction::activated, this, follow);
    connect(bubble->addDefaultAction(act), &KNotificationAction::activated, this, follow);
    bubble->sendEvent();
}

} // namespace openfactory

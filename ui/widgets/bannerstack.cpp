// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/bannerstack.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QVBoxLayout>

namespace openfactory::ui {

namespace {
constexpr const char *kCopied = "copied";
constexpr int kMostGates = 3;
constexpr int kLowWindow = 720; ///< less high, one line tells of all gates, whatever else there is to tell
constexpr int kOneLine = 110;   ///< characters; a longer text is wrapped, with its button below
const QString kCollapsed = QStringLiteral("gates");
} // namespace

BannerStack::BannerStack(QWidget *parent) : QWidget(parent), m_layout(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("bannerStack"));
    setAccessibleName(tr("Messages"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(2);
}

KMessageWidget *BannerStack::make(const Banner &banner)
{
    auto *widget = new KMessageWidget(this);
    widget->setObjectName(QStringLiteral("banner-") + banner.id);
    widget->setTextFormat(Qt::PlainText);
    if (!banner.act.isEmpty()) {
        auto *action = new QAction(banner.act, widget);
        connect(action, &QAction::triggered, this, [this, id = banner.id] {
            if (id == kCollapsed)
                Q_EMIT reviewAll();
            else
                Q_EMIT acted(id);
        });
        widget->addAction(action);
    }
    if (banner.type == KMessageWidget::Error || !banner.copyAct.isEmpty()) {
        auto *copy = new QAction(banner.copyAct.isEmpty() ? tr("Copy") : banner.copyAct, widget);
        connect(copy, &QAction::triggered, widget, [widget] {
            const QString copied = widget->property(kCopied).toString();
            QGuiApplication::clipboard()->setText(copied.isEmpty() ? widget->text() : copied);
        });
        widget->addAction(copy);
    }
    connect(widget, &KMessageWidget::hideAnimationFinished, this, [this, id = banner.id] {
        remove(id);
        Q_EMIT closed(id);
    });
    m_layout->addWidget(widget);
    return widget;
}

void BannerStack::show(const Banner &banner)
{
    KMessageWidget *&widget = m_banners[banner.id];
    if (!widget)
        widget = make(banner);
    widget->setMessageType(banner.type);
    widget->setCloseButtonVisible(banner.closable);
    widget->setProperty(kCopied, banner.copied);
    if (widget->text() != banner.text) {
        widget->setWordWrap(banner.text.size() > kOneLine);
        widget->setText(banner.text);
        widget->setAccessibleName(banner.text);
    }
}

void BannerStack::remove(const QString &id)
{
    if (KMessageWidget *widget = m_banners.take(id)) {
        widget->hide();
        widget->deleteLater();
    }
}

void BannerStack::setGates(const QList<Banner> &gates, int count)
{
    m_waiting = gates;
    m_count = count;
    showGates();
}

void BannerStack::showGates()
{
    QStringList wanted;
    if (m_count > (window()->height() < kLowWindow ? 1 : kMostGates)) {
        wanted << kCollapsed;
        show({kCollapsed, KMessageWidget::Warning, tr("%n job(s) need you", nullptr, m_count), tr("Show all…"), false});
    } else {
        for (const Banner &gate : std::as_const(m_waiting)) {
            wanted << gate.id;
            show(gate);
        }
    }
    for (const QString &id : std::as_const(m_gates)) {
        if (!wanted.contains(id))
            remove(id);
    }
    if (m_gates != wanted) { // what waits for a person stands above all else
        for (int i = 0; i < int(wanted.size()); ++i)
            m_layout->insertWidget(i, m_banners[wanted[i]]);
    }
    m_gates = wanted;
}

void BannerStack::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    window()->installEventFilter(this);
    showGates();
}

bool BannerStack::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == window() && event->type() == QEvent::Resize && m_count > 1)
        showGates();
    return QWidget::eventFilter(watched, event);
}

QStringList BannerStack::ids() const
{
    return m_banners.keys();
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/coachmarks.h"

#include "ui/widgets/named.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace openfactory::ui {

namespace {

constexpr int kWidth = 320;
constexpr int kGap = 8;

/// A line around a widget; the mouse goes through it.
class Ring : public QWidget {
public:
    explicit Ring(QWidget *window) : QWidget(window)
    {
        setObjectName(QStringLiteral("coachRing"));
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 3));
        painter.drawRect(rect().adjusted(1, 1, -2, -2));
    }
};

} // namespace

CoachMarks::CoachMarks(QWidget *window)
    : QFrame(window),
      m_text(plainLabel("coachText", {}, this)),
      m_count(plainLabel("coachCount", {}, this)),
      m_next(plainButton("coachNext", {}, this)),
      m_leave(plainButton("coachLeave", tr("Leave the hints"), this)),
      m_ring(new Ring(window))
{
    setObjectName(QStringLiteral("coachMarks"));
    setAccessibleName(tr("Hint"));
    setFrameShape(QFrame::Box);
    setLineWidth(2);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::ToolTipBase);
    for (QLabel *label : {m_text, m_count})
        label->setForegroundRole(QPalette::ToolTipText);
    setFixedWidth(kWidth);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_count, 1);
    buttons->addWidget(m_leave);
    buttons->addWidget(m_next);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_text);
    layout->addLayout(buttons);
    connect(m_next, &QPushButton::clicked, this, &CoachMarks::next);
    connect(m_leave, &QPushButton::clicked, this, &CoachMarks::stop);
    hide();
}

void CoachMarks::start(QList<Hint> hints)
{
    hints.removeIf([](const Hint &hint) { return !hint.at || !hint.at->isVisible(); });
    m_hints = std::move(hints);
    m_at = -1;
    next();
}

void CoachMarks::stop()
{
    if (m_at < 0)
        return;
    m_at = -1;
    watch(nullptr);
    hide();
    m_ring->hide();
    Q_EMIT ended();
}

QString CoachMarks::text() const
{
    return m_at >= 0 ? m_hints[m_at].text : QString();
}

void CoachMarks::next()
{
    if (m_at + 1 >= int(m_hints.size()))
        return stop();
    ++m_at;
    const bool last = m_at + 1 == int(m_hints.size());
    m_text->setText(m_hints[m_at].text);
    m_count->setText(tr("%1 of %2").arg(m_at + 1).arg(m_hints.size()));
    m_next->setText(last ? tr("Got it") : tr("Next hint"));
    m_next->setAccessibleName(m_next->text());
    m_leave->setVisible(!last);
    watch(m_hints[m_at].at);
    place();
    QAccessibleAnnouncementEvent event(this, m_text->text());
    QAccessible::updateAccessibility(&event);
}

void CoachMarks::place()
{
    if (m_at < 0)
        return;
    QWidget *at = m_hints[m_at].at;
    if (!at || !at->isVisible())
        return stop();
    QWidget *window = parentWidget();
    layout()->activate();
    resize(kWidth, layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(kWidth) : sizeHint().height());
    const QRect target(at->mapTo(window, QPoint()), at->size());
    // Below, else beside, else over its lower end: inside the window in any case.
    QPoint to(target.left() + kGap, target.bottom() + kGap);
    if (to.y() + height() > window->height())
        to = QPoint(target.right() + kGap, target.top() + kGap);
    if (to.x() + width() > window->width())
        to.setX(target.right() - width() - kGap);
    to.setX(std::clamp(to.x(), kGap, std::max(kGap, window->width() - width() - kGap)));
    to.setY(std::clamp(to.y(), kGap, std::max(kGap, window->height() - height() - kGap)));
    move(to);
    m_ring->setGeometry(target.adjusted(-3, -3, 3, 3));
    m_ring->show();
    m_ring->raise();
    show();
    raise();
}

/// What is spoken of moves with everything around it.
void CoachMarks::watch(QWidget *at)
{
    for (const QPointer<QWidget> &before : std::exchange(m_watched, {})) {
        if (before)
            before->removeEventFilter(this);
    }
    for (; at; at = at == parentWidget() ? nullptr : at->parentWidget()) {
        at->installEventFilter(this);
        m_watched << at;
    }
}

bool CoachMarks::eventFilter(QObject *watched, QEvent *event)
{
    const bool moved = event->type() == QEvent::Resize || event->type() == QEvent::Move;
    if (m_at >= 0 && (moved || event->type() == QEvent::Hide))
        QMetaObject::invokeMethod(this, &CoachMarks::place, Qt::QueuedConnection); // or ends, where it is gone
    return QFrame::eventFilter(watched, event);
}

void CoachMarks::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        return stop();
    QFrame::keyPressEvent(event);
}

} // namespace openfactory::ui

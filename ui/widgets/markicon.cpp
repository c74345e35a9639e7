// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/markicon.h"

#include "ui/models/rowsmodel.h"
#include "ui/widgets/viewcolours.h"

#include <KColorScheme>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace openfactory::ui {

namespace {

QPolygonF corners(int count, const QPointF &middle, double radius, double turn)
{
    QPolygonF polygon;
    for (int i = 0; i < count; ++i) {
        const double angle = turn + 2 * M_PI * i / count;
        polygon << middle + QPointF(std::cos(angle), std::sin(angle)) * radius;
    }
    return polygon;
}

/// Draws in a square of 16 by 16; `on` is the colour inside filled shapes.
void draw(QPainter &p, Mark mark, const QColor &color, const QColor &on)
{
    const QPointF middle(8, 8);
    const auto line = [&p](const QColor &c, double width) {
        p.setPen(QPen(c, width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        p.setBrush(Qt::NoBrush);
    };
    const auto fill = [&p](const QColor &c) {
        p.setPen(Qt::NoPen);
        p.setBrush(c);
    };
    const auto tick = [&](double dy) {
        line(on, 1.8);
        p.drawPolyline(QPolygonF({{4.8, 8.2 + dy}, {7, 10.4 + dy}, {11.2, 5.8 + dy}}));
    };
    switch (mark) {
    case Mark::NotStarted:
        line(color, 1);
        p.drawEllipse(middle, 3, 3);
        break;
    case Mark::Queued:
        line(color, 1.4);
        p.drawEllipse(middle, 6, 6);
        break;
    case Mark::Running:
        line(color, 2.2);
        p.drawArc(QRectF(2, 2, 12, 12), 90 * 16, -270 * 16);
        break;
    case Mark::Waiting: // a raised hand
        fill(color);
        p.drawPolygon(corners(6, middle, 7.6, M_PI / 6));
        line(on, 1.5);
        p.drawLine(QPointF(5.6, 9.5), QPointF(5.6, 6.2));
        p.drawLine(QPointF(7.3, 8.5), QPointF(7.3, 4.4));
        p.drawLine(QPointF(9, 8.5), QPointF(9, 4.8));
        p.drawLine(QPointF(10.7, 9.5), QPointF(10.7, 6.4));
        fill(on);
        p.drawRoundedRect(QRectF(4.9, 8.4, 6.5, 3.6), 1.6, 1.6);
        break;
    case Mark::Passed:
        fill(color);
        p.drawEllipse(middle, 7, 7);
        tick(0);
        break;
    case Mark::Risk:
        fill(color);
        p.drawPolygon(QPolygonF({{8, 0.8}, {15.4, 14.6}, {0.6, 14.6}}));
        line(on, 1.6);
        p.drawPolyline(QPolygonF({{5.4, 10.6}, {7.3, 12.4}, {10.7, 8.4}}));
        break;
    case Mark::Failed:
        fill(color);
        p.drawRoundedRect(QRectF(1, 1, 14, 14), 2, 2);
        line(on, 2.2);
        p.drawLine(QPointF(4.8, 4.8), QPointF(11.2, 11.2));
        p.drawLine(QPointF(11.2, 4.8), QPointF(4.8, 11.2));
        break;
    case Mark::Blocked:
        fill(color);
        p.drawPolygon(corners(8, middle, 7.6, M_PI / 8));
        line(on, 2.4);
        p.drawLine(QPointF(4.6, 8), QPointF(11.4, 8));
        break;
    case Mark::Reverted:
        line(color, 2);
        p.drawArc(QRectF(3.4, 4.4, 9.6, 9), -80 * 16, 250 * 16);
        p.drawPolyline(QPolygonF({{6.2, 1.8}, {3.2, 6.4}, {8.2, 7.4}}));
        break;
    case Mark::Skipped:
        line(color, 1.4);
        p.drawEllipse(middle, 6, 6);
        p.drawLine(QPointF(5, 8), QPointF(11, 8));
        break;
    case Mark::Cancelled:
        line(color, 1.6);
        p.drawEllipse(middle, 6, 6);
        p.drawLine(QPointF(4, 12), QPointF(12, 4));
        break;
    case Mark::Interrupted:
        line(color, 2);
        for (int i = 0; i < 4; ++i)
            p.drawArc(QRectF(2, 2, 12, 12), (90 * i + 15) * 16, 60 * 16);
        break;
    }
}

class MarkEngine : public QIconEngine {
public:
    explicit MarkEngine(Mark mark) : m_mark(mark) {}
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        if (mode == QIcon::Selected) { // it keeps the colours that can be seen on the view's own background
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(QGuiApplication::palette().color(QPalette::Base));
            painter->drawRoundedRect(rect, 3, 3);
            painter->restore();
        }
        paintMark(*painter, rect, m_mark, QGuiApplication::palette());
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }
    QIconEngine *clone() const override { return new MarkEngine(*this); }

private:
    Mark m_mark;
};

} // namespace

QColor markColor(Mark mark, const QPalette &palette)
{
    const KColorScheme scheme(QPalette::Active, KColorScheme::View);
    const QColor background = palette.color(QPalette::Base);
    const auto role = [&](KColorScheme::ForegroundRole wanted) {
        return readable(scheme.foreground(wanted).color(), background, 3.0);
    };
    switch (mark) {
    case Mark::Passed: return role(KColorScheme::PositiveText);
    case Mark::Failed:
    case Mark::Blocked: return readable(scheme.foreground(KColorScheme::NegativeText).color(), background, 4.5);
    case Mark::Waiting:
    case Mark::Risk:
    case Mark::Reverted:
    case Mark::Interrupted: return role(KColorScheme::NeutralText);
    case Mark::Running: return role(KColorScheme::ActiveText);
    default: return role(KColorScheme::InactiveText);
    }
}

QColor textColor(const QStyleOptionViewItem &option)
{
    const auto group = !(option.state & QStyle::State_Enabled)  ? QPalette::Disabled
                       : !(option.state & QStyle::State_Active) ? QPalette::Inactive
                                                                : QPalette::Active;
    return option.palette.color(group,
                                option.state & QStyle::State_Selected ? QPalette::HighlightedText : QPalette::Text);
}

void paintMark(QPainter &painter, const QRectF &rect, Mark mark, const QPalette &palette)
{
    const QColor color = markColor(mark, palette);
    const QColor on = contrast(color, Qt::white) >= contrast(color, Qt::black) ? QColor(Qt::white) : QColor(Qt::black);
    const double side = std::min(rect.width(), rect.height());
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.translate(rect.center() - QPointF(side / 2, side / 2));
    painter.scale(side / 16, side / 16);
    draw(painter, mark, color, on);
    painter.restore();
}

QIcon markIcon(Mark mark)
{
    return QIcon(new MarkEngine(mark));
}

QSize MarkDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize hint = QStyledItemDelegate::sizeHint(option, index);
    return {hint.width(), std::max(hint.height(), QFontMetrics(option.font).height() + 6)}; // with a mark or without
}

void MarkDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant mark = index.data(MarkRole);
    if (!mark.isValid())
        return;
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->icon = markIcon(Mark(mark.toInt()));
    option->decorationSize = QSize(16, 16);
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logoverview.h"

#include "ui/widgets/logview.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace openfactory {

LogOverview::LogOverview(LogView *view) : QWidget(view), m_view(view)
{
    setObjectName(QStringLiteral("logOverview"));
    setAccessibleName(tr("Overview of matches, errors and marks"));
    setToolTip(tr("Left: matches. Middle: errors. Right: marks. Click to go there."));
}

void LogOverview::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const ViewColours &colours = m_view->colours();
    painter.fillRect(rect(), colours[ViewRole::GutterGround]);
    const qint64 lines = m_view->document()->shape().lines;
    const int height = this->height();
    if (lines == 0 || height < 1)
        return;
    const auto lane = [&](const auto &hasIn, ViewRole role, int x) {
        for (int y = 0; y < height; ++y) {
            const qint64 from = lines * y / height, to = std::max(from + 1, lines * (y + 1) / height);
            if (hasIn(from, to))
                painter.fillRect(x, std::max(0, y - 1), 4, 3, colours[role]);
        }
    };
    const auto inSet = [](const LineSet &set) {
        return [&set](qint64 from, qint64 to) { return set.rank(to) > set.rank(from); };
    };
    const auto &document = *m_view->document();
    lane(inSet(document.hits()->lines), ViewRole::Warning, 1);
    lane(inSet(document.errors()->lines), ViewRole::Error, 5);
    const auto &marks = m_view->marks();
    const auto marked = [&](qint64 from, qint64 to) {
        const auto at = marks.lower_bound(from);
        return at != marks.end() && *at < to;
    };
    lane(marked, ViewRole::Mark, 9);
    // Where the screen is.
    const auto [first, count] = m_view->visibleRange();
    if (count > 0) {
        const auto &shape = document.shape();
        const qint64 top = shape.placeOf(m_view->rowAtSeen(first)).line;
        const qint64 bottom = shape.placeOf(m_view->rowAtSeen(first + count - 1)).line + 1;
        const int y = int(top * height / lines);
        painter.setPen(colours[ViewRole::Faint]);
        painter.drawRect(0, y, this->width() - 1, std::max(3, int(bottom * height / lines) - y - 1));
    }
}

void LogOverview::mousePressEvent(QMouseEvent *event)
{
    const qint64 lines = m_view->document()->shape().lines;
    if (lines > 0)
        m_view->goToLine(
            std::clamp<qint64>(lines * event->position().toPoint().y() / std::max(1, height()), 0, lines - 1));
}

void LogOverview::mouseMoveEvent(QMouseEvent *event)
{
    if (event->buttons() & Qt::LeftButton)
        mousePressEvent(event);
}

} // namespace openfactory

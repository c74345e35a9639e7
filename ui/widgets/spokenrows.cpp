// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/spokenrows.h"

#include <QAbstractScrollArea>

#include <algorithm>

namespace openfactory {

void tellCursor(QAbstractScrollArea *area)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleInterface *face = QAccessible::queryAccessibleInterface(area);
    if (QAccessibleTextInterface *text = face ? face->textInterface() : nullptr) {
        QAccessibleTextCursorEvent event(area, text->cursorPosition());
        QAccessible::updateAccessibility(&event);
    }
}

void AccessibleRows::install()
{
    static const bool once = [] {
        QAccessible::installFactory([](const QString &, QObject *object) -> QAccessibleInterface * {
            auto *area = qobject_cast<QAbstractScrollArea *>(object);
            auto *rows = dynamic_cast<SpokenRows *>(area);
            return rows ? new AccessibleRows(area, rows) : nullptr;
        });
        return true;
    }();
    Q_UNUSED(once)
}

AccessibleRows::AccessibleRows(QAbstractScrollArea *area, SpokenRows *rows)
    : QAccessibleWidget(area, QAccessible::Terminal),
      m_area(area),
      m_rows(rows)
{}

void *AccessibleRows::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::TextInterface)
        return static_cast<QAccessibleTextInterface *>(this);
    return QAccessibleWidget::interface_cast(type);
}

QAccessible::State AccessibleRows::state() const
{
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = state.multiLine = state.selectableText = true;
    return state;
}

QString AccessibleRows::text(QAccessible::Text kind) const
{
    if (kind == QAccessible::Value)
        return all();
    if (kind == QAccessible::Description && !m_rows->spokenState().isEmpty())
        return m_rows->spokenState();
    return QAccessibleWidget::text(kind);
}

QString AccessibleRows::all() const
{
    const QString said = m_rows->spokenState();
    return said.isEmpty() ? m_rows->spokenRows().join(QLatin1Char('\n')) : said;
}

SpokenRows::Spot AccessibleRows::spotOf(int offset) const
{
    const QStringList rows = m_rows->spokenRows();
    int at = 0;
    for (; at + 1 < rows.size() && offset > rows[at].size(); ++at)
        offset -= int(rows[at].size()) + 1;
    return {at, std::max(0, offset)};
}

int AccessibleRows::offsetOf(SpokenRows::Spot spot) const
{
    const QStringList rows = m_rows->spokenRows();
    int offset = 0;
    for (int i = 0; i < std::min<int>(spot.first, int(rows.size())); ++i)
        offset += int(rows[i].size()) + 1;
    const bool onScreen = spot.first >= 0 && spot.first < rows.size();
    return onScreen ? offset + int(std::min(spot.second, rows[spot.first].size())) : std::max(0, offset - 1);
}

int AccessibleRows::cursorPosition() const
{
    return offsetOf(m_rows->spokenCursor());
}

int AccessibleRows::selectionCount() const
{
    const auto [from, to] = m_rows->spokenSelection();
    return from == to ? 0 : 1;
}

void AccessibleRows::selection(int, int *start, int *end) const
{
    const auto [from, to] = m_rows->spokenSelection();
    *start = offsetOf(from);
    *end = offsetOf(to);
}

void AccessibleRows::setSelection(int, int start, int end)
{
    m_rows->moveSpokenCursor(spotOf(start), false);
    if (end != start)
        m_rows->moveSpokenCursor(spotOf(end), true);
}

void AccessibleRows::removeSelection(int)
{
    m_rows->moveSpokenCursor(m_rows->spokenCursor(), false);
}

QString AccessibleRows::text(int start, int end) const
{
    const QString text = all();
    start = std::clamp<int>(start, 0, int(text.size()));
    end = end < 0 ? int(text.size()) : std::clamp<int>(end, start, int(text.size()));
    return text.mid(start, end - start);
}

QRect AccessibleRows::characterRect(int offset) const
{
    const QRect rect = m_rows->rectOfSpoken(spotOf(offset));
    return {m_area->viewport()->mapToGlobal(rect.topLeft()), rect.size()};
}

int AccessibleRows::offsetAtPoint(const QPoint &point) const
{
    return offsetOf(m_rows->spokenAt(m_area->viewport()->mapFromGlobal(point)));
}

QString AccessibleRows::attributes(int, int *start, int *end) const
{
    *start = 0;
    *end = characterCount();
    return {};
}

} // namespace openfactory

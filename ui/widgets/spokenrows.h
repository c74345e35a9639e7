// SPDX-License-Identifier: Apache-2.0
/// What a screen reader finds in a painted view of rows: those on the screen as one text with a cursor, a selection and
/// the place of each character. A log or a diff is too long to be one text as a whole; what is looked at is what is
/// read. GUI thread.
#pragma once

#include <QAccessibleWidget>
#include <QRect>
#include <QStringList>

#include <utility>

class QAbstractScrollArea;

namespace openfactory {

/// What a view of rows gives to be read. Rows count from the first on the screen.
class SpokenRows {
public:
    using Spot = std::pair<int, qsizetype>; ///< row, character in it
    virtual ~SpokenRows() = default;
    virtual QString spokenState() const = 0; ///< instead of rows; empty where there are some
    virtual QStringList spokenRows() const = 0;
    virtual Spot spokenCursor() const = 0;
    virtual std::pair<Spot, Spot> spokenSelection() const = 0; ///< twice the cursor where there is none
    virtual void moveSpokenCursor(Spot spot, bool keepAnchor) = 0;
    virtual QRect rectOfSpoken(Spot spot) const = 0; ///< in the viewport
    virtual Spot spokenAt(QPoint point) const = 0;   ///< of the viewport
};

/// Tells a screen reader, where there is one, that the cursor of such a view has moved.
void tellCursor(QAbstractScrollArea *area);

class AccessibleRows : public QAccessibleWidget, public QAccessibleTextInterface {
public:
    AccessibleRows(QAbstractScrollArea *area, SpokenRows *rows);
    /// Makes these for every widget that is a SpokenRows from now on.
    static void install();

    void *interface_cast(QAccessible::InterfaceType type) override;
    QString text(QAccessible::Text kind) const override;
    QAccessible::State state() const override;

    void selection(int index, int *start, int *end) const override;
    int selectionCount() const override;
    void addSelection(int start, int end) override { setSelection(0, start, end); }
    void removeSelection(int index) override;
    void setSelection(int index, int start, int end) override;
    int cursorPosition() const override;
    void setCursorPosition(int position) override { setSelection(0, position, position); }
    QString text(int start, int end) const override;
    int characterCount() const override { return int(all().size()); }
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint &point) const override;
    void scrollToSubstring(int, int) override {} // what can be named is on the screen
    QString attributes(int offset, int *start, int *end) const override;

private:
    QString all() const;
    SpokenRows::Spot spotOf(int offset) const;
    int offsetOf(SpokenRows::Spot spot) const;

    QAbstractScrollArea *m_area;
    SpokenRows *m_rows;
};

} // namespace openfactory

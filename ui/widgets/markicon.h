// SPDX-License-Identifier: Apache-2.0
/// The shape of each Mark, drawn at any size in the colours of the desktop's scheme, moved as far as contrast asks for
/// (3:1 for shapes, 4.5:1 for text). GUI thread.
#pragma once

#include "ui/models/mark.h"

#include <QIcon>
#include <QPalette>
#include <QStyledItemDelegate>

namespace openfactory::ui {

/// What a mark is drawn in on the background of views.
QColor markColor(Mark mark, const QPalette &palette);
/// The colour of an item's text, chosen or not, in a view that has the focus or not.
QColor textColor(const QStyleOptionViewItem &option);
void paintMark(QPainter &painter, const QRectF &rect, Mark mark, const QPalette &palette);
QIcon markIcon(Mark mark);

/// Draws the mark of a cell (MarkRole) beside its text, and the text plain.
class MarkDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
};

} // namespace openfactory::ui

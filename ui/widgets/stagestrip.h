// SPDX-License-Identifier: Apache-2.0
/// The stages of a job in one line: small cells in a list (StripDelegate), and the strip above the job page, which is a
/// list view, so that keyboard and screen readers have every cell. GUI thread.
#pragma once

#include "ui/models/mark.h"
#include "ui/models/rowsmodel.h"

#include <QListView>
#include <QStyledItemDelegate>

Q_DECLARE_METATYPE(std::vector<openfactory::ui::StageCell>)

namespace openfactory::ui {

/// What a narrow strip draws: cells, and runs of passed stages collapsed to "+5" where they do not fit.
struct StripPart {
    int from = 0;
    int count = 1; ///< more than one: a collapsed run
};
std::vector<StripPart> stripParts(const std::vector<StageCell> &cells, int most);

class StripDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

class StageStrip : public QListView {
    Q_OBJECT
public:
    explicit StageStrip(QWidget *parent = nullptr);
    void setCells(const std::vector<StageCell> &cells, qint64 nowMs);
    void setCurrentStage(const QString &stage);
    /// Whether runs of passed stages, and of those to come, are shown as one cell where not all fit; a person who
    /// chooses such a cell sees all of them, until this is called again.
    void setCollapsed(bool collapsed);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {100, sizeHint().height()}; }

Q_SIGNALS:
    void stageChosen(const QString &stage);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    TableRow rowOf(const StageCell &cell) const;
    void choose(const QModelIndex &index);
    void showParts();

    RowsModel m_model;
    std::vector<StageCell> m_cells;
    std::vector<StripPart> m_parts; ///< what the rows are
    qint64 m_nowMs = 0;
    QString m_current;
    bool m_collapsed = true;
};

} // namespace openfactory::ui

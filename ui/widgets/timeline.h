// SPDX-License-Identifier: Apache-2.0
/// Stages, attempts and commands as bars on one time axis: a tree view on the AttemptTree, so that every bar is a row
/// for keyboard and screen readers. Ctrl+wheel, Ctrl++ and Ctrl+- zoom, Ctrl+0 fits. GUI thread.
#pragma once

#include "ui/models/attempttree.h"

#include <QTreeView>

namespace openfactory::ui {

class Timeline : public QTreeView {
    Q_OBJECT
public:
    explicit Timeline(AttemptTree &tree, QWidget *parent = nullptr);
    /// Width of the axis in screens; 1 shows all of it.
    double zoom() const { return m_zoom; }
    void setZoom(double zoom);

protected:
    void wheelEvent(QWheelEvent *event) override;
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitColumns();
    double m_zoom = 1;
};

} // namespace openfactory::ui

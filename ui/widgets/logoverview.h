// SPDX-License-Identifier: Apache-2.0
/// The narrow bar beside a log: where matches, errors and marks are in the whole of it, each kind in a lane and shape
/// of its own. A click goes there. Belongs to one LogView; GUI thread.
#pragma once

#include <QWidget>

namespace openfactory {

class LogView;

class LogOverview : public QWidget {
    Q_OBJECT
public:
    explicit LogOverview(LogView *view);
    static constexpr int barWidth = 14;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;

private:
    LogView *m_view;
};

} // namespace openfactory

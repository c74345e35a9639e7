// SPDX-License-Identifier: Apache-2.0
/// What jobs need on this host, looked at off the GUI thread: sandbox layers, tools, disk, store, audit chain, each red
/// line with what to do; a page of the window, and one of the settings. GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace openfactory::ui {

class DoctorPane : public QWidget {
    Q_OBJECT
public:
    explicit DoctorPane(Console &console, QWidget *parent = nullptr);
    void examine();

protected:
    void showEvent(QShowEvent *event) override; ///< looks, the first time

private:
    void take(const std::vector<HostLine> &lines);

    Console &m_console;
    RowsModel m_model;
    QLabel *m_verdict;
    QPushButton *m_again;
    bool m_examining = false;
};

} // namespace openfactory::ui

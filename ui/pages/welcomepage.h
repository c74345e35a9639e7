// SPDX-License-Identifier: Apache-2.0
/// The first start: see it work on a demo, or begin with an own repository. GUI thread.
#pragma once

#include <QWidget>

class QLabel;

namespace openfactory::ui {

class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget *parent = nullptr);
    void setBusy(bool busy);

Q_SIGNALS:
    void demoWanted();
    void wholeDemoWanted();
    void newJobWanted();
    void doctorWanted();

private:
    QLabel *m_busy;
    QList<QWidget *> m_choices;
};

} // namespace openfactory::ui

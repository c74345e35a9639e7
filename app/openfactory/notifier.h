// SPDX-License-Identifier: Apache-2.0
/// Tells the desktop what a person wants to be told: one bubble of a kind for a job in ten seconds, with what shows it,
/// never with a decision in it; and a tray icon where the desktop has a place for one. GUI thread.
#pragma once

#include "core/base/id.h"
#include "ui/models/notices.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>

class KStatusNotifierItem;

namespace openfactory::ui {
class MainWindow;
}

namespace openfactory {

class Notifier : public QObject {
    Q_OBJECT
public:
    explicit Notifier(ui::MainWindow &window, QObject *parent = nullptr);
    void tell(ui::Notice notice, const JobId &job, const QString &what);
    void setWaiting(int count);

Q_SIGNALS:
    /// openfactory://gate/<id>, openfactory://job/<id>, or nothing: the window.
    void linkWanted(const QString &link);
    void quitWanted();

private:
    QHash<std::pair<JobId, ui::Notice>, QElapsedTimer> m_told;
    KStatusNotifierItem *m_tray = nullptr;
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Tells the desktop that a job waits for a person: one bubble a job in ten seconds, with "Review…", never with a
/// decision in it; and a tray icon where the desktop has a place for one. GUI thread.
#pragma once

#include "core/base/id.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>

class KStatusNotifierItem;

namespace openfactory {

class Notifier : public QObject {
    Q_OBJECT
public:
    explicit Notifier(QWidget &window, QObject *parent = nullptr);
    void gateOpened(const JobId &job, const QString &what);
    void setWaiting(int count);

Q_SIGNALS:
    void reviewWanted(const JobId &job);
    void quitWanted();

private:
    QHash<JobId, QElapsedTimer> m_told;
    KStatusNotifierItem *m_tray = nullptr;
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// How processes on one data directory tell each other that something was written: a local socket for each engine, and
/// the data directory itself as a second signal. Both may be lost; polling is behind them.
#pragma once

#include <QObject>

#include <memory>

class QLocalServer;
class QSocketNotifier;
class QTimer;

namespace openfactory {

/// Tells every engine on the data directory to look at the store. Returns how many were reached; never blocks longer
/// than 200 ms in all. Any thread.
int wakeEngines(const QString &dataFolder);

/// Hears wakes. Lives on the engine's thread; several of them in 20 ms are one signal.
class WakeListener : public QObject {
    Q_OBJECT
public:
    explicit WakeListener(const QString &dataFolder, QObject *parent = nullptr);
    ~WakeListener() override;
    /// Which signals work here: "socket", "inotify".
    QStringList layers() const;

Q_SIGNALS:
    void woken();

private:
    void listen(const QString &dataFolder);
    void watch(const QString &dataFolder);

    QLocalServer *m_server = nullptr;
    QSocketNotifier *m_notifier = nullptr;
    QTimer *m_gather = nullptr;
    int m_inotify = -1;
};

} // namespace openfactory

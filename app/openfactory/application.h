// SPDX-License-Identifier: Apache-2.0
/// The console put together: the wired factory, its engine on its thread, the workers, the news and the window. Lives
/// on the GUI thread from start to end of the program; one for each data directory.
#pragma once

#include "app/wiring/factory.h"
#include "core/engine/enginethread.h"
#include "core/engine/wake.h"
#include "ui/models/console.h"
#include "ui/pages/mainwindow.h"

namespace openfactory {

class Application : public QObject {
    Q_OBJECT
public:
    /// Wires everything; the engine is not started yet.
    static Result<std::unique_ptr<Application>> create(const QString &dataFolder);
    ~Application() override;

    ui::MainWindow &window() { return *m_window; }
    ui::Console &console() { return m_console; }
    EngineThread &engine() { return *m_engine; }
    /// Opens the store off this thread, then starts the engine and the news. `withEngine` false: only looks on.
    void start(bool withEngine = true);
    /// Parks what runs; ended() follows.
    void stop();
    /// Parks each job once the stage that it is in has ended; ended() follows.
    void drain();

Q_SIGNALS:
    void started();
    void ended();

private:
    explicit Application(std::unique_ptr<Factory> factory);
    void startEngine(bool withEngine);

    std::unique_ptr<Factory> m_factory;
    std::unique_ptr<ui::Worker<ui::ReadSide>> m_reader;
    std::unique_ptr<ui::Worker<ui::OperatorSide>> m_desk;
    std::unique_ptr<ui::Worker<ui::OperatorSide>> m_planner;
    std::unique_ptr<ui::ChangeFeed> m_feed;
    std::unique_ptr<EngineThread> m_engine;
    std::unique_ptr<WakeListener> m_wakes;
    ui::Console m_console;
    std::unique_ptr<ui::MainWindow> m_window;
    bool m_stopping = false;
    bool m_storeLost = false;
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/application.h"

#include "app/openfactory/datafiles.h"
#include "app/openfactory/settings.h"
#include "app/wiring/process.h"
#include "app/wiring/smokerepository.h"
#include "core/engine/jobexport.h"
#include "core/store/datafolder.h"
#include "core/store/sqlitejobstore.h"
#include "ui/models/words.h"

namespace openfactory {

namespace {

// Of the data directory.
const QString kDemo = QStringLiteral("/demo");
const QString kWholeDemo = QStringLiteral("/demo-whole");

ui::HostLine lineOf(const HostCheck &check)
{
    const ui::Mark mark = check.state == HostCheck::State::Good      ? ui::Mark::Passed
                          : check.state == HostCheck::State::Unknown ? ui::Mark::NotStarted
                          : check.needed                             ? ui::Mark::Failed
                                                                     : ui::Mark::Risk;
    return {check.name, mark, toName(check.state), check.said, check.fix, check.needed};
}

} // namespace

Result<std::unique_ptr<Application>> Application::create(const QString &dataFolder)
{
    OF_TRY(factory, Factory::create(dataFolder));
    // Before any thread makes a folder or a socket in it: a folder of something else is left as it is.
    if (const auto usable = DataFolder::look(dataFolder); !usable && usable.error().kind == ErrorKind::Invalid)
        return std::unexpected(usable.error());
    return std::unique_ptr<Application>(new Application(std::move(factory)));
}

Application::Application(std::unique_ptr<Factory> factory) : m_factory(std::move(factory))
{
    const EnginePorts &ports = m_factory->ports();
    const QString folder = ports.settings.dataFolder;
    m_reader = std::make_unique<ui::Worker<ui::ReadSide>>(
        QStringLiteral("reader"),
        [folder,
         open = storeOpener(folder, *ports.clock, OpenMode::ReadOnly)]() -> Result<std::unique_ptr<ui::ReadSide>> {
            OF_TRY(store, open());
            return ui::ReadSide::open(folder, std::move(store));
        });
    m_desk = std::make_unique<ui::Worker<ui::OperatorSide>>(
        QStringLiteral("desk"), [&ports] { return ui::OperatorSide::open(ports, operatorName()); });
    m_planner = std::make_unique<ui::Worker<ui::OperatorSide>>(
        QStringLiteral("planner"), [&ports] { return ui::OperatorSide::open(ports, operatorName()); });
    m_feed = std::make_unique<ui::ChangeFeed>(*m_reader);
    m_engine = std::make_unique<EngineThread>(ports);
    m_console = {.reader = m_reader.get(),
                 .desk = m_desk.get(),
                 .planner = m_planner.get(),
                 .feed = m_feed.get(),
                 .clock = ports.clock,
                 .git = ports.git,
                 .masker = ports.masker,
                 .dataFolder = folder,
                 .examineHost =
                     [folder] {
                         std::vector<ui::HostLine> lines;
                         for (const HostCheck &check : examineHost(folder))
                             lines.push_back(lineOf(check));
                         return Result<std::vector<ui::HostLine>>(std::move(lines));
                     },
                 .workers = ports.settings.workers,
                 .budget = ports.settings.jobBudget,
                 .authors = ports.authors->offers(),
                 .makeDemo = [folder](ui::OperatorSide &side, bool whole) -> Result<Job> {
                     OF_TRY(repository, makeSmokeRepository(folder + (whole ? kWholeDemo : kDemo),
                                                            whole ? SmokeKind::Whole : SmokeKind::Factory));
                     return smokeJob(side.desk(), side.store(), repository);
                 },
                 .removeDemo = [folder](ui::OperatorSide &side) -> Result<void> {
                     for (const QString &demo : {kDemo, kWholeDemo})
                         OF_CHECK(removeSmokeRepository(side.desk(), side.store(), folder + demo));
                     return {};
                 },
                 .demoRepositories = {smokeRepositoryPath(folder + kDemo), smokeRepositoryPath(folder + kWholeDemo)},
                 .exportJob = [folder, &ports](const ui::ExportOrder &order) -> Result<void> {
                     OF_TRY(store, openStore(folder, *ports.clock, OpenMode::ReadOnly));
                     const JobExport made{.store = *store,
                                          .git = *ports.git,
                                          .masker = *ports.masker,
                                          .dataFolder = folder,
                                          .stop = order.stop,
                                          .progress = order.progress};
                     switch (order.form) {
                     case ui::ExportForm::Page: return made.page(order.job, order.file);
                     case ui::ExportForm::Sarif: return made.sarif(order.job, order.file);
                     case ui::ExportForm::Tasks: return made.tasks(order.job, order.file);
                     case ui::ExportForm::Archive: break;
                     }
                     return made.archive(order.job, order.file);
                 },
                 .settings = engineSettingsFile(folder, m_factory->settings()),
                 .models = modelsFile(folder, *ports.masker, *ports.clock),
                 .data = dataFiles(folder)};
    m_window = std::make_unique<ui::MainWindow>(m_console);
    connect(m_engine.get(), &EngineThread::runStarted, this, [this] { m_window->setRunning(m_engine->running()); });
    connect(m_engine.get(), &EngineThread::runEnded, this, [this] { m_window->setRunning(m_engine->running()); });
    connect(m_engine.get(), &EngineThread::runFailed, this,
            [this](const QString &, const QString &error) { m_window->setEngineProblem(error); });
    connect(m_engine.get(), &EngineThread::stopped, this, [this] {
        if (m_stopping)
            Q_EMIT ended();
        else if (m_storeLost)
            m_window->setEngineProblem(
                tr("The engine has stopped: nobody would know of what it does, as the store that it "
                   "writes to is gone."));
        else // it halts by itself where the disk refuses the store
            m_window->setEngineProblem(ui::errorText(storeHalted()));
    });
    connect(m_feed.get(), &ui::ChangeFeed::storeLost, this, [this] {
        m_storeLost = true;
        m_engine->stop();
    });
}

Application::~Application()
{
    m_window.reset(); // before what it shows
}

void Application::start(bool withEngine)
{
    // What is stored is listed at once, where it can be read as it is.
    m_reader->ask(
        this, [](ui::ReadSide &) { return Result<bool>(true); },
        [this](const Result<bool> &opened) {
            if (opened)
                m_feed->look();
        });
    // The first opening may migrate or check a large store: not on this thread.
    m_desk->ask(
        this, [](ui::OperatorSide &) { return Result<bool>(true); },
        [this, withEngine](const Result<bool> &opened) {
            if (!opened) {
                m_window->setEngineProblem(ui::errorText(opened.error()));
                m_feed->look(); // says what can be read, if anything
                return;
            }
            startEngine(withEngine);
        });
}

void Application::startEngine(bool withEngine)
{
    if (withEngine) {
        if (const auto started = m_engine->start(); !started)
            m_window->setEngineProblem(ui::errorText(started.error()));
    }
    m_wakes = std::make_unique<WakeListener>(m_console.dataFolder);
    connect(m_wakes.get(), &WakeListener::woken, m_feed.get(), &ui::ChangeFeed::look);
    m_feed->look();
    Q_EMIT started();
}

void Application::drain()
{
    m_stopping = true;
    m_engine->drain();
}

void Application::stop()
{
    m_stopping = true;
    m_engine->stop();
}

} // namespace openfactory

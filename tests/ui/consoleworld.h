// SPDX-License-Identifier: Apache-2.0
/// The console's workers and news on an EngineWorld: a real store and real jobs, run by the test itself on its thread.
#pragma once

#include "core/engine/jobexport.h"
#include "core/engine/wake.h"
#include "tests/engine/engineworld.h"
#include "tests/testlib/expect.h"
#include "ui/models/console.h"

namespace openfactory::ui {

class ConsoleWorld : public EngineWorld {
public:
    explicit ConsoleWorld(const Clock *clock = nullptr)
        : EngineWorld(clock),
          reader(QStringLiteral("reader"),
                 [open = storeOpener(ports.settings.dataFolder, *ports.clock, OpenMode::ReadOnly),
                  folder = ports.settings.dataFolder]() -> Result<std::unique_ptr<ReadSide>> {
                     OF_TRY(opened, open());
                     return ReadSide::open(folder, std::move(opened));
                 }),
          operators(QStringLiteral("desk"), [this] { return OperatorSide::open(ports, QStringLiteral("tester")); }),
          planner(QStringLiteral("planner"), [this] { return OperatorSide::open(ports, QStringLiteral("tester")); }),
          feed(reader),
          wakes(ports.settings.dataFolder)
    {
        QObject::connect(&wakes, &WakeListener::woken, &feed, &ChangeFeed::look);
        console.reader = &reader;
        console.desk = &operators;
        console.planner = &planner;
        console.feed = &feed;
        console.clock = ports.clock;
        console.git = ports.git;
        console.masker = ports.masker;
        console.dataFolder = ports.settings.dataFolder;
        console.examineHost = [] {
            return Result<std::vector<HostLine>>(std::vector<HostLine>{
                {QStringLiteral("sandbox"), Mark::Failed, QStringLiteral("missing"), QStringLiteral("no bubblewrap"),
                 QStringLiteral("apt install bubblewrap"), true}});
        };
        console.authors = ports.authors->offers();
        console.makeDemo = [this](OperatorSide &side, bool) {
            return side.desk().create(plain(QStringLiteral("demo")));
        };
        console.settings.read = [] { return Result<std::vector<EngineSetting>>(std::vector<EngineSetting>{}); };
        console.exportJob = [this](const ExportOrder &order) -> Result<void> {
            OF_TRY(own, openStore(ports.settings.dataFolder, *ports.clock, OpenMode::ReadOnly));
            const JobExport made{.store = *own,
                                 .git = *ports.git,
                                 .masker = *ports.masker,
                                 .dataFolder = ports.settings.dataFolder,
                                 .stop = order.stop,
                                 .progress = order.progress};
            switch (order.form) {
            case ExportForm::Page: return made.page(order.job, order.file);
            case ExportForm::Sarif: return made.sarif(order.job, order.file);
            case ExportForm::Tasks: return made.tasks(order.job, order.file);
            case ExportForm::Archive: break;
            }
            return made.archive(order.job, order.file);
        };
        feed.look();
    }

    /// A job that waits at its gate with the risk "coverage".
    Job atGate(const QString &slug = QStringLiteral("at-gate"))
    {
        const Job job = playbookJob(slug, {{{}, {{"b.txt", "new\\n"}, {"coverage", "70"}}}});
        const auto end = run(job);
        if (!end || now(job).progress.wait.kind != WaitKind::Approval)
            qFatal("the job is not at its gate: %s, %s", qPrintable(errorText(end)), qPrintable(ledger(job)));
        return now(job);
    }
    /// A job that its contract stopped for good.
    Job blocked(const QString &slug = QStringLiteral("blocked"))
    {
        const Job job = playbookJob(slug, {{{}, {{"a.txt", "other\\n"}}}},
                                    "contract:\n  language: script\n  forbidden_files: [a.txt]\n");
        const auto end = run(job);
        if (!end || now(job).progress.state != JobState::Failed)
            qFatal("the job was not stopped: %s, %s", qPrintable(errorText(end)), qPrintable(ledger(job)));
        return now(job);
    }

    Worker<ReadSide> reader;
    Worker<OperatorSide> operators;
    Worker<OperatorSide> planner;
    ChangeFeed feed;
    WakeListener wakes;
    Console console;
};

} // namespace openfactory::ui

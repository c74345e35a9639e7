// SPDX-License-Identifier: Apache-2.0
/// What every page is given: the workers, the news, and the few things that only the application can do. Put together
/// once by app/openfactory, which outlives every window. GUI thread.
#pragma once

#include "ui/models/changefeed.h"
#include "ui/models/datafiles.h"
#include "ui/models/enginesettings.h"
#include "ui/models/modelsfile.h"
#include "ui/models/operatorside.h"
#include "ui/models/rowsmodel.h"

#include <stop_token>

namespace openfactory::ui {

/// What `factory doctor` looks at, one line.
struct HostLine {
    QString name;
    Mark mark = Mark::NotStarted;
    QString state;
    QString said;
    QString fix;
    bool needed = false;
};

/// As what a job is written: all of it as a tar archive, what people read as one HTML page, its findings as SARIF 2.1.0
/// or as the task list of Qt Creator.
enum class ExportForm { Archive, Page, Sarif, Tasks };

/// A job that is to be written into a file for others.
struct ExportOrder {
    JobId job;
    ExportForm form = ExportForm::Archive;
    QString file;
    std::stop_token stop;                              ///< the answer is Cancelled, and nothing is left
    std::function<void(int done, int all)> progress{}; ///< called on the thread that exports
};

struct Console {
    Worker<ReadSide> *reader = nullptr;
    Worker<OperatorSide> *desk = nullptr;
    Worker<OperatorSide> *planner = nullptr; ///< a desk for dry runs, which may take long: no act waits behind one
    ChangeFeed *feed = nullptr;
    const Clock *clock = nullptr;
    Workspaces *git = nullptr;
    const Masker *masker = nullptr;
    QString dataFolder;
    std::function<Result<std::vector<HostLine>>()> examineHost; ///< slow; any thread
    int workers = 1;                                            ///< jobs at a time, as the settings said at the start
    JobBudget budget;                                           ///< of a job's models, likewise
    std::vector<AuthorOffer> authors; ///< whom a job can name, as the settings said at the start
    /// On the desk's thread; `whole`: from a sentence to a release, instead of the ten stages.
    std::function<Result<Job>(OperatorSide &, bool whole)> makeDemo;
    std::function<Result<void>(OperatorSide &)> removeDemo; ///< the same; its jobs are archived, its files deleted
    QStringList demoRepositories;                           ///< where the demos' repositories are, if they were made
    std::function<Result<void>(const ExportOrder &)> exportJob; ///< slow; any thread, with a connection of its own
    EngineSettingsFile settings;
    ModelsFile models;
    DataFiles data;
};

} // namespace openfactory::ui

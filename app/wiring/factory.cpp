// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/factory.h"

#include "app/wiring/forgesofjobs.h"
#include "app/wiring/judge.h"
#include "app/wiring/settings.h"
#include "core/authors/authorsbykind.h"
#include "core/base/file.h"
#include "core/base/logging.h"
#include "core/domain/document.h"
#include "core/engine/wake.h"
#include "core/git/gitworkspaces.h"
#include "core/policy/rulepackreview.h"
#include "core/process/sandboxedrunner.h"
#include "core/process/sandboxscope.h"
#include "core/security/secretsources.h"
#include "core/security/tokenscan.h"
#include "core/stages/handlers.h"
#include "core/store/ownerlock.h"
#include "core/store/sqlitejobstore.h"
#include "core/toolchain/yamltoolchains.h"

#include <QThread>

#include <mutex>

namespace openfactory {

namespace {

/// The built-in languages and rules, read when a stage first asks: half of what a short command takes would go into
/// them. Any thread.
template<class T>
class Later {
public:
    template<class Use>
    auto use(Use act) const -> decltype(act(std::declval<const T &>()))
    {
        std::call_once(m_once, [this] { m_loaded = T::load(); });
        return m_loaded ? act(**m_loaded) : std::unexpected(m_loaded.error());
    }

private:
    mutable std::once_flag m_once;
    mutable Result<std::unique_ptr<T>> m_loaded;
};

class LaterToolchains : public Toolchains {
public:
    Result<std::vector<ToolchainInfo>> detect(const QString &folder) const override
    {
        return m.use([&](const YamlToolchains &built) { return built.detect(folder); });
    }
    Result<ToolchainInfo> byName(const QString &language) const override
    {
        return m.use([&](const YamlToolchains &built) { return built.byName(language); });
    }
    Result<StagePlan> plan(const ToolchainInfo &toolchain, StageKind stage, const QString &folder,
                           const QString &reports, const std::vector<RepoPath> &changedFiles) const override
    {
        return m.use(
            [&](const YamlToolchains &built) { return built.plan(toolchain, stage, folder, reports, changedFiles); });
    }
    Result<Report> read(const QString &kind, const QByteArray &bytes, const QString &folder) const override
    {
        return m.use([&](const YamlToolchains &built) { return built.read(kind, bytes, folder); });
    }

    Result<SourceLayout> layout(const ToolchainInfo &toolchain, const QString &folder) const override
    {
        return m.use([&](const YamlToolchains &built) { return built.layout(toolchain, folder); });
    }
    bool isTest(const ToolchainInfo &toolchain, const RepoPath &path) const override
    {
        return m.use([&](const YamlToolchains &built) -> Result<bool> { return built.isTest(toolchain, path); })
            .value_or(false);
    }
    std::vector<SourceFunction> functions(const RepoPath &path, const QByteArray &source) const override
    {
        using Functions = std::vector<SourceFunction>;
        return m.use([&](const YamlToolchains &built) -> Result<Functions> { return built.functions(path, source); })
            .value_or(Functions());
    }
    std::optional<RepoPath> importUnit(const RepoPath &path) const override
    {
        using Unit = std::optional<RepoPath>;
        return m.use([&](const YamlToolchains &built) -> Result<Unit> { return built.importUnit(path); })
            .value_or(std::nullopt);
    }
    std::vector<SourceImport> imports(const RepoPath &path, const QByteArray &source,
                                      const SourceFiles &files) const override
    {
        using Imports = std::vector<SourceImport>;
        return m.use([&](const YamlToolchains &built) -> Result<Imports> { return built.imports(path, source, files); })
            .value_or(Imports());
    }

private:
    Later<YamlToolchains> m;
};

class LaterRules : public ReviewRules {
public:
    Result<std::vector<Finding>> review(const ChangeSet &change) const override
    {
        return m.use([&](const RulePackReview &built) { return built.review(change); });
    }

private:
    Later<RulePackReview> m;
};

/// The schemas of documents, by which they are judged.
std::map<StageKind, QByteArray> documentSchemas()
{
    std::map<StageKind, QByteArray> schemas;
    for (const auto &[kind, name] :
         {std::pair(StageKind::Spec, "spec"), std::pair(StageKind::Architecture, "architecture"),
          std::pair(StageKind::Tickets, "tickets")}) {
        schemas[kind] = schemaText(QLatin1String(name));
    }
    return schemas;
}

/// The job waits for the checks that are done: its next look is due at once.
void lookAtChecks(const StoreOpener &openStore, const Clock &clock, const QString &dataFolder, const QString &id)
{
    const auto look = [&]() -> Result<void> {
        OF_TRY(store, openStore());
        OF_TRY(jobId, JobId::parse(id));
        OF_TRY(job, store->job(jobId));
        if (job.progress.state != JobState::Waiting || job.progress.wait.kind != WaitKind::Checks)
            return {};
        Step step;
        step.job = jobId;
        step.ifRevision = job.revision;
        step.onlyIfUnowned = true;
        step.progress = job.progress;
        step.progress->wait.wakeAtBootMs = clock.bootMs();
        step.progress->wait.bootId = clock.bootId();
        return store->commit(step).transform([](auto) {});
    };
    if (const auto looked = look(); !looked && looked.error().kind != ErrorKind::Conflict)
        qCWarning(lcEngine).noquote() << "checks are done, and the job cannot be told:" << toText(looked.error());
    wakeEngines(dataFolder);
}

} // namespace

/// The concrete adapters, in the order in which they need each other.
struct Factory::Parts {
    FactorySettings settings;
    SystemClock clock;
    SecretMasker masker;
    std::unique_ptr<TokenScan> secretScan;
    std::unique_ptr<GitWorkspaces> git;
    std::unique_ptr<SandboxedRunner> runner;
    LaterToolchains toolchains;
    LaterRules reviewRules;
    AuthorsByKind authors;
    BuiltInStages handlers;
    std::unique_ptr<LocalCi> ci; ///< its thread uses what stands above
    std::unique_ptr<ForgesOfJobs> forges;
};

Factory::Factory() : m_parts(std::make_unique<Parts>())
{}

Factory::~Factory() = default;

Result<ModelClient> Factory::model(const QString &name) const
{
    return m_parts->authors.client(name);
}

const FactorySettings &Factory::settings() const
{
    return m_parts->settings;
}

Result<void> Factory::checkHost() const
{
    return m_parts->runner->setUp();
}

Result<std::unique_ptr<Factory>> Factory::create(const QString &dataFolder)
{
    OF_TRY(settings, readSettings(dataFolder));
    auto factory = std::unique_ptr<Factory>(new Factory);
    Parts &parts = *factory->m_parts;
    parts.settings = settings;

    SecretSources::Places places;
    places.own = dataFolder + QStringLiteral("/secrets");
    const FoundSecrets found = SecretSources(places).read();
    for (const Error &refused : found.refused)
        qCWarning(lcEngine).noquote() << toText(refused);
    for (const Error &useless : parts.masker.addUsable(found.secrets))
        qCWarning(lcEngine).noquote() << toText(useless);
    OF_CHECK(parts.masker.maskOnly(found.exposed));
    parts.secretScan = std::make_unique<TokenScan>(parts.masker);
    parts.git = std::make_unique<GitWorkspaces>(
        GitIdentity{settings.authorName, settings.authorEmail, settings.coAuthor});
    RunnerOptions runner;
    runner.mode = settings.sandboxOff ? SandboxMode::Off : SandboxMode::Bubblewrap;
    runner.masker = &parts.masker;
    parts.runner = std::make_unique<SandboxedRunner>(runner);

    EnginePorts &ports = factory->m_ports;
    ports.settings = settings.engine;
    ports.settings.judge = QString::fromLatin1(judgeBuild);
    const int gates = settings.engine.gatesAtOnce > 0 ? settings.engine.gatesAtOnce : QThread::idealThreadCount();
    if (gates > 1)
        ports.places = std::make_shared<Places>(gates);
    if (!settings.sandboxOff) {
        ports.settings.homeInside = homeInside();
        ports.settings.workspaceInside = workspaceInside();
    }
    ports.openStore = storeOpener(dataFolder, parts.clock);
    ports.showAlive = [dataFolder](const QString &owner) -> Result<std::shared_ptr<void>> {
        OF_TRY(lock, OwnerLock::acquire(dataFolder, owner));
        return std::make_shared<OwnerLock>(std::move(lock));
    };
    ports.holdEffects = [dataFolder](const JobId &job) -> Result<std::shared_ptr<void>> {
        OF_TRY(lock, EffectLock::acquire(dataFolder, job.text(), std::chrono::seconds(2)));
        return std::make_shared<EffectLock>(std::move(lock));
    };
    ports.clock = &parts.clock;
    ports.git = parts.git.get();
    ports.runner = parts.runner.get();
    ports.toolchains = &parts.toolchains;
    ports.reviewRules = &parts.reviewRules;
    ports.secretScan = parts.secretScan.get();
    ports.masker = &parts.masker;
    parts.authors.setModels(settings.models, {&parts.toolchains, parts.git.get(), &parts.masker, parts.secretScan.get(),
                                              &parts.clock, documentSchemas()});
    parts.authors.setAgents(settings.agents);
    ports.authors = &parts.authors;
    ports.handlers = &parts.handlers;
    const LocalCiPorts ci{dataFolder + QStringLiteral("/forge"),
                          ports.openStore,
                          ports.clock,
                          ports.git,
                          ports.runner,
                          ports.toolchains,
                          ports.settings.homeInside,
                          ports.settings.workspaceInside,
                          [openStore = ports.openStore, clock = ports.clock, dataFolder](const QString &job) {
                              lookAtChecks(openStore, *clock, dataFolder, job);
                          }};
    parts.ci = std::make_unique<LocalCi>(ci);
    parts.forges = std::make_unique<ForgesOfJobs>(ci, *parts.ci, settings.github, parts.masker);
    ports.forges = parts.forges.get();
    return factory;
}

} // namespace openfactory

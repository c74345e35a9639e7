// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobplan.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QRegularExpression>

#include <ranges>

namespace openfactory {

namespace {

QString newTraceId()
{
    QByteArray bytes(16, '\0');
    for (char &byte : bytes)
        byte = char(QRandomGenerator::system()->bounded(256));
    return QString::fromLatin1(bytes.toHex());
}

/// Where a contract lies in the repository; empty where it lies outside. A link could be led elsewhere by the job that
/// must not touch the contract, so the file itself has to be named.
Result<QString> placeInRepository(const QString &root, const QString &path)
{
    if (path.isEmpty())
        return QString();
    const auto below = [](const QString &folder, const QString &file) {
        return file.startsWith(folder + u'/') ? file.mid(folder.size() + 1) : QString();
    };
    const QString named = below(root, QDir::cleanPath(path));
    const QString real = below(QFileInfo(root).canonicalFilePath(), QFileInfo(path).canonicalFilePath());
    if (named.isEmpty() || named == real)
        return real;
    return fail(ErrorKind::Invalid, QStringLiteral("use the contract %1").arg(path),
                QStringLiteral("it is reached by a link inside the repository, which a job could lead elsewhere"),
                QStringLiteral("name the file itself: %1").arg(QFileInfo(path).canonicalFilePath()));
}

/// What is taken by names that every job needs, or cannot be written, told before a job is made.
Result<void> checkRoom(const EnginePorts &ports, const RepositoryFacts &facts, const Slug &slug, const QString &doing)
{
    for (const QString &folder : {facts.gitFolder, facts.root}) {
        if (!QFileInfo(folder).isWritable())
            return fail(
                ErrorKind::Denied, doing, QStringLiteral("nothing can be written to %1").arg(displayable(folder)),
                QStringLiteral("a job needs a branch and a workspace there; use a clone that you can write to"));
    }
    for (const char *name : {"heads/factory", "openfactory"}) {
        const QString ref = QStringLiteral("refs/") + QLatin1StringView(name);
        if (ports.git->resolve(facts.root, ref))
            return fail(
                ErrorKind::Conflict, doing, QStringLiteral("%1 is there, so nothing can be named %1/...").arg(ref),
                QStringLiteral("rename it: git branch -m factory factory-old, or git update-ref -d %1").arg(ref));
    }
    for (const char *name : {".factory", ".factory-workspaces"}) {
        const QFileInfo place(facts.root + u'/' + QLatin1StringView(name));
        if ((place.exists() && !place.isDir()) || place.isSymLink())
            return fail(ErrorKind::Denied, doing,
                        QStringLiteral("%1 is not a folder but a link or a file").arg(displayable(place.filePath())),
                        QStringLiteral("OpenFactory needs this name; move what is there"));
    }
    const QFileInfo link(facts.root + QStringLiteral("/.factory/") + slug.text());
    if (link.exists() && !link.isSymLink())
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("%1 is there, where the link to the job's workspace belongs")
                        .arg(displayable(link.filePath())),
                    QStringLiteral("move it away, or use another slug"));
    return {};
}

const QByteArray kDefaultContract = QByteArrayLiteral("contract: {}\n");

AuthorOffer offerOf(const EnginePorts &ports, AuthorKind kind, const QString &source)
{
    for (const AuthorOffer &offer : ports.authors->offers()) {
        if (offer.kind == kind && (offer.source == source || (source.isEmpty() && offer.standard)))
            return offer;
    }
    return {kind, source, {}, false, {}, {}, {}};
}

} // namespace

Result<void> takeContract(NewJob &wanted, const QString &root)
{
    const QString usual = root + QStringLiteral("/contract.yaml");
    const QFileInfo there(usual);
    if (wanted.contractFile.isEmpty() && (there.exists() || there.isSymLink())) // a link to nowhere is no missing file
        wanted.contractFile = usual;
    if (wanted.contractFile.isEmpty())
        return {};
    wanted.contractPath = QFileInfo(wanted.contractFile).absoluteFilePath();
    if (const QFileInfo link(wanted.contractPath); link.isSymLink()) {
        const QString doing = QStringLiteral("read the contract %1").arg(displayable(wanted.contractPath));
        if (!link.exists())
            return fail(
                ErrorKind::Invalid, doing,
                QStringLiteral("it is a symbolic link to %1, where nothing is").arg(displayable(link.symLinkTarget())),
                QStringLiteral("put a file in its place, or remove it; or name another with --contract"));
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("it is a symbolic link, which could lead elsewhere tomorrow"),
                    QStringLiteral("name the file that it leads to with --contract"));
    }
    auto text = readSmallFile(wanted.contractPath, 1024 * 1024);
    if (!text) {
        text.error().hint = QStringLiteral("name a contract that can be read with --contract, or leave it out: "
                                           "then the repository's contract.yaml holds, or the defaults do");
        return std::unexpected(text.error());
    }
    wanted.contract = text->isEmpty() ? QByteArrayLiteral("\n") : *text;
    return {};
}

Result<Job> draftJob(const EnginePorts &ports, JobStore &store, const NewJob &wanted)
{
    OF_TRY(slug, Slug::parse(wanted.slug));
    if (ports.masker->holdsSecret(slug.text().toUtf8())) // it names the branch, the folder and every line about the job
        return fail(ErrorKind::Invalid, QStringLiteral("make the job"),
                    QStringLiteral("its slug holds the value of a known secret"),
                    QStringLiteral("give another with -s"));
    OF_TRY(facts, ports.git->inspect(wanted.repository));
    const QString doing = QStringLiteral("make the job %1 on %2").arg(slug.text(), facts.root);
    if (facts.bare)
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the repository is bare, it has no working folder"),
                    QStringLiteral("clone it and use the clone"));
    if (facts.unborn)
        return fail(ErrorKind::Invalid, doing,
                    facts.headBranch.isEmpty()
                        ? QStringLiteral("the repository has no commit yet")
                        : QStringLiteral("HEAD is the branch %1, which has no commit yet").arg(facts.headBranch),
                    QStringLiteral("make a first commit, or switch to a branch that has one"));

    const QByteArray contractText = wanted.contract.isEmpty() ? kDefaultContract : wanted.contract;
    const QString contractName = wanted.contractFile.isEmpty() ? QStringLiteral("the default contract")
                                                               : wanted.contractFile;
    if (auto held = secretInContract(*ports.masker, contractText, contractName))
        return std::unexpected(std::move(*held));
    OF_TRY(contract, loadContract(contractText, contractName));
    const auto places = readContract(contractText, contractName).places;
    const auto ofContract = [&](Error error, const QString &key) {          // what follows from a value names its line
        const auto place = key.isEmpty() ? places.end() : places.find(key); // an empty one is the whole
        return std::unexpected(place == places.end() ? std::move(error)
                                                     : yaml::placed(std::move(error), contractName, place->second));
    };
    if (!wanted.pipeline.isEmpty() && contract.stages)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("the contract has a list of stages of its own, and the pipeline %1 was asked for")
                        .arg(displayable(wanted.pipeline.left(60))),
                    QStringLiteral("leave one of the two out"));
    OF_TRY(builtIn, builtInPipeline(wanted.pipeline.isEmpty() ? contract.pipeline : wanted.pipeline));
    auto stages = effectivePipeline(contract, builtIn);
    if (!stages)
        return ofContract(stages.error(), pipelineKey(contract, places, stages.error()));
    const Pipeline pipeline = *std::move(stages);

    const QString target = !wanted.target.isEmpty()     ? wanted.target
                           : !contract.target.isEmpty() ? contract.target
                                                        : facts.headBranch;
    if (target.isEmpty())
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("HEAD is detached, so there is no branch to integrate into"),
                    QStringLiteral("name one with --target, or check out a branch"));
    // An expression such as main~0 resolves as well, and is no branch that could be moved.
    static const QRegularExpression expression(QStringLiteral("[~^:?*\\[\\s\\\\]|@\\{|\\.\\.|^-"));
    if (target.contains(expression))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("\"%1\" is no name of a branch").arg(displayable(target)),
                    QStringLiteral("name an existing branch with --target"));
    if (const auto known = ports.git->resolve(facts.root, QStringLiteral("refs/heads/") + target);
        !known && known.error().kind != ErrorKind::NotFound)
        return std::unexpected(known.error());
    else if (!known)
        return ofContract(Error{ErrorKind::NotFound, doing,
                                QStringLiteral("there is no branch \"%1\"").arg(displayable(target)),
                                QStringLiteral("name an existing one with --target")},
                          wanted.target.isEmpty() ? QStringLiteral("target") : QString());
    const bool asksLanguage = std::ranges::any_of(pipeline.stages, [](const StageDefinition &stage) {
        return takesCommand(stage.kind) && stage.command.isEmpty();
    });
    if (const auto named = contract.language.isEmpty() ? ToolchainInfo() : ports.toolchains->byName(contract.language);
        !named)
        return ofContract(named.error(), QStringLiteral("language"));
    if (contract.language.isEmpty() && asksLanguage) // a pipeline of own commands needs no language
        OF_CHECK(ports.toolchains->detect(facts.root));

    OF_CHECK(checkRoom(ports, facts, slug, doing));
    OF_TRY(contractFile, placeInRepository(facts.root, wanted.contractPath));
    Job job;
    job.identity.contractFile = contractFile;
    job.identity.id = JobId::create();
    job.identity.slug = slug;
    // What a person typed may hold a secret, pasted with a log's line: it is stored like anything else (law 8).
    job.identity.task = ports.masker->masked(wanted.task);
    job.identity.title = !wanted.title.isEmpty() ? ports.masker->masked(wanted.title)
                         : wanted.task.isEmpty() ? slug.text()
                                                 : job.identity.task.section(u'\n', 0, 0).left(120);
    job.identity.repository = facts.root;
    job.identity.branch = QStringLiteral("factory/") + slug.text();
    job.identity.target = target;
    job.identity.pipelineYaml = toYaml(pipeline);
    job.identity.contractYaml = QString::fromUtf8(contractText);
    job.identity.author = wanted.author;
    job.identity.authorSource = wanted.authorSource;
    job.identity.traceId = newTraceId();
    job.identity.createdMs = ports.clock->wallMs();
    job.identity.reviewSpec = wanted.reviewSpec;
    if (wanted.reviewSpec && !pipeline.indexOf(StageKind::Spec))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("its pipeline writes no spec that could be looked at"),
                    QStringLiteral("name the stage spec in the contract's pipeline"));
    for (const QString &name : wanted.dependsOn) {
        OF_TRY(other, store.find(name, facts.root));
        if (isFinal(other.progress.state) && other.progress.state != JobState::Done)
            return fail(ErrorKind::Conflict, doing,
                        QStringLiteral("it would come after %1, which is %2 and will never be done")
                            .arg(other.slug().text(), toName(other.progress.state)),
                        QStringLiteral("leave --after out, or name another job"));
        job.identity.dependsOn.push_back(other.id());
    }
    job.wishes.priority = wanted.priority;
    OF_CHECK(ports.authors->authorOf(job.identity)); // a playbook that cannot be read is told now, not later
    return job;
}

Result<JobPlan> planJob(const EnginePorts &ports, JobStore &store, const NewJob &wanted)
{
    JobPlan plan;
    OF_TRY(facts, ports.git->inspect(wanted.repository));
    auto job = draftJob(ports, store, wanted);
    if (job)
        plan.job = std::move(*job);
    else
        plan.refused = job.error();
    OF_TRY(contract,
           checkContract(ports, facts.root, wanted.contract.isEmpty() ? kDefaultContract : wanted.contract,
                         wanted.contractFile.isEmpty() ? QStringLiteral("the default contract") : wanted.contractFile,
                         wanted.pipeline));
    plan.contract = std::move(contract);
    plan.author = offerOf(ports, wanted.author, wanted.authorSource);
    plan.budget = ports.settings.jobBudget;
    return plan;
}

Result<JobPlan> planOf(const EnginePorts &ports, const Job &job)
{
    JobPlan plan;
    plan.job = job;
    OF_TRY(pipeline, loadPipeline(job.identity.pipelineYaml.toUtf8(), QStringLiteral("the job's pipeline")));
    const auto names = builtInPipelineNames();
    OF_TRY(contract, checkContract(ports, job.identity.repository, job.identity.contractYaml.toUtf8(),
                                   QStringLiteral("the job's contract"),
                                   names.contains(pipeline.name) ? pipeline.name : QString()));
    plan.contract = std::move(contract);
    auto &stages = plan.contract.stages;
    stages.erase(stages.begin(),
                 stages.begin() + std::clamp<qsizetype>(job.progress.stageIndex, 0, qsizetype(stages.size())));
    plan.author = offerOf(ports, job.identity.author, job.identity.authorSource);
    plan.budget = ports.settings.jobBudget;
    return plan;
}

} // namespace openfactory

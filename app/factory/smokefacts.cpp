// SPDX-License-Identifier: Apache-2.0
#include "app/factory/smokefacts.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "core/engine/jobrecord.h"

#include <QSet>

namespace openfactory::cli {

Result<std::vector<Fact>> readSmokeFacts(Session &session, const JobId &id, const SmokeRepository &repository)
{
    JobStore &store = session.store();
    Workspaces &git = *session.ports().git;
    OF_TRY(job, store.job(id));
    OF_TRY(record, readRecord(store, job));
    const auto &[_, attempts, commands, artifacts, risks, decisions, pull] = record;
    const bool whole = repository.kind == SmokeKind::Whole;
    OF_TRY(intents, store.openIntents(id));
    OF_TRY(audit, store.verifyAudit());
    std::vector<Fact> facts;
    const auto add = [&](const QString &what, bool holds, const QString &found) {
        facts.push_back({what, holds, found});
    };
    const auto newest = [&](const QString &stage) {
        const AttemptRecord *found = nullptr;
        for (const auto &attempt : attempts) {
            if (attempt.stage == stage && attempt.state != AttemptState::Interrupted)
                found = &attempt;
        }
        return found;
    };

    add(QStringLiteral("the job is done"), job.progress.state == JobState::Done, toName(job.progress.state));

    const auto reverted = std::ranges::count_if(
        attempts, [](const AttemptRecord &a) { return a.state == AttemptState::Reverted; });
    const auto bad = std::ranges::find_if(attempts,
                                          [](const AttemptRecord &a) { return a.state == AttemptState::Reverted; });
    const bool keptWrong = bad != attempts.end() && bad->reverted
                           && git.blob(repository.folder, bad->reverted->commit, "shop/pricing.py")
                                  .value_or(QByteArray())
                                  .contains(repository.wrongLine);
    add(QStringLiteral("the wrong change was reverted once, and is kept in the ledger"),
        reverted == 1 && keptWrong
            && bad->stage == (whole ? QStringLiteral("implement") : QStringLiteral("unit-test")),
        bad == attempts.end() ? QStringLiteral("no attempt was reverted")
                              : QStringLiteral("%1/%2: %3")
                                    .arg(bad->stage)
                                    .arg(bad->number)
                                    .arg(bad->verdict ? bad->verdict->summary : QString()));

    const int wanted = whole ? 5 : 4;
    const AttemptRecord *tests = newest(QStringLiteral("unit-test"));
    const bool testsPassed = tests && tests->state == AttemptState::Passed && tests->verdict && tests->verdict->tests
                             && tests->verdict->tests->passed == wanted && tests->verdict->tests->failed == 0;
    add(QStringLiteral("the right change passed all %1 tests").arg(wanted), testsPassed,
        tests && tests->verdict ? tests->verdict->summary : QStringLiteral("not measured"));

    const AttemptRecord *coverage = newest(QStringLiteral("coverage"));
    add(QStringLiteral("coverage was measured below the contract's 90%"),
        coverage && coverage->state == AttemptState::SoftFailed && coverage->verdict->coveragePercent
            && *coverage->verdict->coveragePercent < 90,
        coverage && coverage->verdict ? coverage->verdict->summary : QStringLiteral("not measured"));
    const auto risk = std::ranges::find(risks, QStringLiteral("coverage"), &Risk::name);
    add(QStringLiteral("the one risk was accepted by name"),
        risks.size() == 1 && risk != risks.end() && !risk->acceptedBy.isEmpty(),
        risk == risks.end() ? QStringLiteral("%1 risks").arg(risks.size())
                            : QStringLiteral("%1, accepted by %2").arg(risk->name, risk->acceptedBy));
    const auto used = std::ranges::count_if(
        decisions, [](const Decision &d) { return !d.consumedBy.isEmpty() && d.kind == DecisionKind::Approve; });
    add(QStringLiteral("one approval was used once"), used == 1,
        QStringLiteral("%1 of %2 decisions").arg(used).arg(decisions.size()));

    const auto target = git.resolve(repository.folder, QStringLiteral("refs/heads/main"));
    add(QStringLiteral("the merge is the tip of main"), target && *target == job.progress.integrated,
        target ? target->left(12) : toText(target.error()));
    const auto code = git.blob(repository.folder, job.progress.integrated, "shop/pricing.py");
    add(QStringLiteral("main holds the right line, and not the wrong one"),
        code && code->contains(repository.rightLine) && !code->contains(repository.wrongLine),
        code ? QStringLiteral("%1 bytes").arg(code->size()) : toText(code.error()));
    const auto lying = readSmallFile(repository.folder + QStringLiteral("/shop/pricing.py"));
    add(QStringLiteral("the working folder of main follows"), code && lying && *lying == *code,
        lying ? QStringLiteral("%1 bytes").arg(lying->size()) : toText(lying.error()));
    const auto state = git.state(workspaceOf(job.identity));
    add(QStringLiteral("the workspace is clean, at the job's head"),
        state && state->clean && state->head == job.progress.head,
        state ? state->head.left(12) : toText(state.error()));

    QSet<QString> commandKeys;
    for (const auto &command : commands)
        commandKeys.insert(QStringLiteral("%1/%2/%3").arg(command.stage).arg(command.attempt).arg(command.seq));
    const auto unfinished = std::ranges::count_if(commands, [](const CommandRecord &c) { return !c.finished; });
    const auto bare = std::ranges::count_if(commands, [](const CommandRecord &c) {
        return c.layers.isEmpty() && c.ending != QStringLiteral("interrupted");
    });
    add(QStringLiteral("every command has its row, with the sandbox in force"),
        !commands.empty() && unfinished == 0 && bare == 0 && commandKeys.size() == qsizetype(commands.size()),
        QStringLiteral("%1 commands, %2 unfinished, %3 without a sandbox")
            .arg(commands.size())
            .arg(unfinished)
            .arg(bare));
    add(QStringLiteral("no side effect is left open"), intents.empty(), QStringLiteral("%1 open").arg(intents.size()));

    int sound = 0;
    int lost = 0;
    const QString folder = JobFolder(session.dataFolder(), id).path();
    for (const auto &artifact : artifacts) {
        const bool replaced = std::ranges::any_of(artifacts, [&](const ArtifactRecord &o) {
            return o.path == artifact.path && (o.attempt > artifact.attempt);
        });
        const auto bytes = readSmallFile(folder + QLatin1Char('/') + artifact.path, 1 << 30);
        if (bytes && QString::fromLatin1(sha256Hex(*bytes)) == artifact.sha256)
            ++sound;
        else if (!replaced)
            ++lost;
    }
    const bool hasPlan = std::ranges::any_of(
        artifacts, [](const ArtifactRecord &a) { return a.name == QStringLiteral("deploy/deployment_plan.yaml"); });
    add(QStringLiteral("the artifacts lie where their rows say, unchanged"), sound > 0 && lost == 0 && hasPlan,
        QStringLiteral("%1 sound, %2 not").arg(sound).arg(lost));
    add(QStringLiteral("the audit chain verifies"), audit.sound && audit.entries > 0,
        counted(audit.entries, QStringLiteral("entry")));
    if (whole)
        OF_CHECK(addWholeFacts(session, record, repository, facts));
    return facts;
}

} // namespace openfactory::cli

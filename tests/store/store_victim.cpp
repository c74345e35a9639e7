// SPDX-License-Identifier: Apache-2.0
/// A small program for the tests of faults, so that there are processes to stop and to set against each other. What it
/// says on standard output, a line at a time, it has been promised by the store. Exit code 0: it came to its end.
///   own FOLDER JOB OWNER TERM  claims, says "claimed EPOCH", writes steps until it is told no: "error KIND"
///   race FOLDER OWNER          claims every job that is ready: "claimed JOB"
///   crowd FOLDER SLUG MS       one thread writes a job of its own, eight read it, half of them through connections
///   that
///                              could write, until the time is over and 120 steps are written: "checked N"
#include "core/store/ownerlock.h"
#include "tests/store/storefixture.h"

#include <QCoreApplication>

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <thread>

using namespace openfactory;
using namespace std::chrono_literals;

namespace {

const SystemClock theClock;

void say(const QString &line)
{
    const QByteArray bytes = line.toUtf8() + '\n';
    (void)!::write(STDOUT_FILENO, bytes.constData(), size_t(bytes.size()));
}

int sayError(const Error &error)
{
    say(QStringLiteral("error %1").arg(toName(error.kind)));
    std::fprintf(stderr, "%s\n", qPrintable(toText(error)));
    return 3;
}

/// A step as the engine writes them: a command's row, an event, at times an audit entry.
Step scriptStep(const Lease &lease, int number)
{
    Step step = stepOf(lease);
    CommandRecord command;
    command.stage = QStringLiteral("unit-test");
    command.seq = number;
    command.argv = {QStringLiteral("true")};
    step.commands = {command};
    step.events = {newEvent(QStringLiteral("command-started"), command.stage)};
    if (number % 3 == 0) {
        step.audits = {newAudit(QStringLiteral("attempt.passed"), {{QStringLiteral("number"), number}})};
        step.progress = inState(JobState::Running);
        step.progress->stageIndex = number;
    }
    return step;
}

int own(const QString &folder, const QString &job, const QString &owner, int termMs)
{
    const auto alive = OwnerLock::acquire(folder, owner);
    if (!alive)
        return sayError(alive.error());
    const auto store = openStore(folder, theClock);
    if (!store)
        return sayError(store.error());
    const auto lease = (*store)->claim(*JobId::parse(job), owner, std::chrono::milliseconds(termMs));
    if (!lease)
        return sayError(lease.error());
    Step running = stepOf(*lease);
    running.progress = inState(JobState::Running);
    if (const auto begun = (*store)->commit(running); !begun)
        return sayError(begun.error());
    say(QStringLiteral("claimed %1").arg(lease->epoch));
    for (int i = 1; i < 100'000; ++i) {
        const auto revision = (*store)->commit(scriptStep(*lease, i));
        if (!revision)
            return sayError(revision.error());
        std::this_thread::sleep_for(2ms);
    }
    return 0;
}

int race(const QString &folder, const QString &owner)
{
    const auto store = openStore(folder, theClock);
    if (!store)
        return sayError(store.error());
    for (auto ready = (*store)->ready(3); ready && !ready->empty(); ready = (*store)->ready(3))
        for (const ReadyJob &one : *ready)
            if (const auto lease = (*store)->claim(one.id, owner, 1min))
                say(QStringLiteral("claimed %1").arg(one.id.text()));
            else if (lease.error().kind != ErrorKind::Conflict)
                return sayError(lease.error());
    return 0;
}

int crowd(const QString &folder, const QString &slug, int ms)
{
    const auto opener = storeOpener(folder, theClock);
    const auto store = opener();
    if (!store)
        return sayError(store.error());
    const Job job = newJob(slug);
    if (const auto made = (*store)->create(job, newAudit(QStringLiteral("job.created"))); !made)
        return sayError(made.error());
    std::atomic<bool> stop = false;
    std::atomic<int> checked = 0;
    std::atomic<int> torn = 0;
    const auto read = [&](OpenMode mode) {
        const auto mine = mode == OpenMode::ReadWrite ? opener() : openStore(folder, theClock, mode);
        qint64 last = 0;
        while (mine && !stop) {
            const auto seen = (*mine)->job(job.id());
            // Both are written by one step: a reader never sees one without the other, nor anything older than before.
            const bool whole = seen && seen->progress.stageIndex == seen->progress.authorRounds
                               && seen->revision >= last;
            last = seen ? seen->revision : last;
            ++(whole ? checked : torn);
        }
    };
    std::vector<std::jthread> readers;
    for (int i = 0; i < 8; ++i)
        readers.emplace_back(read, i % 2 == 0 ? OpenMode::ReadOnly : OpenMode::ReadWrite);
    int errors = 0;
    const qint64 end = theClock.bootMs() + ms;
    for (int i = 1; theClock.bootMs() < end || i <= 120; ++i) { // 20 of them make a checkpoint
        Step step = stepOf(job.id());
        step.progress = inState(JobState::Waiting);
        step.progress->stageIndex = step.progress->authorRounds = i;
        step.progress->note = QString(200'000, QChar(u'a' + i % 26)); // fills the write-ahead log: many checkpoints
        const auto written = (*store)->commit(step);
        errors += written ? 0 : sayError(written.error()) != 0;
    }
    stop = true;
    readers.clear();
    say(QStringLiteral("checked %1").arg(checked.load()));
    return torn == 0 && errors == 0 && checked > 0 ? 0 : 3;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    const QStringList words = application.arguments();
    const QString verb = words.value(1);
    if (verb == u"own")
        return own(words.value(2), words.value(3), words.value(4), words.value(5).toInt());
    if (verb == u"race")
        return race(words.value(2), words.value(3));
    if (verb == u"crowd")
        return crowd(words.value(2), words.value(3), words.value(4).toInt());
    return 2;
}

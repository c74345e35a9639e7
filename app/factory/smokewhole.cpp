// SPDX-License-Identifier: Apache-2.0
#include "app/factory/smokefacts.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"

#include <QDir>
#include <QJsonDocument>

namespace openfactory::cli {

namespace {

/// The forge's own list of what was pushed to it, line by line: "taken refs/heads/x <from> <to>".
QStringList pushesTo(const QString &dataFolder)
{
    QStringList lines;
    const QDir forge(dataFolder + QStringLiteral("/forge"));
    for (const QString &name : forge.entryList({QStringLiteral("*.git")}, QDir::Dirs)) {
        if (const auto text = readSmallFile(forge.filePath(name) + QStringLiteral("/openfactory-pushes")))
            lines += QString::fromUtf8(*text).split(u'\n', Qt::SkipEmptyParts);
    }
    return lines;
}

QString hashOf(const QString &path)
{
    const auto bytes = readSmallFile(path, 64 * 1024 * 1024);
    return bytes ? QString::fromLatin1(sha256Hex(*bytes)) : toText(bytes.error());
}

} // namespace

Result<void> addWholeFacts(Session &session, const JobRecord &record, const SmokeRepository &repository,
                           std::vector<Fact> &facts)
{
    const Job &job = record.job;
    const QString folder = JobFolder(session.dataFolder(), job.id()).path();
    const auto add = [&](const QString &what, bool holds, const QString &found) {
        facts.push_back({what, holds, found});
    };
    const Documents &documents = job.progress.documents;
    OF_TRY(events, session.store().eventsAfter(0, job.id(), 100'000));
    const auto count = [&](const char *kind) { return std::ranges::count(events, QLatin1StringView(kind), &EventRecord::kind); };
    const auto spec = readSmallFile(folder + QStringLiteral("/SPEC.md"));
    add(QStringLiteral("one question was asked and answered, and the spec says what"),
        !documents.question.isEmpty() && documents.answer == u"in per cent" && spec && spec->contains("in per cent"),
        documents.question);
    const bool frozen = hashOf(folder + QStringLiteral("/SPEC.json")) == documents.spec
                        && hashOf(folder + QStringLiteral("/ARCHITECTURE.json")) == documents.architecture
                        && hashOf(folder + QStringLiteral("/TICKETS.json")) == documents.tickets;
    add(QStringLiteral("spec, architecture and tickets are as they were frozen"), frozen, documents.spec.left(12));
    add(QStringLiteral("both tickets are done"), documents.done == 2, QString::number(documents.done));

    const QStringList pushes = pushesTo(session.dataFolder());
    const bool ownBranch = std::ranges::all_of(pushes, [&](const QString &line) {
        return line.startsWith(QStringLiteral("taken refs/heads/%1 ").arg(job.identity.branch));
    });
    add(QStringLiteral("two commits were pushed, to the job's branch only"), pushes.size() == 2 && ownBranch,
        counted(pushes.size(), QStringLiteral("push")));
    const bool atHead = record.pull && record.pull->pull.number == 1 && record.pull->pull.head == job.progress.head;
    add(QStringLiteral("there is one pull request, at the job's head"), atHead,
        record.pull ? QStringLiteral("number %1").arg(record.pull->pull.number) : QStringLiteral("none"));
    std::vector<CheckConclusion> conclusions;
    for (const QString &line : pushes) {
        OF_TRY(checks, session.store().forge().checks(repository.folder, line.section(u' ', 3, 3)));
        for (const ForgeCheck &check : checks)
            conclusions.push_back(check.check.conclusion);
    }
    QStringList said;
    for (const CheckConclusion conclusion : conclusions)
        said += toName(conclusion);
    add(QStringLiteral("the check tests failed once, and is success on the head"),
        conclusions == std::vector{CheckConclusion::Failure, CheckConclusion::Success}, said.join(QStringLiteral(", ")));
    const auto changes = session.ports().git->blob(repository.folder, job.progress.integrated, "CHANGES.md");
    add(QStringLiteral("what the CI asked for is on main"), changes && changes->contains("per cent"),
        changes ? QStringLiteral("%1 bytes").arg(changes->size()) : toText(changes.error()));

    const auto manifest = readSmallFile(folder + QStringLiteral("/MANIFEST.json"));
    const QJsonArray listed = manifest ? QJsonDocument::fromJson(*manifest)[QStringLiteral("artifacts")].toArray()
                                       : QJsonArray();
    int good = 0;
    QStringList wanted{QStringLiteral("PREFLIGHT_REPORT.md"), QStringLiteral("SPEC.md"),
                       QStringLiteral("ARCHITECTURE.md"),     QStringLiteral("TICKETS/0001-per-cent.md"),
                       QStringLiteral("TICKETS/0002-bounds.md"), QStringLiteral("FINAL_SUMMARY.md"),
                       QStringLiteral("RUNBOOK.md"),          QStringLiteral("TEST_REPORT.md"),
                       QStringLiteral("SECURITY_NOTES.md")};
    for (const auto &entry : listed) {
        const QString path = entry[QStringLiteral("path")].toString();
        wanted.removeAll(path);
        good += hashOf(folder + QLatin1Char('/') + path) == entry[QStringLiteral("sha256")].toString() ? 1 : 0;
    }
    add(QStringLiteral("every document is in the manifest, and is what it says"),
        wanted.isEmpty() && good > 0 && good == listed.size(),
        wanted.isEmpty() ? QStringLiteral("%1 of %2").arg(good).arg(listed.size())
                         : QStringLiteral("missing: ") + wanted.join(QStringLiteral(", ")));
    add(QStringLiteral("the author was asked once for each change"), count("author-changed") == 4,
        QString::number(count("author-changed")));
    return {};
}

} // namespace openfactory::cli

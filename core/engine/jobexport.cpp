// SPDX-License-Identifier: Apache-2.0
#include "core/engine/jobexport.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/findingsexport.h"
#include "core/engine/jobfolder.h"
#include "core/engine/jobrecord.h"
#include "core/engine/jobsession.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <fcntl.h>

#include <cerrno>

namespace openfactory {

namespace {

constexpr qint64 kChunk = 1024 * 1024;
constexpr qint64 kMostArtifact = 256 * 1024 * 1024;
constexpr qint64 kMostOnPage = 512 * 1024; ///< of one log or change
constexpr int kAuditPage = 1000;

/// The job, and what the audit log says of it.
struct Record : JobRecord {
    std::vector<AuditRecord> audit;
};

/// The file being written; counts the parts.
class Target {
public:
    Target(const QString &path, const JobExport &how) : m_file(path), m_how(how) {}
    Result<void> open(int parts)
    {
        m_parts = parts;
        // A rename would put a file in its place: of a device or a pipe that others use.
        if (const QFileInfo there(m_file.fileName()); there.exists() && !there.isFile() && !there.isDir())
            return fail(ErrorKind::Denied, QStringLiteral("write %1").arg(m_file.fileName()),
                        QStringLiteral("it is no file but a pipe, a socket or a device"),
                        QStringLiteral("name a file, or one that is not there yet"));
        return tried([this] { return m_file.open(QIODevice::WriteOnly); });
    }
    Result<void> write(const QByteArray &bytes)
    {
        OF_CHECK(goesOn());
        return tried([&] { return m_file.write(bytes) == bytes.size(); });
    }
    Result<void> goesOn() const
    {
        if (m_how.stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("export to %1").arg(m_file.fileName()),
                        QStringLiteral("it was stopped; nothing was written"));
        return {};
    }
    Result<void> partDone()
    {
        OF_CHECK(goesOn());
        ++m_done;
        if (m_how.progress)
            m_how.progress(m_done, m_parts);
        return goesOn();
    }
    Result<void> commit()
    {
        return tried([this] { return m_file.commit(); });
    }

private:
    /// A call of the file. What refused it is in errno alone: Qt's own codes do not tell a full disk from others.
    template<class Call>
    Result<void> tried(const Call &call)
    {
        errno = 0;
        const bool done = call();
        const int number = errno;
        if (done)
            return {};
        const QString doing = QStringLiteral("write %1").arg(m_file.fileName());
        Error error = number != 0 ? errnoError(number, doing) : Error{ErrorKind::Io, doing, m_file.errorString(), {}};
        error.hint = error.kind == ErrorKind::DiskFull ? QStringLiteral("make room, or choose a folder on another disk")
                     : error.kind == ErrorKind::NotFound ? QStringLiteral("choose a folder that is there")
                                                         : QStringLiteral("choose a folder that you may write to");
        return std::unexpected(error);
    }
    QSaveFile m_file; ///< a temporary file beside the target, renamed at the end, removed otherwise
    const JobExport &m_how;
    int m_parts = 0;
    int m_done = 0;
};

Result<Record> readAll(const JobExport &how, const JobId &id)
{
    OF_TRY(job, how.store.job(id));
    OF_TRY(record, readRecord(how.store, job));
    Record all{std::move(record), {}};
    for (qint64 seq = 0;;) {
        if (how.stop.stop_requested())
            return fail(ErrorKind::Cancelled, QStringLiteral("export the job"), QStringLiteral("it was stopped"));
        OF_TRY(page, how.store.auditAfter(seq, kAuditPage));
        for (const AuditRecord &entry : page) {
            seq = entry.seq;
            if (entry.job == id.text())
                all.audit.push_back(entry);
        }
        if (int(page.size()) < kAuditPage)
            return all;
    }
}

QString nameOf(const QString &stage, int attempt)
{
    return QStringLiteral("%1-%2").arg(stage).arg(attempt);
}

CommitId contentOf(const AttemptRecord &attempt)
{
    return attempt.reverted ? attempt.reverted->commit : attempt.start;
}

QJsonArray auditJson(const std::vector<AuditRecord> &entries)
{
    QJsonArray list;
    for (const AuditRecord &entry : entries)
        list.append(QJsonObject{{QStringLiteral("seq"), entry.seq},
                                {QStringLiteral("atMs"), entry.atMs},
                                {QStringLiteral("actor"), entry.actor},
                                {QStringLiteral("action"), entry.action},
                                {QStringLiteral("detail"), entry.detail},
                                {QStringLiteral("previous"), entry.previous},
                                {QStringLiteral("hash"), entry.hash}});
    return list;
}

/// The masked change of an attempt, or of the job; empty where there is none, or git has it no more.
QByteArray changeOf(const JobExport &how, const Job &job, const CommitId &to)
{
    if (job.progress.base.isEmpty() || to.isEmpty() || to == job.progress.base)
        return {};
    const auto patch = how.git.patch(job.identity.repository, job.progress.base, to);
    return patch ? how.masker.mask(*patch) : QByteArray();
}

/// A log of the job. Its folder is the engine's own, but nothing in it is followed.
std::unique_ptr<QFile> openLog(const QString &folder, const CommandRecord &command)
{
    auto log = std::make_unique<QFile>();
    const QString path = folder + u'/' + JobFolder::logPath(command.stage, command.attempt, command.seq);
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    return file >= 0 && log->open(file, QIODevice::ReadOnly, QFileDevice::AutoCloseHandle) ? std::move(log) : nullptr;
}

/// One file of a tar archive (ustar), header first.
class Tar {
public:
    Tar(Target &target, const QString &folder, qint64 seconds)
        : m_target(target),
          m_folder(folder.toUtf8()),
          m_seconds(seconds)
    {}
    Result<void> begin(const QString &name, qint64 size)
    {
        QByteArray header(512, '\0');
        const auto put = [&](int at, const QByteArray &text) { header.replace(at, text.size(), text); };
        const auto octal = [](qint64 number, int digits) {
            return QByteArray::number(number, 8).rightJustified(digits, '0');
        };
        const QByteArray path = m_folder + '/' + name.toUtf8();
        const auto parts = path.size() <= 100 ? qsizetype(-1) : path.lastIndexOf('/', 155);
        if (size >= qint64(8) * 1024 * 1024 * 1024 || path.size() - parts - 1 > 100)
            return fail(ErrorKind::Unsupported, QStringLiteral("put %1 into the archive").arg(displayable(name)),
                        QStringLiteral("its name or its size is too long for a tar archive"));
        put(0, path.mid(parts + 1));
        put(100, "0000644");
        put(108, "0000000");
        put(116, "0000000");
        put(124, octal(size, 11));
        put(136, octal(m_seconds, 11));
        put(148, "        ");
        put(156, "0");
        put(257, "ustar");
        put(263, "00");
        if (parts > 0)
            put(345, path.left(parts));
        int sum = 0;
        for (const char byte : std::as_const(header))
            sum += uchar(byte);
        put(148, octal(sum, 6) + '\0' + ' ');
        m_left = size;
        m_padding = (512 - size % 512) % 512;
        return m_target.write(header);
    }
    Result<void> add(const QByteArray &bytes)
    {
        m_left -= bytes.size();
        return m_target.write(bytes);
    }
    qint64 left() const { return m_left; }
    Result<void> end() { return m_target.write(QByteArray(m_left + m_padding, '\0')); }
    Result<void> file(const QString &name, const QByteArray &bytes)
    {
        OF_CHECK(begin(name, bytes.size()));
        OF_CHECK(add(bytes));
        return end();
    }
    Result<void> finish() { return m_target.write(QByteArray(1024, '\0')); }

private:
    Target &m_target;
    QByteArray m_folder;
    qint64 m_seconds;
    qint64 m_left = 0;
    qint64 m_padding = 0;
};

/// As it stood when it was opened: a log that is still written grows on, and the archive has said its size already.
Result<void> addLog(Tar &tar, QFile &log, const QString &name)
{
    OF_CHECK(tar.begin(name, log.size()));
    while (tar.left() > 0) {
        const QByteArray bytes = log.read(std::min(kChunk, tar.left()));
        if (bytes.isEmpty())
            break; // it was cut meanwhile: zeros stand for the rest
        OF_CHECK(tar.add(bytes));
    }
    return tar.end();
}

QString escaped(const QString &text)
{
    return displayableLines(text).toHtmlEscaped();
}

QString row(const QStringList &cells)
{
    QString out = QStringLiteral("<tr>");
    for (const QString &cell : cells)
        out += QStringLiteral("<td>") + escaped(cell) + QStringLiteral("</td>");
    return out + QStringLiteral("</tr>\n");
}

QString table(const QString &title, const QStringList &heads, const QString &rows)
{
    if (rows.isEmpty())
        return {};
    QString out = QStringLiteral("<h2>") + escaped(title) + QStringLiteral("</h2>\n<table><thead><tr>");
    for (const QString &head : heads)
        out += QStringLiteral("<th scope=\"col\">") + escaped(head) + QStringLiteral("</th>");
    return out + QStringLiteral("</tr></thead><tbody>\n") + rows + QStringLiteral("</tbody></table>\n");
}

/// A text that is opened by a click; the end of it where it is long.
QString fold(const QString &title, const QByteArray &text, qint64 whole)
{
    QString out = QStringLiteral("<details><summary>") + escaped(title) + QStringLiteral("</summary>\n");
    if (whole > text.size())
        out += QStringLiteral("<p>The last %1 of %2 bytes; the archive holds all.</p>\n").arg(text.size()).arg(whole);
    return out + QStringLiteral("<pre>") + escaped(QString::fromUtf8(text)) + QStringLiteral("</pre></details>\n");
}

QString head(const Job &job)
{
    return QStringLiteral("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                          "'unsafe-inline'\">\n<title>%1</title>\n<style>:root{color-scheme:light dark}"
                          "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em}"
                          "table{border-collapse:collapse;width:100%}td,th{border:1px solid #8888;padding:.25em .5em;"
                          "text-align:left;vertical-align:top;overflow-wrap:anywhere;white-space:pre-wrap}"
                          "pre{overflow:auto;border:1px solid #8888;padding:.5em;max-height:40em}"
                          "summary{font-family:monospace;cursor:pointer}</style></head><body>\n<h1>%1</h1>\n")
        .arg(escaped(job.identity.title));
}

Result<void> writeWhole(const JobExport &how, const QString &path, const QByteArray &bytes)
{
    Target target(path, how);
    OF_CHECK(target.open(1));
    OF_CHECK(target.write(bytes));
    OF_CHECK(target.partDone());
    return target.commit();
}

} // namespace

Result<void> JobExport::archive(const JobId &id, const QString &path) const
{
    OF_TRY(all, readAll(*this, id));
    const Job &job = all.job;
    const QString folder = JobFolder(dataFolder, id).path();
    Target target(path, *this);
    OF_CHECK(target.open(int(2 + all.attempts.size() + all.commands.size() + all.artifacts.size())));
    Tar tar(target, job.slug().text(), job.updatedMs / 1000);
    OF_CHECK(tar.file(QStringLiteral("job.json"), QJsonDocument(toJson(store, all)).toJson()));
    OF_CHECK(tar.file(QStringLiteral("audit.json"), QJsonDocument(auditJson(all.audit)).toJson()));
    OF_CHECK(tar.file(QStringLiteral("contract.yaml"), masker.mask(job.identity.contractYaml.toUtf8())));
    OF_CHECK(tar.file(QStringLiteral("pipeline.yaml"), job.identity.pipelineYaml.toUtf8()));
    OF_CHECK(target.partDone());
    const auto addChange = [&](const QString &name, const CommitId &to) -> Result<void> {
        if (const QByteArray change = changeOf(*this, job, to); !change.isEmpty())
            OF_CHECK(tar.file(QStringLiteral("changes/%1.diff").arg(name), change));
        return target.partDone();
    };
    OF_CHECK(addChange(QStringLiteral("job"), job.progress.head));
    for (const AttemptRecord &attempt : all.attempts)
        OF_CHECK(addChange(nameOf(attempt.stage, attempt.number), contentOf(attempt)));
    for (const CommandRecord &command : all.commands) {
        if (const auto log = openLog(folder, command))
            OF_CHECK(addLog(tar, *log, JobFolder::logPath(command.stage, command.attempt, command.seq)));
        OF_CHECK(target.partDone());
    }
    for (const ArtifactRecord &artifact : all.artifacts) {
        // An attempt may have written the name of an earlier one anew: what is not the recorded content stays out.
        const auto bytes = readBeneath(folder, artifact.path.toUtf8(), kMostArtifact);
        if (bytes && sha256Hex(*bytes) == artifact.sha256.toLatin1())
            OF_CHECK(
                tar.file(QStringLiteral("artifacts/%1/%2").arg(nameOf(artifact.stage, artifact.attempt), artifact.name),
                         *bytes));
        OF_CHECK(target.partDone());
    }
    OF_CHECK(tar.finish());
    return target.commit();
}

Result<void> JobExport::page(const JobId &id, const QString &path) const
{
    OF_TRY(all, readAll(*this, id));
    const Job &job = all.job;
    const QString folder = JobFolder(dataFolder, id).path();
    Target target(path, *this);
    OF_CHECK(target.open(int(2 + all.attempts.size() + all.commands.size())));
    const auto say = [&](const QString &html) { return target.write(html.toUtf8()); };

    OF_CHECK(say(head(job)));
    OF_CHECK(say(QStringLiteral("<pre>") + escaped(job.identity.task) + QStringLiteral("</pre>\n")));
    QString rows = row({QStringLiteral("Job"), job.slug().text() + u' ' + id.text()})
                   + row({QStringLiteral("State"), toName(job.progress.state)})
                   + row({QStringLiteral("Note"), job.progress.note})
                   + row({QStringLiteral("Repository"), job.identity.repository})
                   + row({QStringLiteral("Branch"), job.identity.branch + QStringLiteral(" → ") + job.identity.target})
                   + row({QStringLiteral("Created"), utcText(job.identity.createdMs)})
                   + row({QStringLiteral("Updated"), utcText(job.updatedMs)})
                   + row({QStringLiteral("Merged as"), job.progress.integrated});
    OF_CHECK(say(table(QStringLiteral("Facts"), {QStringLiteral("What"), QStringLiteral("Value")}, rows)));
    rows.clear();
    QString findings;
    for (const AttemptRecord &attempt : all.attempts) {
        const QString name = QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number);
        rows += row({name, toName(attempt.state), attempt.verdict ? attempt.verdict->summary : QString(), attempt.note,
                     attempt.endedMs > 0 ? durationText(attempt.endedMs - attempt.startedMs) : QString()});
        for (const Finding &finding : attempt.verdict ? attempt.verdict->findings : std::vector<Finding>())
            findings += row(
                {name, finding.message,
                 displayPath(finding.file) + (finding.line > 0 ? u':' + QString::number(finding.line) : QString()),
                 finding.tool + u' ' + finding.rule});
    }
    OF_CHECK(say(table(QStringLiteral("Attempts"),
                       {QStringLiteral("Attempt"), QStringLiteral("State"), QStringLiteral("Result"),
                        QStringLiteral("Note"), QStringLiteral("Time")},
                       rows)));
    OF_CHECK(say(
        table(QStringLiteral("Findings"),
              {QStringLiteral("Attempt"), QStringLiteral("Finding"), QStringLiteral("Place"), QStringLiteral("Rule")},
              findings)));
    rows.clear();
    for (const Risk &risk : all.risks)
        rows += row(
            {risk.name, risk.text, risk.acceptedBy.isEmpty() ? QStringLiteral("open") : risk.acceptedBy, risk.comment});
    OF_CHECK(say(table(
        QStringLiteral("Risks"),
        {QStringLiteral("Risk"), QStringLiteral("What it says"), QStringLiteral("Accepted by"), QStringLiteral("Why")},
        rows)));
    rows.clear();
    for (const Decision &decision : all.decisions)
        rows += row({toName(decision.kind), decision.gate, decision.actor, utcText(decision.madeMs), decision.comment,
                     decision.voidReason});
    OF_CHECK(say(table(QStringLiteral("Decisions"),
                       {QStringLiteral("Decision"), QStringLiteral("Gate"), QStringLiteral("Who"),
                        QStringLiteral("When"), QStringLiteral("Comment"), QStringLiteral("Void")},
                       rows)));
    OF_CHECK(target.partDone());

    OF_CHECK(say(QStringLiteral("<h2>Changes</h2>\n")));
    const auto addChange = [&](const QString &name, const CommitId &to) -> Result<void> {
        if (const QByteArray change = changeOf(*this, job, to); !change.isEmpty())
            OF_CHECK(say(fold(name, change.right(kMostOnPage), change.size())));
        return target.partDone();
    };
    OF_CHECK(addChange(QStringLiteral("The job"), job.progress.head));
    for (const AttemptRecord &attempt : all.attempts)
        OF_CHECK(addChange(QStringLiteral("%1/%2").arg(attempt.stage).arg(attempt.number), contentOf(attempt)));
    OF_CHECK(say(QStringLiteral("<h2>Commands</h2>\n")));
    for (const CommandRecord &command : all.commands) {
        QByteArray text;
        qint64 whole = 0;
        if (const auto log = openLog(folder, command)) {
            whole = log->size();
            log->seek(std::max<qint64>(0, whole - kMostOnPage));
            text = log->read(kMostOnPage);
        }
        OF_CHECK(say(fold(QStringLiteral("%1/%2: %3 (%4)")
                              .arg(command.stage, QString::number(command.attempt), shownCommand(command.argv),
                                   command.exitCode ? QString::number(*command.exitCode) : command.ending),
                          text, whole)));
        OF_CHECK(target.partDone());
    }
    rows.clear();
    for (const AuditRecord &entry : all.audit)
        rows += row({QString::number(entry.seq), utcText(entry.atMs), entry.actor, entry.action,
                     QString::fromUtf8(QJsonDocument(entry.detail).toJson(QJsonDocument::Compact))});
    OF_CHECK(say(table(QStringLiteral("Audit"),
                       {QStringLiteral("Number"), QStringLiteral("Time (UTC)"), QStringLiteral("Who"),
                        QStringLiteral("What"), QStringLiteral("Detail")},
                       rows)));
    OF_CHECK(say(QStringLiteral("</body></html>\n")));
    return target.commit();
}

Result<void> JobExport::sarif(const JobId &id, const QString &path) const
{
    OF_TRY(job, store.job(id));
    OF_TRY(attempts, store.attempts(id));
    return writeWhole(*this, path, sarifOf(job, standingFindings(attempts)));
}

Result<void> JobExport::tasks(const JobId &id, const QString &path) const
{
    OF_TRY(job, store.job(id));
    OF_TRY(attempts, store.attempts(id));
    return writeWhole(*this, path, tasksOf(workspaceOf(job.identity).path, standingFindings(attempts)));
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/store/auditchain.h"

#include "core/base/file.h"
#include "core/base/text.h"

#include <QFile>
#include <QJsonDocument>

#include <fcntl.h>
#include <unistd.h>

#include <limits>

namespace openfactory {

namespace {

/// The anchor is one line of fixed size: 20 digits, a space, the hash, a line end. Overwriting it in place needs no
/// new space, and it lies within one sector.
constexpr qsizetype kAnchorBytes = 20 + 1 + 64 + 1;

/// The verified point is moved when so many entries came after it: a start verifies less than these and what is new.
constexpr qint64 kPointStep = 64;

QByteArray anchorLine(const ChainHead &head)
{
    return QByteArray::number(head.seq).rightJustified(20, '0') + ' ' + head.hash + '\n';
}

/// The first members of a canonical entry; a link that does not start so is not the successor of `previous`.
QByteArray prefixOf(qint64 seq, const QByteArray &previous)
{
    return "{\"seq\":" + QByteArray::number(seq) + ",\"previous\":\"" + previous + "\",";
}

} // namespace

QByteArray canonicalEntry(const AuditRecord &record)
{
    const QJsonObject rest{{QStringLiteral("at"), record.atMs},
                           {QStringLiteral("actor"), record.actor},
                           {QStringLiteral("action"), record.action},
                           {QStringLiteral("job"), record.job},
                           {QStringLiteral("detail"), record.detail}};
    return prefixOf(record.seq, record.previous.toLatin1()) + QJsonDocument(rest).toJson(QJsonDocument::Compact).mid(1);
}

Result<AuditRecord> readEntry(const QByteArray &entry, const QByteArray &hash)
{
    const QJsonObject object = QJsonDocument::fromJson(entry).object();
    if (object.isEmpty())
        return fail(ErrorKind::Corrupt, QStringLiteral("read the audit log"),
                    QStringLiteral("an entry is not readable"), QStringLiteral("run factory audit verify"));
    return AuditRecord{.seq = object[u"seq"].toInteger(),
                       .atMs = object[u"at"].toInteger(),
                       .actor = object[u"actor"].toString(),
                       .action = object[u"action"].toString(),
                       .job = object[u"job"].toString(),
                       .detail = object[u"detail"].toObject(),
                       .previous = object[u"previous"].toString(),
                       .hash = QString::fromLatin1(hash)};
}

Result<ChainHead> AuditChain::head()
{
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")));
    if (rows.next())
        return ChainHead{rows.number(0), rows.bytes(1)};
    OF_CHECK(rows.check());
    return ChainHead{};
}

Result<QByteArray> AuditChain::hashAt(qint64 seq)
{
    if (seq == 0)
        return ChainHead{}.hash;
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT hash FROM audit WHERE seq=?"), {seq}));
    const QByteArray hash = rows.next() ? rows.bytes(0) : QByteArray();
    OF_CHECK(rows.check());
    return hash;
}

Result<void> AuditChain::append(const std::vector<AuditRecord> &records, qint64 nowMs)
{
    OF_TRY(head, head());
    m_before = m_now = head;
    for (AuditRecord record : records) {
        record.seq = m_now.seq + 1;
        record.previous = QString::fromLatin1(m_now.hash);
        if (record.atMs == 0)
            record.atMs = nowMs;
        const QByteArray entry = canonicalEntry(record);
        m_now = {record.seq, sha256Hex(entry)};
        OF_CHECK(m_database.run(QStringLiteral("INSERT INTO audit(seq, hash, entry) VALUES(?,?,?)"),
                                {record.seq, m_now.hash, entry}));
    }
    return {};
}

Result<std::optional<ChainHead>> AuditChain::readAnchor(const QString &file)
{
    if (!QFile::exists(file))
        return std::nullopt;
    OF_TRY(line, readSmallFile(file, 4096));
    const QByteArray hash = line.mid(21, 64);
    ChainHead head{line.left(20).toLongLong(), hash};
    if (line.size() != kAnchorBytes || anchorLine(head) != line)
        return fail(ErrorKind::Corrupt, QStringLiteral("read %1").arg(file), QStringLiteral("it is damaged"));
    return head;
}

void AuditChain::overwriteAnchor(const ChainHead &head)
{
    const int file = ::open(QFile::encodeName(m_anchorFile).constData(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return;
    const QByteArray line = anchorLine(head);
    // Not synced: after a power cut an older anchor is tolerated, and a commit keeps to one sync.
    (void)!::pwrite(file, line.constData(), size_t(line.size()), 0);
    ::close(file);
}

void AuditChain::advanceAnchor()
{
    if (m_now == m_before)
        return;
    const auto anchor = readAnchor(m_anchorFile);
    if (!anchor || !*anchor)
        return; // damaged or missing: stays so, verify() reports it
    bool ours = **anchor == m_before;
    if (!ours && (*anchor)->seq < m_before.seq) // left behind by a kill between a commit and its anchor
        ours = hashAt((*anchor)->seq).value_or(QByteArray()) == (*anchor)->hash;
    if (ours)
        overwriteAnchor(m_now);
    m_before = m_now;
}

Result<void> AuditChain::plantAnchor()
{
    OF_TRY(head, head());
    if (head.seq == 0 && !QFile::exists(m_anchorFile))
        return writeFileAtomically(m_anchorFile,
                                   anchorLine(head)); // an empty one, left by a kill, would read as damage
    return {};
}

Result<std::vector<AuditRecord>> AuditChain::after(qint64 seq, int most)
{
    std::vector<AuditRecord> records;
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT entry, hash FROM audit WHERE seq>? ORDER BY seq LIMIT ?"),
                                   {seq, most}));
    while (rows.next()) {
        OF_TRY(record, readEntry(rows.bytes(0), rows.bytes(1)));
        records.push_back(std::move(record));
    }
    OF_CHECK(rows.check());
    return records;
}

Result<AuditReport> AuditChain::verify()
{
    return verifyAfter(ChainHead{});
}

Result<AuditReport> AuditChain::verifyNew(const QString &pointFile)
{
    // A point that is missing or damaged costs one whole walk.
    const ChainHead point = readAnchor(pointFile).value_or(std::nullopt).value_or(ChainHead{});
    OF_TRY(report, verifyAfter(point));
    if (report.sound && report.entries - point.seq >= kPointStep)
        (void)writeFileAtomically(pointFile, anchorLine({report.entries, report.head.toLatin1()})); // costs time only
    return report;
}

Result<AuditReport> AuditChain::verifyAfter(ChainHead head)
{
    // The anchor first: it is never ahead of what is read after it.
    const auto anchor = readAnchor(m_anchorFile);
    const ChainHead from = head;
    AuditReport report;
    report.entries = from.seq;
    const auto bad = [&](qint64 seq, const QString &said) {
        report.firstBad = seq;
        report.said = said;
        report.head = QString::fromLatin1(head.hash);
        return report;
    };
    OF_TRY(known, hashAt(from.seq));
    if (known != from.hash)
        return bad(from.seq, QStringLiteral("entry %1 is not the one that was verified before: the log was rewritten, "
                                            "or an older copy of the store was put back")
                                 .arg(from.seq));
    std::optional<QByteArray> atAnchor;
    if (anchor && *anchor && (*anchor)->seq <= from.seq) {
        OF_TRY(hash, hashAt((*anchor)->seq));
        atAnchor = hash;
    }
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT seq, hash, entry FROM audit WHERE seq>? ORDER BY seq"),
                                   {from.seq == 0 ? std::numeric_limits<qint64>::min() : from.seq}));
    while (rows.next()) {
        const qint64 seq = rows.number(0);
        const QByteArray hash = rows.bytes(1);
        const QByteArray entry = rows.bytes(2);
        if (seq != head.seq + 1)
            return bad(head.seq + 1, QStringLiteral("entry %1 is missing").arg(head.seq + 1));
        if (sha256Hex(entry) != hash)
            return bad(seq, QStringLiteral("entry %1 was changed: it does not fit its hash").arg(seq));
        if (!entry.startsWith(prefixOf(seq, head.hash)))
            return bad(seq, QStringLiteral("entry %1 does not follow entry %2").arg(seq).arg(head.seq));
        head = {seq, hash};
        report.entries = seq;
        if (anchor && *anchor && (*anchor)->seq == seq)
            atAnchor = hash;
    }
    OF_CHECK(rows.check());
    if (!anchor)
        return bad(0, toText(anchor.error()));
    if (!*anchor)
        return bad(
            0, QStringLiteral("%1 is missing: whether the end of the log is whole cannot be told").arg(m_anchorFile));
    if (!atAnchor)
        return bad(head.seq + 1,
                   QStringLiteral("the log ends at entry %1, but it had %2: entries were removed, or an older "
                                  "copy of the store was put back")
                       .arg(head.seq)
                       .arg((*anchor)->seq));
    if (*atAnchor != (*anchor)->hash)
        return bad((*anchor)->seq,
                   QStringLiteral("entry %1 is not the one that was anchored: the log was rewritten, or an "
                                  "older copy of the store was put back and used")
                       .arg((*anchor)->seq));
    report.sound = true;
    report.head = QString::fromLatin1(head.hash);
    return report;
}

} // namespace openfactory

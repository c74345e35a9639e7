// SPDX-License-Identifier: Apache-2.0
/// The audit log as a chain of hashes (hardening.md, B29). A link's hash is the SHA-256 of its canonical entry, which
/// holds its sequence number and the hash of the link before. The head is kept outside the database too, in the anchor
/// file: written after each commit, so it may be behind after a kill, but never ahead and never different; a store that
/// was put back to an older copy is seen by it. The anchor is only moved forward along the chain it belongs to, so the
/// trace of a rollback stays. On the thread of the connection.
#pragma once

#include "core/domain/store.h"
#include "core/store/database.h"

namespace openfactory {

struct ChainHead {
    qint64 seq = 0;
    QByteArray hash = QByteArray(64, '0'); ///< hexadecimal; zeros before the first link
    bool operator==(const ChainHead &) const = default;
};

class AuditChain {
public:
    AuditChain(Database &database, QString anchorFile) : m_database(database), m_anchorFile(std::move(anchorFile)) {}

    /// Appends links inside the caller's transaction; remembers what advanceAnchor() has to write.
    Result<void> append(const std::vector<AuditRecord> &records, qint64 nowMs);
    /// After the commit, still under the write lock. A failure leaves the anchor behind, which is no fault.
    void advanceAnchor();
    /// Makes the anchor of a store that has no entry yet.
    Result<void> plantAnchor();

    Result<ChainHead> head();
    Result<std::vector<AuditRecord>> after(qint64 seq, int most);
    Result<AuditReport> verify();
    /// Only what came after the last verified point, which is kept in that file, and the anchor: what lies before was
    /// verified once, and is verified again by verify() only.
    Result<AuditReport> verifyNew(const QString &pointFile);

    /// The head in the anchor file; nothing where there is no such file, Corrupt where it cannot be read.
    static Result<std::optional<ChainHead>> readAnchor(const QString &file);

private:
    Result<AuditReport> verifyAfter(ChainHead head);
    Result<QByteArray> hashAt(qint64 seq);
    void overwriteAnchor(const ChainHead &head);
    Database &m_database;
    QString m_anchorFile;
    ChainHead m_before; ///< head before the links appended last
    ChainHead m_now;    ///< and after
};

/// The canonical text of an entry and what it is read back to.
QByteArray canonicalEntry(const AuditRecord &record);
Result<AuditRecord> readEntry(const QByteArray &entry, const QByteArray &hash);

} // namespace openfactory

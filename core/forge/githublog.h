// SPDX-License-Identifier: Apache-2.0
/// The end of a job's log, as it comes from the network: plain text, or an archive of texts. Memory is bounded whatever
/// comes: by what is kept of a text, by `mostArchive` for an archive.
#pragma once

#include "core/base/error.h"

#include <QByteArray>

namespace openfactory {

/// Keeps the last bytes of a text, from the beginning of a line.
class LogEnd {
public:
    explicit LogEnd(qint64 mostBytes) : m_most(mostBytes) {}
    void add(const QByteArray &piece);
    /// What was kept; call once.
    QByteArray take();
    bool cut() const { return m_cut; } ///< of what take() gave

private:
    qint64 m_most;
    QByteArray m_kept;
    bool m_cut = false;
};

class GitHubLog {
public:
    static constexpr qint64 mostArchive = 64LL * 1024 * 1024;
    static constexpr qint64 mostUnpacked = 512LL * 1024 * 1024; ///< of all its texts together

    explicit GitHubLog(qint64 mostBytes) : m_end(mostBytes) {}
    /// The next piece of the answer; false where no more is wanted.
    bool add(const QByteArray &piece);
    /// Once after the last piece: unpacks an archive. Invalid where it is none that can be read.
    Result<void> finish();
    QByteArray take() { return m_end.take(); }
    bool cut() const { return m_end.cut(); }

private:
    LogEnd m_end;
    QByteArray m_archive;
    QByteArray m_first; ///< until it is known which of both it is
    enum class Kind { Unknown, Text, Archive } m_kind = Kind::Unknown;
};

} // namespace openfactory

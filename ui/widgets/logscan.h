// SPDX-License-Identifier: Apache-2.0
/// Goes through a whole log for a query, or for lines that tell of an error, and goes on from there when it has grown.
#pragma once

#include "core/process/logindex.h"
#include "ui/widgets/lineset.h"
#include "ui/widgets/logquery.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace openfactory {

/// What was found so far.
struct LogHits {
    LineSet lines;
    qint64 matches = 0; ///< a line may hold several
    qint64 bytes = 0;   ///< gone through
    bool done = false;  ///< to the end of the log as it was
};

/// Whether a line tells of an error: has a word such as error, FAILED or Traceback, and not "0 errors".
bool isErrorLine(QByteArrayView line);

/// One thread at a time.
class LogScan {
public:
    using Progress = std::function<void(std::shared_ptr<const LogHits>)>;

    /// Without a matcher: error lines.
    explicit LogScan(std::optional<LogMatcher> matcher) : m_matcher(std::move(matcher)) {}
    /// Goes to the present end of the log. Tells now and then, and at the end with `done`; an unfinished last line
    /// counts in what is told and is looked at again next time. Cancelled when stopped.
    Result<void> advance(const LogIndex &index, const std::stop_token &stop, const Progress &tell);

private:
    Result<qint64> lineAt(const LogIndex &index, qint64 offset, QByteArrayView window, qint64 windowAt);
    Result<void> searchBytes(const LogIndex &index, QByteArrayView window, qsizetype from, qsizetype end);
    Result<void> searchLines(const LogIndex &index, QByteArrayView window);
    qsizetype countIn(QByteArrayView line) const;
    void hit(qint64 line, qint64 matches);

    std::optional<LogMatcher> m_matcher;
    LogHits m_hits;
    qint64 m_offset = 0;      ///< gone through up to here
    qint64 m_knownOffset = 0; ///< a place whose line is known
    qint64 m_knownLine = 0;
};

} // namespace openfactory

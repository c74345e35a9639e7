// SPDX-License-Identifier: Apache-2.0
/// Reads the rows of a log as they are shown: through the index of core/process, in pieces, with a terminal's colours.
#pragma once

#include "core/process/logindex.h"
#include "ui/widgets/ansi.h"
#include "ui/widgets/celltext.h"
#include "ui/widgets/logshape.h"

namespace openfactory {

struct LogRow {
    RowPlace place;
    CellText cells;
    std::vector<AnsiSpan> spans;
    qint64 wallMs = 0; ///< when it was received; ms since the epoch; 0: not known
    LogStream stream = LogStream::Output;
    bool overwritten = false; ///< a part of it is hidden by a later one, as on a terminal
};

/// One thread at a time.
class LogReader {
public:
    static Result<LogReader> open(const QString &path);
    /// Takes in what was written since. True when the log is not the old one grown: cut, or written anew.
    Result<bool> refresh();

    const LogShape &shape() const { return m_shape; }
    const LogIndex &index() const { return m_index; }
    /// The rows of the group that begins at a row (see LogShape::groupOf).
    Result<std::vector<LogRow>> rows(LogShape::Group group, AnsiControls controls) const;

private:
    /// The begins of the lines of a block that holds a long one.
    struct BigBlock {
        qint64 block = 0;
        std::vector<qint64> starts;
    };
    explicit LogReader(LogIndex index) : m_index(std::move(index)) {}
    Result<void> scan();
    Result<void> scanTo(qint64 end);
    void addLongLines(std::vector<LongLine> &to, qint64 block, const std::vector<qint64> &starts, qint64 end) const;
    LogRow row(RowPlace place, qint64 offset, QByteArrayView bytes, AnsiStyle &style, AnsiControls controls) const;
    Result<QByteArray> bytes(qint64 from, qint64 to) const;
    Result<AnsiStyle> styleBefore(qint64 offset) const;
    /// The offset, moved back so that no character is cut.
    Result<qint64> aligned(qint64 offset, qint64 least) const;

    QString m_path;
    LogIndex m_index;
    LogShape m_shape;
    std::vector<BigBlock> m_big;
    std::vector<LongLine> m_long; ///< of finished blocks
    qint64 m_block = 0;           ///< the first block that is not finished
    std::vector<qint64> m_starts; ///< of its lines, as far as it was scanned
    qint64 m_scanned = 0;
};

} // namespace openfactory

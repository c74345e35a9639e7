// SPDX-License-Identifier: Apache-2.0
/// Writes a log, or some of its lines, to a file of a person's choice. Any thread.
#pragma once

#include "ui/widgets/logscan.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

namespace openfactory {

/// The bytes as they are with a terminal's codes; the text as it is shown; a page with colours that loads nothing.
enum class LogForm { Codes, Text, Html };

struct LogExport {
    LogForm form = LogForm::Text;
    std::shared_ptr<const LogHits> only;                 ///< the lines of a set; null: all
    std::optional<std::pair<qint64, qint64>> lines = {}; ///< from the first to the last, from 0; else all
};

/// The file is replaced once it is whole. Io where it cannot be written, Cancelled when stopped; then it is as it was.
Result<void> writeLog(const QString &log, const QString &file, const LogExport &what, const std::stop_token &stop);

} // namespace openfactory

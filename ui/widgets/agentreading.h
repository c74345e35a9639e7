// SPDX-License-Identifier: Apache-2.0
/// The log of a coding agent as people read it: what it says as lines, what it does as folds, each from a line of JSON.
/// The words are written into a file beside, which a LogDocument shows; it grows with the log.
#pragma once

#include "core/base/error.h"
#include "ui/widgets/rowmap.h"

#include <QTemporaryDir>

namespace openfactory {

/// One thread at a time.
class AgentReading {
public:
    /// Whether the log begins as the stream of an agent does.
    static bool isStream(const QString &logPath);

    /// Io where there is no room for the words.
    static Result<std::unique_ptr<AgentReading>> open(const QString &logPath);
    /// Takes in what was written since, up to some megabytes at a time; false: there is nothing more by now.
    Result<bool> advance();

    QString path() const { return m_folder.filePath(QStringLiteral("reading.log")); }
    const std::vector<LogFold> &folds() const { return m_folds; }

private:
    explicit AgentReading(QString logPath) : m_log(std::move(logPath)) {}
    void take(QByteArrayView line, QByteArray &words);
    void put(const QString &lines, const char *indent, QByteArray &words);

    QString m_log;
    QTemporaryDir m_folder;
    std::vector<LogFold> m_folds;
    QByteArray m_rest; ///< of a line that is not whole yet
    qint64 m_read = 0;
    qint64 m_lines = 0; ///< written
};

} // namespace openfactory

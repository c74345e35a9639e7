// SPDX-License-Identifier: Apache-2.0
/// What is looked for in a log, and where a text holds it.
#pragma once

#include "core/base/error.h"

#include <QRegularExpression>
#include <QString>

#include <functional>
#include <vector>

namespace openfactory {

struct LogQuery {
    QString text;
    bool isRegex = false;
    bool matchCase = false;
    bool wholeWord = false;
    bool operator==(const LogQuery &) const = default;
};

/// A query made ready. Matches are taken from left to right and do not overlap; empty ones do not count. What is
/// searched is the text as it is shown. One thread at a time.
class LogMatcher {
public:
    /// Invalid for a bad regular expression, with what is wrong and where.
    static Result<LogMatcher> create(const LogQuery &query);

    struct Match {
        qsizetype start;
        qsizetype length;
        bool operator==(const Match &) const = default;
    };
    std::vector<Match> matches(const QString &line) const;
    qsizetype count(const QString &line) const { return qsizetype(matches(line).size()); }

    /// True where the query is plain ASCII, so that bytes can be searched as they are.
    bool isBytes() const { return !m_needle.isEmpty(); }
    /// Calls `visit(at)` for each match in plain bytes that begins in [from, until) and is whole.
    void eachIn(QByteArrayView bytes, qsizetype from, qsizetype until,
                const std::function<void(qsizetype)> &visit) const;
    qsizetype needleSize() const { return m_needle.size(); }

private:
    bool isWord(QByteArrayView bytes, qsizetype at) const;
    bool equals(const char *at) const;

    LogQuery m_query;
    QRegularExpression m_regex;
    QByteArray m_needle;     ///< in lower case where case does not matter
    qsizetype m_rareAt = 0;  ///< the character of the needle that is rarest in texts
    char m_rare[2] = {0, 0}; ///< it, in both cases
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// What a person types into the filter of the job list, as the condition of a query: free words, looked for in jobs,
/// commands and findings, and the tokens
///   state:failed|running|waiting|queued|done|cancelled|...  needs:me  project:NAME  stage:NAME  priority:P0
///   age:<2d  age:>1h  finished:today  author:person  is:paused  is:archived  is:open
/// The tiles of the dashboard count by the same text, so that a tile and its list cannot disagree. Pure.
#pragma once

#include <QStringList>
#include <QVariant>

namespace openfactory::ui {

enum class JobSort { Age, State, Title, Project, Stage, Duration, Changes, Coverage, Ci, Cost };

struct JobQuery {
    QString where;        ///< over `jobs j`, `repositories r`; bound by position
    QVariantList values;  ///< of the marks in `where`
    QStringList problems; ///< tokens that mean nothing, each as a sentence
    JobSort sort = JobSort::Age;
    bool descending = true;
    bool few = false;      ///< an index leads to what few jobs match: live ones, paused ones
    bool filtered = false; ///< anything besides "not archived" is asked for
    QString orderBy() const;
};

/// `nowMs` and the start of the day are wall time; values of users are bound, never put into the SQL.
JobQuery parseJobQuery(const QString &text, qint64 nowMs);

} // namespace openfactory::ui

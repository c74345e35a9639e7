// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobquery.h"

#include "core/base/text.h"
#include "core/domain/forge.h"
#include "core/domain/job.h"
#include "core/domain/searchterms.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>

namespace openfactory::ui {

namespace {

class Filter {
    Q_DECLARE_TR_FUNCTIONS(Filter)
};

/// A pattern for LIKE ... ESCAPE '\' that finds the words anywhere.
QString anywhere(QString words)
{
    for (const QChar special : {u'\\', u'%', u'_'})
        words.replace(special, QStringLiteral("\\") + special);
    return u'%' + words + u'%';
}

/// Milliseconds of "2d", "90m", "1h", "30s"; nothing for anything else.
std::optional<qint64> spanOf(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^([0-9]{1,6})([smhd])$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const qint64 unit = match.captured(2) == u"s"   ? 1000
                        : match.captured(2) == u"m" ? 60'000
                        : match.captured(2) == u"h" ? 3'600'000
                                                    : 86'400'000;
    return match.captured(1).toLongLong() * unit;
}

/// The newest hits that a list shows: a word that a million jobs hold is no search any more.
constexpr int kMostHits = 10'000;

const QString kPersonWaits = QStringLiteral("('approval','clarification','change','conflict')");

struct Builder {
    QStringList parts;
    QVariantList values;
    QStringList problems;
    bool archived = false;
    bool few = false;
    QStringList words;
    qint64 nowMs;

    void add(const QString &condition, std::initializer_list<QVariant> bound = {})
    {
        parts << condition;
        values << QVariantList(bound);
    }
    /// What few jobs match, of however many there are.
    void addFew(const QString &condition)
    {
        add(condition);
        few = true;
    }
    void refuse(const QString &token, const QString &wanted)
    {
        problems << Filter::tr("\"%1\" means nothing here: %2").arg(displayable(token.left(60)), wanted);
    }

    void state(const QString &token, const QString &value)
    {
        if (value == u"queued")
            addFew(QStringLiteral("j.state IN ('created','waiting') AND (j.state='created' OR j.wait_kind='retry')"));
        else if (jobStateFrom(value))
            add(QStringLiteral("j.state=?"), {value});
        else
            refuse(token,
                   Filter::tr("queued, created, running, waiting, done, failed, ci_failed, cancelled, rolled_back"));
    }
    void age(const QString &token, const QString &value)
    {
        const auto span = spanOf(value.mid(1));
        if (span && value.startsWith(u'<'))
            add(QStringLiteral("j.created_ms>?"), {nowMs - *span});
        else if (span && value.startsWith(u'>'))
            add(QStringLiteral("j.created_ms<?"), {nowMs - *span});
        else
            refuse(token, Filter::tr("write age:<2d or age:>1h"));
    }
    void is(const QString &token, const QString &value)
    {
        if (value == u"archived")
            archived = true;
        else if (value == u"paused")
            addFew(QStringLiteral("j.paused=1"));
        else if (value == u"open")
            addFew(QStringLiteral("j.state IN ('created','running','waiting')"));
        else
            refuse(token, Filter::tr("archived, paused or open"));
    }
    void token(const QString &token, const QString &key, const QString &value)
    {
        if (key == u"state") {
            state(token, value);
        } else if (key == u"needs") {
            if (value == u"me")
                add(u"j.state='waiting' AND j.wait_kind IN " + kPersonWaits);
            else
                refuse(token, Filter::tr("write needs:me"));
        } else if (key == u"project") {
            add(QStringLiteral("j.repository IN (SELECT num FROM repositories WHERE path LIKE ? ESCAPE '\\')"),
                {anywhere(value)});
        } else if (key == u"stage") {
            add(QStringLiteral("EXISTS(SELECT 1 FROM attempts a WHERE a.num=(SELECT max(num) FROM attempts "
                               "WHERE job=j.num) AND a.stage=?)"),
                {value});
        } else if (key == u"priority") {
            priorityFrom(value.toUpper()) ? add(QStringLiteral("j.priority=?"), {value.toUpper()})
                                          : refuse(token, Filter::tr("P0, P1, P2 or P3"));
        } else if (key == u"author") {
            authorKindFrom(value) ? add(QStringLiteral("j.author=?"), {value})
                                  : refuse(token, Filter::tr("person, playbook, model or agent"));
        } else if (key == u"age") {
            age(token, value);
        } else if (key == u"finished") {
            if (value == u"today")
                add(QStringLiteral("j.finished_ms>=?"),
                    {QDateTime::fromMSecsSinceEpoch(nowMs).date().startOfDay().toMSecsSinceEpoch()});
            else
                refuse(token, Filter::tr("write finished:today"));
        } else if (key == u"is") {
            is(token, value);
        } else { // a colon inside a word is no token
            word(token);
        }
    }
    void word(const QString &text)
    {
        if (searchTerms(text).isEmpty()) { // signs only, which are in no index
            const QString pattern = anywhere(text);
            add(QStringLiteral("(j.slug LIKE ? ESCAPE '\\' OR j.title LIKE ? ESCAPE '\\')"), {pattern, pattern});
        } else {
            words << text;
        }
    }
    void search()
    {
        if (words.isEmpty())
            return;
        const QString typed = words.join(u' ');
        add(QStringLiteral("j.num IN (SELECT rowid>>22 FROM (SELECT rowid FROM search WHERE search MATCH ? "
                           "ORDER BY rowid DESC LIMIT %1) UNION ALL SELECT num FROM jobs WHERE id=?)")
                .arg(kMostHits),
            {searchTerms(typed).join(u' '), typed.toUpper()});
    }
};

} // namespace

JobQuery parseJobQuery(const QString &text, qint64 nowMs)
{
    Builder build{
        .parts = {}, .values = {}, .problems = {}, .archived = false, .few = false, .words = {}, .nowMs = nowMs};
    const QStringList words = text.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts);
    for (const QString &one : words) {
        const qsizetype colon = one.indexOf(u':');
        if (colon > 0 && colon < one.size() - 1)
            build.token(one, one.left(colon).toLower(), one.mid(colon + 1));
        else
            build.word(one);
    }
    build.search();
    JobQuery query;
    query.filtered = !build.parts.isEmpty() || build.archived;
    // What was found by words leads; the sign keeps the index of all jobs from leading instead.
    build.parts.prepend(build.words.isEmpty() ? QStringLiteral("j.archived=?") : QStringLiteral("+j.archived=?"));
    build.values.prepend(build.archived ? 1 : 0);
    query.where = build.parts.join(QStringLiteral(" AND "));
    query.values = build.values;
    query.problems = build.problems;
    query.few = build.few;
    return query;
}

/// What the newest attempt of a job that was measured says.
static QString newest(QStringView figure)
{
    return QStringLiteral("(SELECT %1 FROM attempts WHERE job=j.num AND %1 IS NOT NULL ORDER BY num DESC LIMIT 1)")
        .arg(figure);
}

QString JobQuery::orderBy() const
{
    const QString way = descending ? QStringLiteral(" DESC") : QStringLiteral(" ASC");
    QString key;
    switch (sort) {
    // The few are found first and put in order then: for a start of the order SQLite would walk over all jobs.
    case JobSort::Age: return (few ? u"+j.id" : u"j.id") + way;
    case JobSort::State: key = QStringLiteral("j.state"); break;
    case JobSort::Title: key = QStringLiteral("j.title COLLATE NOCASE"); break;
    case JobSort::Project: key = QStringLiteral("(SELECT path FROM repositories WHERE num=j.repository)"); break;
    case JobSort::Stage: key = QStringLiteral("j.stage_index"); break;
    case JobSort::Duration:
        key = QStringLiteral("(CASE WHEN j.finished_ms>0 THEN j.finished_ms-j.created_ms ELSE 9e18 END)");
        break;
    case JobSort::Changes:
        key = newest(u"json_extract(verdict,'$.facts.lines_added')+json_extract(verdict,'$.facts.lines_removed')");
        break;
    case JobSort::Coverage: key = newest(u"json_extract(verdict,'$.coveragePercent')"); break;
    case JobSort::Ci:
        key =
            QStringLiteral(
                "(SELECT CASE json_extract(c.value,'$.conclusion') WHEN 'success' THEN 1 WHEN 'none' THEN 2 ELSE 3 END "
                "FROM job_pulls p, json_each(p.checks) c WHERE p.job=j.num AND json_extract(c.value,'$.name')='%1' "
                "ORDER BY c.key DESC LIMIT 1)")
                .arg(requiredCheckName());
        break;
    case JobSort::Cost:
        key = QStringLiteral("(SELECT sum(coalesce(cost, reckoned_cost, 0)) FROM author_calls WHERE job=j.num)");
        break;
    }
    // Those that have none come last, either way.
    const bool may = sort == JobSort::Ci || sort == JobSort::Cost || sort == JobSort::Changes
                     || sort == JobSort::Coverage;
    return key + way + (may ? u" NULLS LAST, j.id DESC" : u", j.id DESC");
}

} // namespace openfactory::ui

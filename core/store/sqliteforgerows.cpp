// SPDX-License-Identifier: Apache-2.0
#include "core/store/sqliteforgerows.h"

#include "core/base/id.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

std::unexpected<Error> damaged(const QString &what, const QString &value)
{
    return fail(ErrorKind::Corrupt, QStringLiteral("read the forge's rows"),
                QStringLiteral("\"%1\" is no %2").arg(value.left(80), what));
}

std::unexpected<Error> noSuchPull(int number)
{
    return fail(ErrorKind::NotFound, QStringLiteral("find pull request %1").arg(number),
                QStringLiteral("there is none of that number"));
}

QByteArray jsonText(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray jsonText(const QJsonArray &array)
{
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

QByteArray findingsText(const std::vector<Finding> &findings)
{
    Verdict carrier; // its reader is the strict one
    carrier.findings = findings;
    return QJsonDocument(toJson(carrier)).toJson(QJsonDocument::Compact);
}

const QString kPullColumns = QStringLiteral("number, branch, base, head, state, draft, title");

Result<PullRequest> pullFrom(Rows &rows)
{
    const auto state = pullStateFrom(rows.text(4));
    if (!state)
        return damaged(QStringLiteral("state of a pull request"), rows.text(4));
    PullRequest pull;
    pull.number = rows.small(0);
    pull.branch = rows.text(1);
    pull.base = rows.text(2);
    pull.head = rows.text(3);
    pull.state = *state;
    pull.draft = rows.flag(5);
    pull.title = rows.text(6);
    return pull;
}

} // namespace

Result<PullRequest> SqliteForgeRows::addPull(const QString &repository, const PullRequest &pull, const QString &body,
                                             qint64 nowMs)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_TRY(known, this->pull(repository, pull.branch));
    if (known && known->state == PullRequest::State::Open)
        return *known;
    PullRequest added = pull;
    OF_TRY(last,
           m_database.number(QStringLiteral("SELECT max(number) FROM forge_pulls WHERE repository=?"), {repository}));
    added.number = int(last.value_or(0)) + 1;
    added.state = PullRequest::State::Open;
    OF_CHECK(m_database.run(QStringLiteral("INSERT INTO forge_pulls(repository, number, branch, base, head, state, "
                                           "draft, title, body, created_ms, updated_ms) VALUES(?,?,?,?,?,?,?,?,?,?,?)"),
                            {repository, added.number, added.branch, added.base, added.head, toName(added.state),
                             added.draft, added.title, body, nowMs, nowMs}));
    OF_CHECK(transaction.commit());
    return added;
}

Result<std::optional<PullRequest>> SqliteForgeRows::pull(const QString &repository, const QString &branch)
{
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT %1 FROM forge_pulls WHERE repository=? AND branch=? "
                                                  "ORDER BY number DESC LIMIT 1")
                                       .arg(kPullColumns),
                                   {repository, branch}));
    if (!rows.next()) {
        OF_CHECK(rows.check());
        return std::optional<PullRequest>();
    }
    return pullFrom(rows).transform([](const PullRequest &pull) { return std::optional(pull); });
}

Result<void> SqliteForgeRows::setPull(const QString &repository, const PullRequest &pull, const QString &body,
                                      qint64 nowMs)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_TRY(changed, m_database.run(QStringLiteral("UPDATE forge_pulls SET head=?, state=?, draft=?, updated_ms=? "
                                                  "WHERE repository=? AND number=?"),
                                   {pull.head, toName(pull.state), pull.draft, nowMs, repository, pull.number}));
    if (changed == 0)
        return noSuchPull(pull.number);
    if (!body.isNull())
        OF_CHECK(m_database.run(QStringLiteral("UPDATE forge_pulls SET body=? WHERE repository=? AND number=?"),
                                {body, repository, pull.number}));
    return transaction.commit();
}

Result<PullRequest> SqliteForgeRows::pullByNumber(const QString &repository, int number)
{
    OF_TRY(rows, m_database.select(
                     QStringLiteral("SELECT %1 FROM forge_pulls WHERE repository=? AND number=?").arg(kPullColumns),
                     {repository, number}));
    if (!rows.next())
        return noSuchPull(number);
    return pullFrom(rows);
}

Result<QString> SqliteForgeRows::pullBody(const QString &repository, int number)
{
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT body FROM forge_pulls WHERE repository=? AND number=?"),
                                   {repository, number}));
    if (!rows.next())
        return noSuchPull(number);
    return rows.text(0);
}

Result<ForgeCheck> SqliteForgeRows::addCheck(const ForgeCheck &check)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_TRY(known, checks(check.repository, check.check.commit));
    for (const ForgeCheck &other : known) {
        if (other.check.name == check.check.name && other.check.status != CheckStatus::Completed)
            return other;
    }
    ForgeCheck added = check;
    added.check.id = newUlid();
    OF_CHECK(m_database.run(QStringLiteral("INSERT INTO forge_checks(id, repository, job, name, commit_id, status, "
                                           "conclusion, queued_ms, started_ms, ended_ms, summary, findings) "
                                           "VALUES(?,?,?,?,?,?,?,?,?,?,?,?)"),
                            {added.check.id, added.repository, added.job, added.check.name, added.check.commit,
                             toName(added.check.status), toName(added.check.conclusion), added.queuedMs,
                             added.check.startedMs, added.check.endedMs, added.check.summary,
                             findingsText(added.findings)}));
    OF_CHECK(transaction.commit());
    return added;
}

Result<void> SqliteForgeRows::setCheck(const ForgeCheck &check)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_TRY(changed,
           m_database.run(QStringLiteral("UPDATE forge_checks SET status=?, conclusion=?, started_ms=?, "
                                         "ended_ms=?, summary=?, findings=? WHERE id=?"),
                          {toName(check.check.status), toName(check.check.conclusion), check.check.startedMs,
                           check.check.endedMs, check.check.summary, findingsText(check.findings), check.check.id}));
    if (changed == 0)
        return fail(ErrorKind::NotFound, QStringLiteral("change a check"), QStringLiteral("there is none of that id"));
    return transaction.commit();
}

Result<void> SqliteForgeRows::askCancel(const QString &id)
{
    OF_TRY(transaction, WriteTransaction::begin(m_database));
    OF_CHECK(m_database.run(QStringLiteral("UPDATE forge_checks SET cancel_asked=1 WHERE id=?"), {id}));
    return transaction.commit();
}

Result<ForgeCheck> SqliteForgeRows::check(const QString &id)
{
    OF_TRY(found, select(QStringLiteral("id=?"), {id}));
    if (found.empty())
        return fail(ErrorKind::NotFound, QStringLiteral("read a check"), QStringLiteral("there is none of that id"));
    return found.front();
}

Result<std::vector<ForgeCheck>> SqliteForgeRows::checks(const QString &repository, const CommitId &commit)
{
    return select(QStringLiteral("repository=? AND commit_id=? ORDER BY id"), {repository, commit});
}

Result<std::vector<ForgeCheck>> SqliteForgeRows::openChecks(int most)
{
    return select(QStringLiteral("status <> 'completed' ORDER BY id LIMIT ?"), {most});
}

Result<std::vector<ForgeCheck>> SqliteForgeRows::select(const QString &where, SqlValues values)
{
    OF_TRY(rows, m_database.select(QStringLiteral("SELECT id, repository, job, name, commit_id, status, conclusion, "
                                                  "queued_ms, started_ms, ended_ms, summary, findings, cancel_asked "
                                                  "FROM forge_checks WHERE ")
                                       + where,
                                   values));
    std::vector<ForgeCheck> found;
    while (rows.next()) {
        const auto status = checkStatusFrom(rows.text(5));
        const auto conclusion = checkConclusionFrom(rows.text(6));
        if (!status || !conclusion)
            return damaged(QStringLiteral("state of a check"), rows.text(status ? 6 : 5));
        OF_TRY(carrier, verdictFromJson(QJsonDocument::fromJson(rows.bytes(11)).object()));
        ForgeCheck check;
        check.check = {rows.text(0), rows.text(3),   QStringLiteral("local"), rows.text(4),  *status,
                       *conclusion,  rows.number(8), rows.number(9),          rows.text(10), {}};
        check.repository = rows.text(1);
        check.job = rows.text(2);
        check.queuedMs = rows.number(7);
        check.findings = carrier.findings;
        check.cancelAsked = rows.flag(12);
        found.push_back(std::move(check));
    }
    OF_CHECK(rows.check());
    return found;
}

namespace rows {

Result<void> writeJobPull(Database &database, qint64 job, const PullRecord &record)
{
    QJsonArray checks;
    for (const Check &check : record.checks)
        checks.append(toJson(check));
    const PullRequest &pull = record.pull;
    return database
        .run(QStringLiteral("INSERT OR REPLACE INTO job_pulls(job, forge, number, url, branch, base, head, state, "
                            "draft, title, pushed, judged, checks, read_ms, wish, cancelled, refused, requests) "
                            "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"),
             {job, record.forge, pull.number, pull.url, pull.branch, pull.base, pull.head, toName(pull.state),
              pull.draft, pull.title, record.pushed, record.judged, jsonText(checks), record.readMs,
              jsonText(toJson(record.wish)), jsonText(toJson(record.cancelled)), record.refused,
              jsonText(record.requests ? toJson(*record.requests) : QJsonObject())})
        .transform([](auto) {});
}

Result<std::optional<PullRecord>> readJobPull(Database &database, const QString &job)
{
    OF_TRY(rows, database.select(QStringLiteral("SELECT number, branch, base, head, state, draft, title, forge, url, "
                                                "pushed, judged, checks, read_ms, wish, cancelled, refused, requests "
                                                "FROM job_pulls "
                                                "WHERE job=(SELECT num FROM jobs WHERE id=?)"),
                                 {job}));
    if (!rows.next()) {
        OF_CHECK(rows.check());
        return std::optional<PullRecord>();
    }
    OF_TRY(pull, pullFrom(rows));
    PullRecord record;
    record.pull = pull;
    record.forge = rows.text(7);
    record.pull.url = rows.text(8);
    record.pushed = rows.text(9);
    record.judged = rows.text(10);
    for (const auto &value : QJsonDocument::fromJson(rows.bytes(11)).array()) {
        OF_TRY(check, checkFromJson(value.toObject()));
        record.checks.push_back(check);
    }
    record.readMs = rows.number(12);
    const auto object = [&rows](int column) { return QJsonDocument::fromJson(rows.bytes(column)).object(); };
    record.wish = checkWishFrom(object(13));
    record.cancelled = checkWishFrom(object(14));
    record.refused = rows.text(15);
    record.requests = requestLimitFrom(object(16));
    return std::optional(record);
}

} // namespace rows

} // namespace openfactory

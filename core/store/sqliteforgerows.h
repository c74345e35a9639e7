// SPDX-License-Identifier: Apache-2.0
/// The local forge's rows, and the jobs' own record of their pull requests; private to this room.
#pragma once

#include "core/domain/forgerows.h"
#include "core/domain/records.h"
#include "core/store/database.h"

namespace openfactory {

class SqliteForgeRows final : public ForgeRows {
public:
    explicit SqliteForgeRows(Database &database) : m_database(database) {}

    Result<PullRequest> addPull(const QString &repository, const PullRequest &pull, const QString &body,
                                qint64 nowMs) override;
    Result<std::optional<PullRequest>> pull(const QString &repository, const QString &branch) override;
    Result<void> setPull(const QString &repository, const PullRequest &pull, const QString &body,
                         qint64 nowMs) override;
    Result<PullRequest> pullByNumber(const QString &repository, int number) override;
    Result<QString> pullBody(const QString &repository, int number) override;
    Result<ForgeCheck> addCheck(const ForgeCheck &check) override;
    Result<void> setCheck(const ForgeCheck &check) override;
    Result<void> askCancel(const QString &id) override;
    Result<ForgeCheck> check(const QString &id) override;
    Result<std::vector<ForgeCheck>> checks(const QString &repository, const CommitId &commit) override;
    Result<std::vector<ForgeCheck>> openChecks(int most) override;

private:
    Result<std::vector<ForgeCheck>> select(const QString &where, SqlValues values);
    Database &m_database;
};

namespace rows {

/// Inside the transaction of a step.
Result<void> writeJobPull(Database &database, qint64 job, const PullRecord &record);
Result<std::optional<PullRecord>> readJobPull(Database &database, const QString &job);

} // namespace rows

} // namespace openfactory

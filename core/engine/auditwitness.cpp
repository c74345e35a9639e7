// SPDX-License-Identifier: Apache-2.0
#include "core/engine/auditwitness.h"

#include "core/base/logging.h"
#include "core/base/text.h"

#include <limits>
#include <map>

namespace openfactory {

QString witnessText(const AuditRecord &head)
{
    return QString::number(head.seq) + u' ' + head.hash;
}

Result<Witnesses> hearWitnesses(JobStore &store, Workspaces &git)
{
    Witnesses witnesses;
    std::multimap<qint64, QString> against; // by entry: what is first in the log is told first
    for (const bool archived : {false, true}) {
        JobFilter all;
        all.archived = archived;
        all.limit = std::numeric_limits<int>::max();
        OF_TRY(jobs, store.jobs(all));
        for (const Job &job : jobs) {
            const CommitId &merge = job.progress.integrated;
            if (merge.isEmpty())
                continue;
            const auto said = git.trailer(job.identity.repository, merge, QStringLiteral("OpenFactory-Audit"));
            if (!said || said->isEmpty()) {
                ++(said ? witnesses.silent : witnesses.unknown);
                continue;
            }
            const qint64 seq = said->section(u' ', 0, 0).toLongLong();
            OF_TRY(entries, store.auditAfter(seq - 1, 1));
            if (!entries.empty() && witnessText(entries.front()) == *said)
                ++witnesses.alike;
            else
                against.emplace(seq,
                                QStringLiteral("entry %1 is not the one that the merge %2 of %3 carries: the log was "
                                               "rewritten, or the store was put back")
                                    .arg(seq)
                                    .arg(merge.left(12), displayable(job.identity.repository)));
        }
    }
    for (const auto &[seq, text] : against)
        witnesses.against << text;
    return witnesses;
}

Result<void> checkAuditLog(const EnginePorts &ports, JobStore &store)
{
    OF_TRY(report, store.verifyNewAudit());
    if (report.sound)
        return {};
    const Error error{
        ErrorKind::Corrupt, QStringLiteral("trust the audit log"),
        QStringLiteral("it is broken at entry %1: %2").arg(report.firstBad).arg(report.said),
        QStringLiteral("factory audit verify looks at all of it; put back the store and the audit.head that belong "
                       "together; to go on all the same, write \"broken_audit: warn\" into %1/openfactory.yaml")
            .arg(ports.settings.dataFolder)};
    if (!ports.settings.brokenAuditWarns)
        return std::unexpected(error);
    qCWarning(lcEngine).noquote() << toText(error);
    return {};
}

} // namespace openfactory

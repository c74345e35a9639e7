// SPDX-License-Identifier: Apache-2.0
#include "core/forge/localforge.h"

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/text.h"

#include <QFile>
#include <QFileInfo>

namespace openfactory {

namespace {

const QString kCheck = QStringLiteral("tests");
constexpr qint64 kMostNames = 1024 * 1024;

/// Refuses what is protected and whatever is no branch, and keeps a line of each push. It runs in the bare repository.
constexpr const char *kUpdateHook = R"(#!/bin/sh
# Written by OpenFactory; made anew when it differs. Arguments: ref, old commit, new commit.
say() { printf '%s %s %s %s\n' "$1" "$2" "$3" "$4" >> openfactory-pushes; }
refuse() {
    say refused "$2" "$3" "$4"
    echo "$1" >&2
    exit 1
}
case $1 in
refs/heads/*) name=${1#refs/heads/} ;;
*) refuse "only branches are pushed here" "$@" ;;
esac
[ -r openfactory-protected ] || refuse "the list of protected branches is missing" "$@"
while IFS= read -r protected || [ -n "$protected" ]; do
    [ "$protected" != "$name" ] || refuse "the branch $name is protected" "$@"
done < openfactory-protected
say taken "$@"
)";

} // namespace

LocalForge::LocalForge(const LocalCiPorts &ports, Remotes &remotes, LocalCi &ci, const JobIdentity &job)
    : m_ports(ports),
      m_remotes(remotes),
      m_ci(ci),
      m_repository(job.repository),
      m_job(job.id.text()),
      m_bare(bareOf(ports.folder, job.repository))
{}

LocalForge::~LocalForge() = default;

Result<JobStore *> LocalForge::store()
{
    if (!m_store) {
        OF_TRY(opened, m_ports.openStore());
        m_store = std::move(opened);
    }
    return m_store.get();
}

Result<QStringList> LocalForge::protectedBranches() const
{
    const QString path = m_bare + QStringLiteral("/openfactory-protected");
    if (!QFileInfo::exists(path))
        return QStringList();
    OF_TRY(text, readSmallFile(path, kMostNames));
    return QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts);
}

Result<void> LocalForge::protect(const QString &branch) const
{
    OF_TRY(names, protectedBranches());
    if (names.contains(branch))
        return {};
    // Appended in one write: what another job protects meanwhile is not lost.
    QFile list(m_bare + QStringLiteral("/openfactory-protected"));
    const QByteArray line = branch.toUtf8() + '\n';
    if (!list.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered) || list.write(line) != line.size())
        return fail(ErrorKind::Io, QStringLiteral("protect %1").arg(displayable(branch)), list.errorString());
    return {};
}

Result<ForgeFacts> LocalForge::facts(const QString &target, const std::stop_token &)
{
    OF_CHECK(m_remotes.makeBare(m_bare, kUpdateHook));
    OF_CHECK(protect(target)); // without that list its hook takes no push at all
    OF_CHECK(m_remotes.copyBranch(m_repository, target, m_bare).transform([](const auto &) {}));
    ForgeFacts facts;
    facts.name = QStringLiteral("local forge ") + m_bare;
    facts.defaultBranch = target;
    OF_TRY(names, protectedBranches());
    facts.protectedBranches = names;
    facts.required = {{kCheck, QStringLiteral("local")}};
    facts.requiredKnown = true;
    facts.canPush = QFileInfo(m_bare).isWritable();
    return facts;
}

Result<std::optional<CommitId>> LocalForge::branchHead(const QString &branch, const std::stop_token &)
{
    const auto head = m_ports.git->resolve(m_bare, QStringLiteral("refs/heads/") + branch);
    if (head)
        return std::optional(*head);
    if (head.error().kind == ErrorKind::NotFound)
        return std::optional<CommitId>();
    return std::unexpected(head.error());
}

Result<void> LocalForge::push(const PushRequest &request, const std::stop_token &stop)
{
    OF_TRY(names, protectedBranches());
    OF_CHECK(checkPushable(request.branch, {}, names));
    RemoteAddress address;
    address.url = m_bare;
    OF_CHECK(m_remotes.push(address, request, stop));
    OF_TRY(store, this->store());
    OF_TRY(pull, store->forge().pull(m_repository, request.branch));
    if (pull && pull->state == PullRequest::State::Open && pull->head != request.commit) {
        pull->head = request.commit;
        OF_CHECK(store->forge().setPull(m_repository, *pull, QString(), m_ports.clock->wallMs()));
    }
    return queue(request.commit);
}

Result<void> LocalForge::queue(const CommitId &commit)
{
    OF_TRY(store, this->store());
    OF_TRY(known, store->forge().checks(m_repository, commit));
    if (known.empty()) {
        ForgeCheck check;
        check.check.name = kCheck;
        check.check.commit = commit;
        check.repository = m_repository;
        check.job = m_job;
        check.queuedMs = m_ports.clock->wallMs();
        OF_CHECK(store->forge().addCheck(check).transform([](const auto &) {}));
    }
    m_ci.kick();
    return {};
}

Result<std::optional<PullRequest>> LocalForge::findPull(const QString &branch, const std::stop_token &stop)
{
    OF_TRY(store, this->store());
    OF_TRY(pull, store->forge().pull(m_repository, branch));
    if (!pull)
        return pull;
    pull->url = QStringLiteral("openfactory://job/%1/pull-request").arg(m_job);
    if (pull->state != PullRequest::State::Open)
        return pull;
    OF_TRY(head, branchHead(branch, stop));
    OF_TRY(base, branchHead(pull->base, stop));
    PullRequest now = *pull;
    if (head)
        now.head = *head;
    if (head && base) {
        const auto common = m_ports.git->mergeBase(m_bare, *base, *head);
        if (common && *common == *head)
            now.state = PullRequest::State::Merged;
    }
    if (now != *pull)
        OF_CHECK(store->forge().setPull(m_repository, now, QString(), m_ports.clock->wallMs()));
    return std::optional(now);
}

Result<PullRequest> LocalForge::openPull(const PullRequest &pull, const QString &body, const std::stop_token &stop)
{
    OF_TRY(head, branchHead(pull.branch, stop));
    if (!head)
        return fail(ErrorKind::NotFound, QStringLiteral("open a pull request"),
                    QStringLiteral("the branch %1 is not on the forge").arg(displayable(pull.branch)));
    PullRequest wanted = pull;
    wanted.head = *head;
    OF_TRY(store, this->store());
    OF_TRY(added, store->forge().addPull(m_repository, wanted, body, m_ports.clock->wallMs()));
    added.url = QStringLiteral("openfactory://job/%1/pull-request").arg(m_job);
    return added;
}

Result<void> LocalForge::describePull(int number, const QString &body, const std::stop_token &)
{
    OF_TRY(store, this->store());
    OF_TRY(known, store->forge().pullByNumber(m_repository, number));
    return store->forge().setPull(m_repository, known, body.isNull() ? QStringLiteral("") : body,
                                  m_ports.clock->wallMs());
}

Result<std::vector<Check>> LocalForge::checks(const CommitId &commit, const std::stop_token &)
{
    OF_TRY(store, this->store());
    OF_TRY(known, store->forge().checks(m_repository, commit));
    std::vector<Check> checks;
    bool open = false;
    for (const ForgeCheck &check : known) {
        open = open || check.check.status != CheckStatus::Completed;
        checks.push_back(check.check);
    }
    // The process of the CI may have died, or the one that pushed, before the check was queued.
    if (open || (known.empty() && m_ports.git->resolve(m_bare, commit)))
        OF_CHECK(queue(commit));
    return checks;
}

Result<CheckEvidence> LocalForge::evidence(const Check &check, qint64 mostBytes, const std::stop_token &)
{
    OF_TRY(store, this->store());
    OF_TRY(known, store->forge().check(check.id));
    CheckEvidence evidence;
    evidence.annotations = known.findings;
    QFile log(checkFolder(m_ports.folder, check.id) + QStringLiteral("/log"));
    if (!log.open(QIODevice::ReadOnly))
        return evidence; // it never came to run anything
    evidence.cut = log.size() > mostBytes;
    log.seek(std::max<qint64>(0, log.size() - mostBytes));
    evidence.log = log.read(mostBytes);
    return evidence;
}

Result<void> LocalForge::rerun(const Check &check, const std::stop_token &)
{
    OF_TRY(store, this->store());
    OF_TRY(known, store->forge().check(check.id));
    OF_TRY(all, store->forge().checks(m_repository, known.check.commit));
    // An earlier call was heard, whether its run has ended or not.
    if (known.check.status != CheckStatus::Completed || std::ranges::any_of(all, [&](const ForgeCheck &other) {
            return other.check.name == known.check.name && other.check.id > known.check.id;
        }))
        return {};
    ForgeCheck again;
    again.check.name = known.check.name;
    again.check.commit = known.check.commit;
    again.repository = known.repository;
    again.job = m_job;
    again.queuedMs = m_ports.clock->wallMs();
    OF_CHECK(store->forge().addCheck(again).transform([](const auto &) {}));
    m_ci.kick();
    return {};
}

Result<void> LocalForge::cancel(const Check &check, const std::stop_token &)
{
    OF_TRY(store, this->store());
    OF_CHECK(store->forge().askCancel(check.id));
    m_ci.kick();
    return {};
}

} // namespace openfactory

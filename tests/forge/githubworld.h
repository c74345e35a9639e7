// SPDX-License-Identifier: Apache-2.0
/// A GitHub forge in front of the fake one, with a clock that a test moves.
#pragma once

#include "core/forge/githubforge.h"
#include "tests/forge/githubfake.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/manualclock.h"

namespace openfactory {

inline CommitId commitOf(char digit)
{
    return QString(40, QLatin1Char(digit));
}

/// Pushes as core/git does, into the fake's branches.
class FakeRemotes : public Remotes {
public:
    explicit FakeRemotes(GitHubFake &fake) : m_fake(fake) {}
    Result<std::map<QString, CommitId>> branches(const RemoteAddress &, const std::stop_token &) override { return {}; }
    Result<void> push(const RemoteAddress &remote, const PushRequest &request, const std::stop_token &) override
    {
        pushes.emplace_back(remote, request);
        Result<void> result;
        m_fake.with([&](GitHubState &state) {
            const auto at = state.branches.find(request.branch);
            const bool isThere = at != state.branches.end();
            if (request.expected ? !isThere || at->second != *request.expected : isThere)
                result = fail(ErrorKind::Conflict, QStringLiteral("push"), QStringLiteral("it has moved"));
            else
                state.branches[request.branch] = request.commit;
        });
        return result;
    }
    Result<void> makeBare(const QString &, const QByteArray &) override { return {}; }
    Result<CommitId> copyBranch(const QString &, const QString &, const QString &) override { return CommitId(); }
    Result<QString> addressOf(const QString &, const QString &) override { return QString(); }

    std::vector<std::pair<RemoteAddress, PushRequest>> pushes;

private:
    GitHubFake &m_fake;
};

struct GitHubWorld {
    GitHubFake fake;
    ManualClock clock;
    FakeRemotes remotes{fake};
    QByteArray token = "ghp_secretOfTheTest";
    GitHubForge forge;

    GitHubWorld() : forge(partsOf(*this))
    {
        fake.with([](GitHubState &state) {
            state.branches[QStringLiteral("main")] = commitOf('a');
            state.branches[QStringLiteral("factory/one")] = commitOf('b');
            state.protectedBranches.insert(QStringLiteral("main"));
        });
    }
    static GitHubForge::Parts partsOf(GitHubWorld &world)
    {
        GitHubForge::Parts parts;
        parts.address = *githubAddress(world.fake.remote());
        parts.token = [&world]() -> Result<QByteArray> { return world.token; };
        parts.remotes = &world.remotes;
        parts.clock = &world.clock;
        parts.limits.idle = Milliseconds(2000);
        return parts;
    }

    /// What no test may ever see, in the log of all requests and pushes; empty: none of it.
    QString breach()
    {
        static const QRegularExpression allowed(
            QStringLiteral(R"(\A(POST /api/v3/repos/octo/widgets/pulls)"
                           R"(|PATCH /api/v3/repos/octo/widgets/pulls/\d+)"
                           R"(|POST /api/v3/repos/octo/widgets/actions/jobs/\d+/rerun)"
                           R"(|POST /api/v3/repos/octo/widgets/actions/runs/\d+/cancel)"
                           R"(|POST /api/v3/repos/octo/widgets/check-runs/\d+/rerequest)\z)"));
        for (const FakeRequest &request : fake.requests()) {
            const QString line = QString::fromLatin1(request.method + ' ' + request.target);
            if (request.method != "GET" && !allowed.match(line).hasMatch())
                return line;
            if (request.target.contains(token) || request.body.contains(token))
                return QStringLiteral("the token in ") + line;
        }
        for (const FakeRequest &request : fake.storageRequests()) {
            for (const QByteArray &value : request.headers) {
                if (value.contains(token) || request.headers.contains("authorization"))
                    return QStringLiteral("the token at the storage of logs");
            }
        }
        QString broken;
        fake.with([&](GitHubState &state) {
            for (const auto &[remote, push] : remotes.pushes) {
                if (state.protectedBranches.contains(push.branch) || push.branch == state.defaultBranch
                    || !push.branch.startsWith(QStringLiteral("factory/")))
                    broken = QStringLiteral("a push to ") + push.branch;
            }
            std::map<std::pair<QString, QString>, int> open;
            for (const GitHubPull &pull : state.pulls)
                open[{pull.branch, pull.base}] += pull.open ? 1 : 0;
            for (const auto &[key, count] : open)
                broken = count > 1 ? QStringLiteral("two pull requests of ") + key.first : broken;
        });
        return broken;
    }
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Rows 6 and 7: a workspace made, and a workspace restored.
#include "core/git/gitworkspaces.h"
#include "tests/bench/bench.h"

namespace openfactory::bench {

namespace {

WorkspaceRef refOf(const QString &repository, const QString &slug)
{
    WorkspaceRef workspace;
    workspace.repository = repository;
    workspace.slug = slug;
    workspace.name = slug + QStringLiteral("-00000001");
    workspace.path = repository + QStringLiteral("/.factory-workspaces/") + workspace.name;
    workspace.branch = QStringLiteral("factory/") + slug;
    return workspace;
}

const GitIdentity kIdentity{QStringLiteral("Bench"), QStringLiteral("bench@localhost"), {}};

} // namespace

/// worktree REPOSITORY SLUG prepared|cold: made at HEAD, and its state looked at once.
int worktree(const QStringList &words)
{
    GitWorkspaces git(kIdentity);
    const WorkspaceRef workspace = refOf(words[0], words[1]);
    const CommitId head = need(git.resolve(words[0], QStringLiteral("HEAD")));
    if (words.value(2) == QStringLiteral("prepared"))
        say("prepare_ms", milliseconds([&] { need(git.prepare(words[0], head, {})); }));
    say("create_ms", milliseconds([&] { need(git.create(workspace, head, {})); }));
    bool clean = false;
    say("state_ms", milliseconds([&] { clean = need(git.state(workspace)).clean; }));
    say("clean", clean);
    return 0;
}

/// revert REPOSITORY SLUG: to HEAD.
int revert(const QStringList &words)
{
    GitWorkspaces git(kIdentity);
    const WorkspaceRef workspace = refOf(words[0], words[1]);
    const CommitId head = need(git.resolve(words[0], QStringLiteral("HEAD")));
    if (need(git.state(workspace)).clean)
        qFatal("there is nothing to revert");
    say("restore_ms", milliseconds([&] { need(git.restore(workspace, head)); }));
    return 0;
}

} // namespace openfactory::bench

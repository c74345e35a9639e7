// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/bench.h"

#include <QCoreApplication>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <map>

namespace openfactory::bench {

void say(const char *name, double value)
{
    std::printf("%s %.6g\n", name, value);
    std::fflush(stdout);
}

void runPlain(std::vector<const char *> words)
{
    words.push_back(nullptr);
    pid_t pid = 0;
    if (posix_spawn(&pid, words[0], nullptr, nullptr, const_cast<char **>(words.data()), environ) != 0)
        qFatal("%s could not be started", words[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        qFatal("%s failed", words[0]);
}

} // namespace openfactory::bench

int main(int argc, char **argv)
{
    using namespace openfactory::bench;
    QCoreApplication app(argc, argv);
    const std::map<QString, int (*)(const QStringList &)> verbs{
        {QStringLiteral("job"), job},       {QStringLiteral("floor"), floorOf},
        {QStringLiteral("cancel"), cancel}, {QStringLiteral("commits"), commits},
        {QStringLiteral("lists"), lists},   {QStringLiteral("mask-corpus"), maskCorpus},
        {QStringLiteral("mask"), mask},     {QStringLiteral("worktree"), worktree},
        {QStringLiteral("revert"), revert},
    };
    const auto verb = verbs.find(app.arguments().value(1));
    if (verb == verbs.end()) {
        std::fprintf(stderr, "ofbench is called by tests/bench/run\n");
        return 2;
    }
    return verb->second(app.arguments().mid(2));
}

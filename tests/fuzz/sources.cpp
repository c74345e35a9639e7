// SPDX-License-Identifier: Apache-2.0
/// Sources that a job writes, read by every language: what is code, which functions, which imports, what a reviewer
/// asks.
#include "core/policy/rulepackreview.h"
#include "core/toolchain/yamltoolchains.h"
#include "tests/fuzz/fuzz.h"

using namespace openfactory;

namespace {

constexpr const char *kPaths[] = {"a/b.py", "a/b.go", "a/b.rs", "a/b.h", "a/b.cpp", "a/b.ts", "a/b.js", "src/a.gleam"};

ChangeSet changeOf(const RepoPath &path, const QByteArray &text)
{
    FileChange file;
    file.path = file.oldPath = path;
    DiffHunk hunk;
    int number = 1;
    for (const QByteArray &line : text.split('\n'))
        hunk.lines.push_back({DiffLine::Kind::Added, 0, number++, line});
    file.hunks.push_back(hunk);
    return {{file}, {}};
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const auto toolchains = YamlToolchains::load();
    static const auto review = RulePackReview::load();
    require(toolchains.has_value() && review.has_value(), "the built-in files are sound");
    Choices choices(data, size);
    const RepoPath path = kPaths[choices.next() % std::size(kPaths)];
    const QByteArray source = choices.rest();
    const int lines = int(source.count('\n')) + 1;
    for (const QString &name : lexisNames())
        require(kindsOf(source, *lexisNamed(name)).size() == source.size(), "each byte is something");
    for (const SourceFunction &function : (*toolchains)->functions(path, source))
        require(function.line >= 1 && function.lines >= 1 && function.line + function.lines - 1 <= lines,
                "a function lies within its file");
    const SourceFiles files{{"a/b.py", "a/c.py", "a/c.rs", "a/d.ts", "c/d.go", "go.mod", "src/a.rs"},
                            [&](const RepoPath &) -> Result<QByteArray> { return QByteArray("module a\n"); }};
    for (const SourceImport &import : (*toolchains)->imports(path, source, files))
        require(import.line >= 1 && import.line <= lines && (files.has(import.unit) || files.hasBelow(import.unit)),
                "an import is of something that is there");
    const auto findings = (*review)->review(changeOf(path, source));
    require(findings.has_value(), "a review never fails");
    for (const Finding &finding : *findings)
        require(finding.line >= 1 && finding.line <= lines, "a finding lies within its file");
    return 0;
}

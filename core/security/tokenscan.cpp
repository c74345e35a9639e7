// SPDX-License-Identifier: Apache-2.0
#include "core/security/tokenscan.h"

#include "core/security/tokenrules.h"

#include <algorithm>
#include <span>

namespace openfactory {

namespace {

Finding made(const QString &rule, const RepoPath &file, int line, const QString &what)
{
    return {QStringLiteral("secret-scan"),
            rule,
            Severity::Error,
            file,
            line,
            QStringLiteral("the change adds %1").arg(what),
            QStringLiteral(
                "take it out of the change, read it from the environment or a secrets file at run time, and revoke "
                "it if it is real: whoever saw the change knows it"),
            {}};
}

/// A line of a megabyte is looked at in parts that overlap, each short enough for the patterns' stack.
constexpr qsizetype partChars = 64 * 1024;
constexpr qsizetype partOverlap = 8 * 1024;

/// Whether the rule finds something that starts on the line; `next` are the added lines after it.
bool matches(const TokenRule &rule, const QByteArray &lower, const QString &line, std::span<const DiffLine> next)
{
    if (!rule.anchor.isEmpty() && !lower.contains(rule.anchor))
        return false;
    QString text = line;
    for (const DiffLine &more : next.first(std::min(next.size(), size_t(rule.lines - 1))))
        text += u'\n' + QLatin1StringView(more.text.first(std::min<qsizetype>(more.text.size(), 200)));
    for (qsizetype from = 0; from == 0 || from + partOverlap < text.size(); from += partChars - partOverlap) {
        auto all = rule.pattern.globalMatchView(QStringView(text).mid(from, partChars));
        while (all.hasNext()) {
            const QRegularExpressionMatch match = all.next();
            if (from + match.capturedStart() >= line.size())
                break; // starts on a later line: that one's turn will come
            const QStringView secret = match.capturedView(match.lastCapturedIndex() > 0 ? 1 : 0);
            if (rule.leastEntropy == 0 || (entropyOf(secret) >= rule.leastEntropy && !isPlaceholder(secret)))
                return true;
        }
    }
    return false;
}

} // namespace

TokenScan::TokenScan(const Masker &masker) : m_masker(masker)
{}

void TokenScan::scanRun(const RepoPath &file, const std::vector<DiffLine> &run, std::vector<Finding> &findings) const
{
    QByteArray joined;
    bool known = false;
    for (size_t i = 0; i < run.size(); ++i) {
        const DiffLine &line = run[i];
        joined += line.text + '\n';
        if (m_masker.holdsSecret(line.text)) {
            findings.push_back(
                made(QStringLiteral("known-secret"), file, line.newLine, QStringLiteral("a secret of this factory")));
            known = true;
            continue; // the forms below would say the same once more
        }
        const QString text = QString::fromLatin1(line.text); // bytes one to one, whatever the encoding
        const QByteArray lower = line.text.toLower();
        const auto rule = std::ranges::find_if(tokenRules(), [&](const TokenRule &each) {
            return matches(each, lower, text, std::span(run).subspan(i + 1));
        });
        if (rule != tokenRules().end())
            findings.push_back(made(rule->id, file, line.newLine, rule->what));
    }
    if (!known && !run.empty() && m_masker.holdsSecret(joined))
        findings.push_back(made(QStringLiteral("known-secret"), file, run.front().newLine,
                                QStringLiteral("a secret of this factory, over several lines")));
}

std::vector<Finding> TokenScan::scan(const ChangeSet &change) const
{
    std::vector<Finding> findings;
    for (const FileChange &file : change.files) {
        if (file.status == FileStatus::Deleted)
            continue;
        const RepoPath shown = m_masker.mask(file.path);
        if (shown != file.path && (file.status == FileStatus::Added || file.path != file.oldPath))
            findings.push_back(made(QStringLiteral("known-secret"), shown, 0,
                                    QStringLiteral("a file whose name holds a secret of this factory")));
        for (const DiffHunk &hunk : file.hunks) {
            std::vector<DiffLine> run;
            for (const DiffLine &line : hunk.lines) {
                if (line.kind == DiffLine::Kind::Added) {
                    run.push_back(line);
                } else if (line.kind == DiffLine::Kind::Context) {
                    scanRun(shown, run, findings);
                    run.clear();
                }
            }
            scanRun(shown, run, findings);
        }
    }
    return findings;
}

std::vector<Finding> TokenScan::scanContent(const RepoPath &file, const QByteArray &bytes) const
{
    const RepoPath shown = m_masker.mask(file);
    const auto look = [&](const QByteArray &text) {
        std::vector<Finding> findings;
        std::vector<DiffLine> run; // in parts, each of which overlaps the one before it: what spans lines is short
        int number = 0;
        for (qsizetype from = 0; from <= text.size();) {
            const qsizetype end = text.indexOf('\n', from);
            const qsizetype length = (end < 0 ? text.size() : end) - from;
            run.push_back({DiffLine::Kind::Added, 0, ++number, text.mid(from, length)});
            from += length + 1;
            if (run.size() >= 4096 && from <= text.size()) {
                scanRun(shown, run, findings);
                run.erase(run.begin(), run.end() - 64);
            }
            if (!findings.empty())
                return findings; // one is enough to refuse it
        }
        scanRun(shown, run, findings);
        return findings;
    };
    auto findings = look(bytes);
    if (findings.empty() && bytes.contains('\0'))
        findings = look(QByteArray(bytes).replace('\0', QByteArrayView()));
    for (Finding &finding : findings)
        finding.line = bytes.contains('\0') ? 0 : finding.line;
    return findings;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/security/tokenscan.h"

#include "core/base/text.h"
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

/// A line, or a part of one, as rules look at it.
struct Part {
    explicit Part(const QByteArray &bytes) : lower(bytes.toLower()), text(QString::fromLatin1(bytes)) {}
    QByteArray lower;
    QString text; ///< bytes one to one, whatever the encoding
};

/// "openfactory: allow-secret(RULE): REASON" behind the beginning of a comment, to the end of the line.
struct AllowMark {
    qsizetype at = -1; ///< where its comment begins; negative: there is none
    QString rule;
    QString reason;
};

AllowMark markOn(const QByteArray &line)
{
    constexpr qsizetype longest = 4096; // a line of a person; what is longer was written by a machine
    if (line.size() > longest || !line.contains("allow-secret"))
        return {};
    static const QRegularExpression form(
        QStringLiteral(R"((?:#|//|--|/\*|<!--|;|%)\s{0,8}openfactory: allow-secret\(([a-z0-9-]{1,60})\): (.{10,300}?))"
                       R"(\s{0,8}(?:\*/|-->)?\s*$)"));
    const auto match = form.match(QString::fromLatin1(line));
    if (!match.hasMatch())
        return {};
    return {match.capturedStart(), match.captured(1), match.captured(2)};
}

/// A line of a megabyte is looked at in parts that overlap, each short enough for the patterns' stack.
constexpr qsizetype partChars = 64 * 1024;
constexpr qsizetype partOverlap = 8 * 1024;

/// Whether the rule finds something that starts on the line; `next` are the added lines after it.
bool matches(const TokenRule &rule, const QByteArray &lower, const QString &line, std::span<const DiffLine> next,
             bool isPacked)
{
    if (!rule.anchor.isEmpty() && !lower.contains(rule.anchor))
        return false;
    QString text = line;
    for (const DiffLine &more : next.first(std::min(next.size(), size_t(rule.lines - 1))))
        text += u'\n' + QLatin1StringView(more.text.first(std::min<qsizetype>(more.text.size(), 200)));
    for (qsizetype from = 0; from == 0 || from + partOverlap < text.size(); from += partChars - partOverlap) {
        auto all = (isPacked ? rule.packed : rule.pattern).globalMatchView(QStringView(text).mid(from, partChars));
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

void TokenScan::scanRun(const RepoPath &file, const std::vector<DiffLine> &run, Marks marks, Found &found,
                        bool isPacked) const
{
    QByteArray joined;
    bool known = false;
    for (size_t i = 0; i < run.size(); ++i) {
        const DiffLine &line = run[i];
        joined += line.text + '\n';
        if (m_masker.holdsSecret(line.text)) { // whatever a mark says
            found.findings.push_back(
                made(QStringLiteral("known-secret"), file, line.newLine, QStringLiteral("a secret of this factory")));
            known = true;
            continue; // the forms below would say the same once more
        }
        const AllowMark mark = marks == Marks::Count ? markOn(line.text) : AllowMark();
        // A mark speaks for what stands before it, never for what it says itself.
        const Part whole(line.text);
        const auto tail = mark.at < 0 ? std::nullopt : std::optional<Part>(line.text.sliced(mark.at));
        const auto next = std::span(run).subspan(i + 1);
        const auto holds = [&next, isPacked](const TokenRule &rule, const Part &part) {
            return matches(rule, part.lower, part.text, next, isPacked);
        };
        const TokenRule *worst = nullptr;
        bool allows = false;
        for (const TokenRule &rule : tokenRules()) {
            if (!holds(rule, whole))
                continue;
            if (tail && rule.id == mark.rule && !holds(rule, *tail)) {
                allows = true;
                continue;
            }
            worst = &rule;
            break;
        }
        if (worst) {
            found.findings.push_back(made(worst->id, file, line.newLine, worst->what));
        } else if (allows) {
            Finding allowed = made(mark.rule, file, line.newLine, {});
            allowed.severity = Severity::Warning;
            allowed.message = QStringLiteral("marked as no secret: %1").arg(displayable(mark.reason));
            allowed.suggestion = QStringLiteral("look at the line yourself before you accept this risk");
            found.allowed.push_back(std::move(allowed));
        }
    }
    if (!known && !run.empty() && m_masker.holdsSecret(joined))
        found.findings.push_back(made(QStringLiteral("known-secret"), file, run.front().newLine,
                                      QStringLiteral("a secret of this factory, over several lines")));
}

TokenScan::Found TokenScan::look(const ChangeSet &change) const
{
    Found found;
    for (const FileChange &file : change.files) {
        if (file.status == FileStatus::Deleted)
            continue;
        const RepoPath shown = m_masker.mask(file.path);
        if (shown != file.path && (file.status == FileStatus::Added || file.path != file.oldPath))
            found.findings.push_back(made(QStringLiteral("known-secret"), shown, 0,
                                          QStringLiteral("a file whose name holds a secret of this factory")));
        for (const DiffHunk &hunk : file.hunks) {
            std::vector<DiffLine> run;
            for (const DiffLine &line : hunk.lines) {
                if (line.kind == DiffLine::Kind::Added) {
                    run.push_back(line);
                } else if (line.kind == DiffLine::Kind::Context) {
                    scanRun(shown, run, Marks::Count, found);
                    run.clear();
                }
            }
            scanRun(shown, run, Marks::Count, found);
        }
    }
    return found;
}

std::vector<Finding> TokenScan::scan(const ChangeSet &change) const
{
    return look(change).findings;
}

std::vector<Finding> TokenScan::marks(const ChangeSet &change) const
{
    return look(change).allowed;
}

std::vector<Finding> TokenScan::scanContent(const RepoPath &file, const QByteArray &bytes) const
{
    const RepoPath shown = m_masker.mask(file);
    const bool isPacked = bytes.contains('\0');
    const auto lookAt = [&](const QByteArray &text) {
        Found found;
        std::vector<DiffLine> run; // in parts, each of which overlaps the one before it: what spans lines is short
        int number = 0;
        for (qsizetype from = 0; from <= text.size();) {
            const qsizetype end = text.indexOf('\n', from);
            const qsizetype length = (end < 0 ? text.size() : end) - from;
            run.push_back({DiffLine::Kind::Added, 0, ++number, text.mid(from, length)});
            from += length + 1;
            if (run.size() >= 4096 && from <= text.size()) {
                scanRun(shown, run, Marks::Ignored, found, isPacked);
                run.erase(run.begin(), run.end() - 64);
            }
            if (!found.findings.empty())
                return found.findings; // one is enough to refuse it
        }
        scanRun(shown, run, Marks::Ignored, found, isPacked);
        return found.findings;
    };
    auto findings = lookAt(bytes);
    if (findings.empty() && isPacked)
        findings = lookAt(QByteArray(bytes).replace('\0', QByteArrayView()));
    for (Finding &finding : findings)
        finding.line = isPacked ? 0 : finding.line;
    return findings;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/policy/rulepackreview.h"

#include "core/base/text.h"
#include "core/domain/contract.h"
#include "core/policy/statements.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <array>
#include <map>

// A static library's resources are only linked in where somebody names them; the macro works outside of namespaces
// only.
static void nameResources()
{
    Q_INIT_RESOURCE(policies);
}

namespace openfactory {

namespace {

QString viewed(const Statement &statement, Rule::View view)
{
    if (view == Rule::View::Any)
        return statement.all;
    const QStringView shown = view == Rule::View::Code       ? u"c\""
                              : view == Rule::View::Strings  ? u"s\""
                              : view == Rule::View::Comments ? u"#"
                                                             : u"cs\"";
    QString out = statement.all;
    for (qsizetype at = 0; at < out.size(); ++at) {
        if (!shown.contains(statement.kinds[at]) && out[at] != u'\n')
            out[at] = u' ';
    }
    return out;
}

bool matches(const QRegularExpression &expression, const QString &text)
{
    return expression.match(text).hasMatch();
}

bool isGiven(const QRegularExpression &expression)
{
    return !expression.pattern().isEmpty();
}

/// Looks at one hunk of one file with one pack.
class HunkReview {
public:
    HunkReview(const RulePack &pack, const FileChange &file, const DiffHunk &hunk, std::vector<Finding> &findings)
        : m_pack(pack),
          m_file(file),
          m_header(QString::fromLatin1(
              hunk.header.trimmed().first(std::min<qsizetype>(hunk.header.trimmed().size(), mostLineBytes)))),
          m_statements(statementsOf(hunk, *pack.lexis)),
          m_findings(findings)
    {
        const auto shown = std::ranges::find_if(
            hunk.lines, [](const DiffLine &line) { return line.kind != DiffLine::Kind::Removed; });
        if (shown != hunk.lines.end())
            m_firstLine = shown->newLine;
        for (const Statement &statement : m_statements) {
            for (const auto view : {Rule::View::Code, Rule::View::Strings, Rule::View::Comments,
                                    Rule::View::Uncommented, Rule::View::Any})
                m_views[size_t(view)].push_back(viewed(statement, view));
        }
        for (const Statement &statement : m_statements)
            m_spared.push_back(isGiven(pack.spared) && std::ranges::any_of(statement.enclosing, [&](int outer) {
                                   return matches(pack.spared, code(outer));
                               }));
    }

    void run(const Rule &rule)
    {
        for (size_t i = 0; i < m_statements.size(); ++i) {
            if (!m_spared[i])
                apply(rule, int(i));
        }
    }

private:
    const QString &text(int statement, Rule::View view) const { return m_views[size_t(view)][size_t(statement)]; }
    const QString &code(int statement) const { return statement < 0 ? m_header : text(statement, Rule::View::Code); }

    int neighbour(int statement, int step) const
    {
        for (int i = statement + step; i >= 0 && i < int(m_statements.size()); i += step) {
            // A brace that opens on a line of its own is part of what stands before.
            if (m_statements[size_t(i)].hasCode()
                && (m_pack.lexis->indented || text(i, Rule::View::Code).trimmed() != u"{"))
                return i;
        }
        return -1;
    }

    bool inFunction(int statement) const
    {
        return std::ranges::any_of(m_statements[size_t(statement)].enclosing,
                                   [&](int outer) { return matches(m_pack.functions, code(outer)); });
    }

    bool inBlock(int statement) const
    {
        return std::ranges::any_of(m_statements[size_t(statement)].enclosing, [&](int outer) {
            return !isGiven(m_pack.scopes) || !matches(m_pack.scopes, code(outer));
        });
    }

    /// Whether a comment stands right above; also where the hunk does not show what does.
    bool isDocumented(int statement) const
    {
        int line = m_statements[size_t(statement)].lines.front().number;
        for (int i = statement - 1; i >= 0; --i) {
            const Statement &above = m_statements[size_t(i)];
            if (above.lines.back().number != line - 1)
                return false;
            if (!above.hasCode())
                return true;
            static const QRegularExpression attribute(QStringLiteral("^(?:#!?\\[|@\\w|\\[\\[|template\\s*<)"));
            if (!matches(attribute, text(i, Rule::View::Code)))
                return false;
            line = above.lines.front().number;
        }
        return line > 1 && line == m_firstLine;
    }

    bool inLoop(const Rule &rule, int statement, const QString &caught) const
    {
        const auto &enclosing = m_statements[size_t(statement)].enclosing;
        for (auto outer = enclosing.rbegin(); outer != enclosing.rend(); ++outer) {
            if (matches(m_pack.functions, code(*outer)))
                return false;
            if (!matches(m_pack.loops, code(*outer)))
                continue;
            if (rule.within == Rule::Within::Loop
                || rule.pattern.match(code(*outer)).captured(1).simplified() == caught)
                return true;
        }
        return false;
    }

    /// Added lines that the text from..to lies on: the first of them, 0 where there is none.
    int addedLine(int statement, qsizetype from, qsizetype to) const
    {
        const Statement &here = m_statements[size_t(statement)];
        for (size_t i = 0; i < here.lines.size(); ++i) {
            const qsizetype start = here.offsets[i];
            const qsizetype end = i + 1 < here.lines.size() ? here.offsets[i + 1] : here.all.size() + 1;
            if (here.lines[i].added && from < end && to > start)
                return here.lines[i].number;
        }
        return 0;
    }

    void report(const Rule &rule, int line, const QString &what) const
    {
        m_findings.push_back({QStringLiteral("review/") + m_pack.name,
                              rule.id,
                              rule.severity,
                              m_file.path,
                              line,
                              what,
                              rule.suggestion,
                              {}});
    }

    void apply(const Rule &rule, int statement) const
    {
        const QString &shown = text(statement, rule.view);
        if (rule.view != Rule::View::Comments && !m_statements[size_t(statement)].hasCode())
            return;
        const QRegularExpressionMatch match = rule.pattern.match(shown);
        if (!match.isValid()) {
            if (const int line = addedLine(statement, 0, shown.size() + 1))
                report(rule, line, QStringLiteral("this line is too tangled for the rule \"%1\"").arg(rule.id));
            return;
        }
        if (!match.hasMatch() || (isGiven(rule.except) && matches(rule.except, shown)))
            return;
        const int next = neighbour(statement, 1), previous = neighbour(statement, -1);
        // An empty match still stands on a line.
        int line = addedLine(statement, match.capturedStart(),
                             std::max(match.capturedEnd(), match.capturedStart() + 1));
        if (line == 0 && isGiven(rule.next) && next >= 0)
            line = addedLine(next, 0, 1);
        if (line == 0)
            return;
        const QString caught = match.captured(1).simplified();
        const bool holds = (rule.within == Rule::Within::Anything || inLoop(rule, statement, caught))
                           && !(rule.notWithinFunction && inFunction(statement))
                           && !(rule.notWithinBlock && inBlock(statement))
                           && !(rule.undocumented && isDocumented(statement))
                           && (!isGiven(rule.next) || (next >= 0 && matches(rule.next, code(next))))
                           && (!isGiven(rule.nextNot) || (next >= 0 && !matches(rule.nextNot, code(next))))
                           && (!isGiven(rule.previousNot) || previous < 0 || !matches(rule.previousNot, code(previous)))
                           && (!rule.first || (m_file.status == FileStatus::Added && previous < 0));
        if (holds)
            report(rule, line, QString(rule.what).replace(QStringLiteral("{1}"), displayable(caught.left(60))));
    }

    const RulePack &m_pack;
    const FileChange &m_file;
    QString m_header;
    int m_firstLine = 1; ///< of what the hunk shows
    std::vector<Statement> m_statements;
    std::vector<bool> m_spared; ///< statements that no rule looks at
    std::array<std::vector<QString>, 5> m_views;
    std::vector<Finding> &m_findings;
};

bool isNamed(const RepoPath &path, const QStringList &globs)
{
    return std::ranges::any_of(globs, [&](const QString &glob) { return matchesGlob(path, glob); });
}

/// Whether a line that was there before the change matches.
bool keeps(const FileChange &file, const QRegularExpression &expression)
{
    for (const DiffHunk &hunk : file.hunks) {
        for (const DiffLine &line : hunk.lines) {
            if (line.kind != DiffLine::Kind::Added && line.text.size() <= mostLineBytes
                && matches(expression, QString::fromLatin1(line.text)))
                return true;
        }
    }
    return false;
}

} // namespace

Result<std::unique_ptr<RulePackReview>> RulePackReview::load(const QString &folder)
{
    nameResources();
    std::vector<RulePack> packs;
    const QDir dir(folder);
    for (const QString &name : dir.entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name)) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::Io, QStringLiteral("read %1").arg(file.fileName()), file.errorString());
        OF_TRY(pack, readRulePack(file.readAll(), name));
        packs.push_back(std::move(pack));
    }
    if (packs.empty())
        return fail(ErrorKind::NotFound, QStringLiteral("read rule packs from %1").arg(folder),
                    QStringLiteral("there is none"));
    return std::make_unique<RulePackReview>(std::move(packs));
}

RulePackReview::RulePackReview(std::vector<RulePack> packs) : m_packs(std::move(packs))
{}

namespace {

/// Of one rule; what comes after is only counted, so that a habit of a whole change does not push out everything else.
constexpr int kMostOfOneRule = 25;

/// Keeps the first findings of each rule; the last one kept says how many more there are.
std::vector<Finding> folded(std::vector<Finding> findings)
{
    std::map<std::pair<QString, QString>, int> counts;
    for (const Finding &finding : findings)
        ++counts[{finding.tool, finding.rule}];
    std::map<std::pair<QString, QString>, int> seen;
    std::vector<Finding> kept;
    for (Finding &finding : findings) {
        const auto rule = std::pair(finding.tool, finding.rule);
        const int number = ++seen[rule];
        if (number > kMostOfOneRule)
            continue;
        if (number == kMostOfOneRule && counts[rule] > kMostOfOneRule)
            finding.message += QStringLiteral(" (and %1 times more in this change)").arg(counts[rule] - kMostOfOneRule);
        kept.push_back(std::move(finding));
    }
    return kept;
}

} // namespace

Result<std::vector<Finding>> RulePackReview::review(const ChangeSet &change) const
{
    std::vector<Finding> findings;
    for (const FileChange &file : change.files) {
        const auto start = qsizetype(findings.size());
        for (const RulePack &pack : m_packs) {
            if (file.status == FileStatus::Deleted || file.binary || !isNamed(file.path, pack.files))
                continue;
            std::vector<const Rule *> rules;
            for (const Rule &rule : pack.rules) {
                if (!isNamed(file.path, rule.exceptFiles)
                    && !(isGiven(rule.unlessKept) && keeps(file, rule.unlessKept)))
                    rules.push_back(&rule);
            }
            for (const DiffHunk &hunk : file.hunks) {
                HunkReview review(pack, file, hunk, findings);
                for (const Rule *rule : rules)
                    review.run(*rule);
            }
        }
        std::stable_sort(findings.begin() + start, findings.end(), [](const Finding &a, const Finding &b) {
            return a.line != b.line ? a.line < b.line : a.severity > b.severity;
        });
    }
    return folded(std::move(findings));
}

} // namespace openfactory

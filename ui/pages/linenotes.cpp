// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/linenotes.h"

#include "core/domain/cutfindings.h"

#include <QCoreApplication>

#include <algorithm>

namespace openfactory::ui {

namespace {

constexpr qsizetype kMostText = 400;

class Notes {
    Q_DECLARE_TR_FUNCTIONS(Notes)
};

CommitId judged(const AttemptRecord &attempt)
{
    return attempt.reverted ? attempt.reverted->commit : attempt.start;
}

} // namespace

std::vector<Judgement> judgementsOf(const std::vector<AttemptRecord> &attempts, const CommitId &content)
{
    std::map<QString, const AttemptRecord *> chosen;
    for (const AttemptRecord &attempt : attempts) { // oldest first
        if (!attempt.verdict || judged(attempt).isEmpty())
            continue;
        const AttemptRecord *&of = chosen[attempt.stage];
        if (!of || judged(attempt) == content || judged(*of) != content)
            of = &attempt;
    }
    std::vector<Judgement> judgements;
    for (const auto &[stage, attempt] : chosen)
        judgements.push_back({judged(*attempt), attempt->verdict->findings,
                              findingsIn(*attempt->verdict) > qint64(attempt->verdict->findings.size())});
    return judgements;
}

DiffNotes notesOf(const std::vector<Judgement> &judgements, const CommitId &content,
                  const std::function<std::optional<QSet<RepoPath>>(const CommitId &, const CommitId &)> &changedPaths)
{
    DiffNotes notes;
    QHash<CommitId, std::optional<QSet<RepoPath>>> differ;
    for (const Judgement &judgement : judgements) {
        if (judgement.findings.empty())
            continue;
        std::optional<QSet<RepoPath>> others = QSet<RepoPath>();
        if (judgement.content != content) {
            if (!differ.contains(judgement.content))
                differ.insert(judgement.content, changedPaths(judgement.content, content));
            others = differ.value(judgement.content);
        }
        for (const Finding &finding : judgement.findings) {
            if (!others || finding.file.isEmpty() || finding.line <= 0 || others->contains(finding.file))
                continue;
            if (finding.rule == u"uncovered-change") {
                notes.uncovered[finding.file].push_back(finding.line);
                notes.uncoveredCut = notes.uncoveredCut || judgement.cut;
            } else if (finding.rule != u"uncovered-file") // of the file as a whole: in the table of findings
                notes.findings.push_back(
                    {finding.file, finding.line,
                     finding.before
                         ? Notes::tr("%1 (found before the change as well)").arg(finding.message.left(kMostText))
                         : finding.message.left(kMostText)});
        }
    }
    for (std::vector<int> &lines : notes.uncovered) {
        std::ranges::sort(lines);
        const auto [first, last] = std::ranges::unique(lines);
        lines.erase(first, last);
    }
    return notes;
}

} // namespace openfactory::ui

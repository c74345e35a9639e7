// SPDX-License-Identifier: Apache-2.0
#include "core/domain/decision.h"

#include "core/base/text.h"
#include "core/domain/names.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace openfactory {

namespace {

constexpr Named<DecisionKind> kKinds[] = {
    {DecisionKind::Approve, u"approve"},
    {DecisionKind::Reject, u"reject"},
    {DecisionKind::RequestChanges, u"request-changes"},
};
constexpr Named<Strategy> kStrategies[] = {{Strategy::Direct, u"direct"}, {Strategy::Gradual, u"gradual"}};

} // namespace

QString Binding::digest() const
{
    QJsonArray fields{diff, evidence, contract};
    if (!spec.isEmpty())
        fields.append(spec);
    return QString::fromLatin1(
        sha256Hex("openfactory binding 1\n" + QJsonDocument(fields).toJson(QJsonDocument::Compact)));
}

QString evidenceHash(const std::vector<std::pair<QString, Verdict>> &byStage)
{
    QJsonArray all;
    for (const auto &[stage, verdict] : byStage) {
        QJsonObject one = toJson(verdict);
        // The summary is made for people from what is hashed, and may say how long it took.
        one.remove(QStringLiteral("summary"));
        one.remove(QStringLiteral("retryAfterMs"));
        one.remove(QStringLiteral("record")); // the same was found on the same inputs
        all.append(QJsonArray{stage, one});
    }
    // Compact text of a QJsonObject is canonical: its keys are sorted.
    return QString::fromLatin1(
        sha256Hex("openfactory evidence 1\n" + QJsonDocument(all).toJson(QJsonDocument::Compact)));
}

QString whatDiffers(const Binding &shown, const Binding &now)
{
    QStringList changed;
    if (shown.diff != now.diff)
        changed += QStringLiteral("the diff");
    if (shown.evidence != now.evidence)
        changed += QStringLiteral("the evidence");
    if (shown.contract != now.contract)
        changed += QStringLiteral("the contract");
    if (shown.spec != now.spec)
        changed += QStringLiteral("the spec or the plan");
    return changed.join(QStringLiteral(" and "));
}

std::optional<QString> whyVoid(const Binding &decided, const Binding &now)
{
    const QString changed = whatDiffers(decided, now);
    if (changed.isEmpty())
        return std::nullopt;
    return changed + QStringLiteral(" changed after the decision");
}

Result<void> checkDecision(const Decision &decision, const std::vector<Risk> &risks, bool absoluteFailure)
{
    const QString doing = QStringLiteral("decide %1 at %2").arg(toName(decision.kind), decision.gate);
    const bool approves = decision.kind == DecisionKind::Approve;
    if (absoluteFailure && approves)
        return fail(ErrorKind::Denied, doing, QStringLiteral("a stage whose failure no decision overrides has failed"),
                    QStringLiteral("send it back with factory request-changes, or reject it"));
    if (!approves && decision.comment.trimmed().isEmpty()) {
        const bool rejects = decision.kind == DecisionKind::Reject;
        return fail(ErrorKind::Invalid, doing,
                    rejects ? QStringLiteral("a rejection needs a comment")
                            : QStringLiteral("a request for changes needs a comment"),
                    rejects ? QStringLiteral("say why, with --comment \"...\"")
                            : QStringLiteral("say what has to change, with --comment \"...\""));
    }
    if (!approves && !decision.acceptedRisks.isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("only an approval accepts risks"));
    if (!approves)
        return {};
    if (decision.strategy == Strategy::Gradual)
        return fail(ErrorKind::Unsupported, doing, QStringLiteral("the strategy gradual is not built yet"),
                    QStringLiteral("approve with the strategy direct"));
    for (const auto &name : decision.acceptedRisks) {
        if (std::ranges::find(risks, name, &Risk::name) == risks.end())
            return fail(ErrorKind::Invalid, doing,
                        QStringLiteral("there is no risk \"%1\"").arg(displayable(name.left(80))),
                        QStringLiteral("factory show --detailed lists the risks"));
    }
    QStringList open;
    for (const auto &risk : risks) {
        if (risk.acceptedBy.isEmpty() && !decision.acceptedRisks.contains(risk.name))
            open += risk.name;
    }
    if (!open.isEmpty())
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("these risks are open: %1").arg(open.join(QStringLiteral(", "))),
                    QStringLiteral("accept each by name, with a comment, or ask for changes"));
    if (!decision.acceptedRisks.isEmpty() && decision.comment.trimmed().isEmpty())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("accepting a risk needs a comment"),
                    QStringLiteral("say why it may be accepted"));
    return {};
}

Finding remarkOf(const Decision &decision)
{
    Finding finding;
    finding.tool = decision.actor;
    finding.rule = toName(decision.kind);
    finding.message = decision.comment;
    return finding;
}

QString toName(DecisionKind kind)
{
    return nameIn(kKinds, kind);
}

std::optional<DecisionKind> decisionKindFrom(QStringView text)
{
    return valueIn(kKinds, text);
}

QString toName(Strategy strategy)
{
    return nameIn(kStrategies, strategy);
}

std::optional<Strategy> strategyFrom(QStringView text)
{
    return valueIn(kStrategies, text);
}

} // namespace openfactory

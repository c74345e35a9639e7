// SPDX-License-Identifier: Apache-2.0
#include "core/domain/pipeline.h"

#include "core/domain/names.h"

#include <algorithm>

namespace openfactory {

namespace {

constexpr Named<StageKind> kKinds[] = {
    {StageKind::Preflight, u"preflight"},
    {StageKind::Spec, u"spec"},
    {StageKind::Architecture, u"architecture"},
    {StageKind::Tickets, u"tickets"},
    {StageKind::Implement, u"implement"},
    {StageKind::UnitTest, u"unit-test"},
    {StageKind::Coverage, u"coverage"},
    {StageKind::Lint, u"lint"},
    {StageKind::Static, u"static"},
    {StageKind::Integration, u"integration"},
    {StageKind::Security, u"security"},
    {StageKind::Review, u"review"},
    {StageKind::Boundary, u"boundary"},
    {StageKind::Integrate, u"integrate"},
    {StageKind::Tcr, u"tcr"},
    {StageKind::PullRequest, u"pull-request"},
    {StageKind::Deploy, u"deploy"},
    {StageKind::Rollout, u"rollout"},
    {StageKind::Accept, u"accept"},
    {StageKind::Release, u"release"},
    {StageKind::Command, u"command"},
};
constexpr Named<FailureClass> kClasses[] = {{FailureClass::Hard, u"hard"},
                                            {FailureClass::Soft, u"soft"},
                                            {FailureClass::Absolute, u"absolute"}};

/// Words in double quotes, as YAML reads them: everything that is not plainly printable is escaped.
QString quoted(const QString &text)
{
    QString out = QStringLiteral("\"");
    for (const char32_t c : text.toUcs4()) {
        if (c == U'"' || c == U'\\')
            out += QLatin1Char('\\') + QChar(c);
        else if (QChar::isPrint(c))
            out += QString::fromUcs4(&c, 1);
        else
            out += QStringLiteral("\\U%1").arg(uint(c), 8, 16, QLatin1Char('0'));
    }
    return out + QLatin1Char('"');
}

} // namespace

std::optional<int> Pipeline::indexOf(QStringView stage) const
{
    const auto found = std::ranges::find(stages, stage, &StageDefinition::name);
    return found == stages.end() ? std::nullopt : std::optional(int(found - stages.begin()));
}

std::optional<int> Pipeline::indexOf(StageKind kind) const
{
    const auto found = std::ranges::find(stages, kind, &StageDefinition::kind);
    return found == stages.end() ? std::nullopt : std::optional(int(found - stages.begin()));
}

QString toName(StageKind kind)
{
    return nameIn(kKinds, kind);
}

QString toName(FailureClass failure)
{
    return nameIn(kClasses, failure);
}

std::optional<StageKind> stageKindFrom(QStringView text)
{
    return valueIn(kKinds, text);
}

std::optional<FailureClass> failureClassFrom(QStringView text)
{
    return valueIn(kClasses, text);
}

bool isBuilt(StageKind kind)
{
    switch (kind) {
    case StageKind::Rollout: return false;
    default: return true;
    }
}

bool isDocument(StageKind kind)
{
    return kind == StageKind::Spec || kind == StageKind::Architecture || kind == StageKind::Tickets;
}

bool isGate(StageKind kind)
{
    return kind == StageKind::Deploy || kind == StageKind::Accept;
}

bool takesCommand(StageKind kind)
{
    switch (kind) {
    case StageKind::Implement:
    case StageKind::UnitTest:
    case StageKind::Coverage:
    case StageKind::Lint:
    case StageKind::Static:
    case StageKind::Integration:
    case StageKind::Security:
    case StageKind::Command: return true;
    default: return false;
    }
}

bool isStageName(QStringView name)
{
    return !name.isEmpty() && name.size() <= 40 && name.front() != u'-' && std::ranges::all_of(name, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
    });
}

QStringList notBuiltYet(const Pipeline &pipeline)
{
    QStringList names;
    for (const auto &stage : pipeline.stages) {
        if (!isBuilt(stage.kind))
            names += stage.name;
    }
    return names;
}

QString toYaml(const Pipeline &pipeline)
{
    QString out = QStringLiteral("pipeline: %1\nstages:\n").arg(pipeline.name);
    for (const auto &stage : pipeline.stages) {
        out += QStringLiteral("  - name: %1\n    kind: %2\n    failure: %3\n")
                   .arg(quoted(stage.name), toName(stage.kind), toName(stage.failure));
        if (stage.reverts)
            out += QStringLiteral("    reverts: true\n");
        out += QStringLiteral("    attempts: %1\n").arg(stage.attempts);
        if (!stage.command.isEmpty()) {
            QStringList words;
            for (const auto &word : stage.command)
                words += quoted(word);
            out += QStringLiteral("    command: [%1]\n").arg(words.join(QStringLiteral(", ")));
        }
        if (stage.network)
            out += QStringLiteral("    network: true\n");
        if (stage.timeout)
            out += QStringLiteral("    timeout_seconds: %1\n").arg(stage.timeout->count());
    }
    return out;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/domain/spec.h"

#include "core/base/text.h"

#include <QJsonDocument>

#include <set>

namespace openfactory {

Reading<Spec> readSpec(const QByteArray &json)
{
    const auto document = readDocument(json, QStringLiteral("spec"));
    Reading<Spec> reading{{}, document.faults};
    if (!document.isSound())
        return reading;
    const QJsonObject &object = document.value;
    Spec &spec = reading.value;
    spec.title = object[QStringLiteral("title")].toString();
    spec.scope = textsIn(object, u"scope");
    spec.nonGoals = textsIn(object, u"non_goals");
    spec.assumptions = textsIn(object, u"assumptions");
    spec.constraints = textsIn(object, u"constraints");
    spec.risks = textsIn(object, u"risks");
    std::set<QString> seen;
    for (const QJsonValue &value : object[QStringLiteral("acceptance_criteria")].toArray()) {
        const Criterion criterion{value[QStringLiteral("id")].toString(), value[QStringLiteral("text")].toString()};
        if (!seen.insert(criterion.id).second)
            reading.faults.push_back(documentFault(
                QStringLiteral("unique"), QStringLiteral("/acceptance_criteria/%1/id").arg(spec.criteria.size()),
                QStringLiteral("%1 was given before").arg(criterion.id), QStringLiteral("number the criteria anew")));
        spec.criteria.push_back(criterion);
    }
    return reading;
}

QByteArray toJson(const Spec &spec)
{
    QJsonArray criteria;
    for (const Criterion &criterion : spec.criteria)
        criteria.append(QJsonObject{{QStringLiteral("id"), criterion.id}, {QStringLiteral("text"), criterion.text}});
    QJsonObject object{{QStringLiteral("scope"), QJsonArray::fromStringList(spec.scope)},
                       {QStringLiteral("non_goals"), QJsonArray::fromStringList(spec.nonGoals)},
                       {QStringLiteral("assumptions"), QJsonArray::fromStringList(spec.assumptions)},
                       {QStringLiteral("acceptance_criteria"), criteria},
                       {QStringLiteral("constraints"), QJsonArray::fromStringList(spec.constraints)},
                       {QStringLiteral("risks"), QJsonArray::fromStringList(spec.risks)}};
    if (!spec.title.isEmpty())
        object[QStringLiteral("title")] = spec.title;
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

QString toMarkdown(const Spec &spec)
{
    QStringList criteria;
    for (const Criterion &criterion : spec.criteria)
        criteria << criterion.id + QStringLiteral(": ") + criterion.text;
    return QStringLiteral("# %1\n").arg(spec.title.isEmpty() ? QStringLiteral("Spec") : markdownText(spec.title))
           + markdownList(QStringLiteral("Scope"), spec.scope)
           + markdownList(QStringLiteral("Non-goals"), spec.nonGoals)
           + markdownList(QStringLiteral("Assumptions"), spec.assumptions)
           + markdownList(QStringLiteral("Acceptance criteria"), criteria)
           + markdownList(QStringLiteral("Constraints"), spec.constraints)
           + markdownList(QStringLiteral("Risks and threats"), spec.risks);
}

QString toYaml(const Spec &spec)
{
    QString out;
    if (!spec.title.isEmpty())
        out += QStringLiteral("title: %1\n").arg(yamlText(spec.title));
    const auto list = [&](const char *key, const QStringList &texts) {
        out += QLatin1StringView(key) + (texts.isEmpty() ? QStringLiteral(": []\n") : QStringLiteral(":\n"));
        for (const QString &text : texts)
            out += QStringLiteral("  - %1\n").arg(yamlText(text));
    };
    list("scope", spec.scope);
    list("non_goals", spec.nonGoals);
    list("assumptions", spec.assumptions);
    out += QStringLiteral("acceptance_criteria:\n");
    for (const Criterion &criterion : spec.criteria)
        out += QStringLiteral("  - id: %1\n    text: %2\n").arg(criterion.id, yamlText(criterion.text));
    list("constraints", spec.constraints);
    list("risks", spec.risks);
    return out;
}

} // namespace openfactory

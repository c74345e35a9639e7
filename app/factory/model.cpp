// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/session.h"
#include "app/wiring/settings.h"
#include "core/authors/modelauthor.h"
#include "core/base/text.h"

#include <QJsonArray>

namespace openfactory::cli {

namespace {

int listModels(Session &session)
{
    const ModelsSettings &settings = session.factory().settings().models;
    QJsonArray list;
    std::vector<QStringList> rows;
    for (const auto &[name, model] : settings.models) {
        QStringList marks;
        if (name == settings.model)
            marks << QStringLiteral("default");
        if (name == settings.gateFailingModel)
            marks << QStringLiteral("for failed gates");
        list.append(QJsonObject{{QStringLiteral("name"), name},
                                {QStringLiteral("model"), model.model},
                                {QStringLiteral("url"), model.url.toString()},
                                {QStringLiteral("default"), name == settings.model},
                                {QStringLiteral("gate_failing"), name == settings.gateFailingModel}});
        rows.push_back(
            {name, displayable(model.model), displayable(model.url.toString()), marks.join(QStringLiteral(", "))});
    }
    session.table(rows);
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("models"), list}});
    if (rows.empty())
        session.say(QStringLiteral("no models; describe one below models: in %1 (docs/models.md)")
                        .arg(settingsPath(session.dataFolder())));
    return Ok;
}

int checkOne(Session &session, const QString &name)
{
    const auto client = session.factory().model(name);
    if (!client)
        return session.refuse(client.error());
    const auto checked = checkModel(*client, nullptr, {});
    if (!checked)
        return session.refuse(checked.error());
    if (session.json()) {
        session.say(QJsonObject{{QStringLiteral("name"), client->settings().name},
                                {QStringLiteral("model"), checked->model},
                                {QStringLiteral("latency_ms"), qint64(checked->latency.count())},
                                {QStringLiteral("structured"), checked->structured}});
        return Ok;
    }
    session.say(QStringLiteral("%1 answers as %2 in %3")
                    .arg(client->settings().name, displayable(checked->model), durationText(checked->latency.count())));
    session.say(checked->structured
                    ? QStringLiteral("structured output: yes")
                    : QStringLiteral("structured output: no; answers are asked for in words and judged here"));
    return Ok;
}

} // namespace

int model(Session &session, const Arguments &arguments)
{
    if (const auto wired = session.wire(); !wired)
        return session.refuse(wired.error());
    const QString what = arguments.words().value(0);
    if (what == QStringLiteral("list") && arguments.words().size() == 1)
        return listModels(session);
    if (what == QStringLiteral("check"))
        return checkOne(session, arguments.words().value(1));
    return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("look at the models"),
                                what.isEmpty() ? QStringLiteral("nothing was asked")
                                               : QStringLiteral("\"%1\" is not known").arg(displayable(what.left(60))),
                                QStringLiteral("say factory model list, or factory model check [NAME]")});
}

} // namespace openfactory::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/session.h"
#include "core/base/text.h"

#include <QJsonArray>

namespace openfactory::cli {

int doctor(Session &session, const Arguments &)
{
    const auto checks = examineHost(session.dataFolder());
    QJsonArray list;
    std::vector<QStringList> rows;
    bool bad = false;
    for (const auto &check : checks) {
        const bool red = check.state == HostCheck::State::Missing;
        bad = bad || (red && check.needed);
        list.append(QJsonObject{{QStringLiteral("name"), check.name.trimmed()},
                                {QStringLiteral("state"), toName(check.state)},
                                {QStringLiteral("needed"), check.needed},
                                {QStringLiteral("said"), check.said},
                                {QStringLiteral("fix"), check.fix}});
        rows.push_back({toName(check.state), check.name, check.said});
        if (check.state != HostCheck::State::Good && !check.fix.isEmpty())
            rows.push_back({QString(), QString(), QStringLiteral("-> ") + check.fix});
    }
    session.table(rows);
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("checks"), list}, {QStringLiteral("usable"), !bad}});
    session.say(bad ? QStringLiteral("\njobs cannot run here until what is missing and needed is mended")
                    : QStringLiteral("\njobs can run here"));
    return bad ? Environment : Ok;
}

int discover(Session &session, const Arguments &)
{
    return session.refuse(Error{ErrorKind::Unsupported, QStringLiteral("discover ideas"),
                                QStringLiteral("discovery is not built yet"),
                                QStringLiteral("make a job yourself: factory new -s my-feature")});
}

namespace {

/// A text that is made for another program: as it is, or as the one value of an object.
int sayWhole(Session &session, const QString &text)
{
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("text"), text}});
    else
        session.out() << text;
    return Ok;
}

} // namespace

int completion(Session &session, const Arguments &arguments)
{
    const auto script = completionScript(arguments.words().value(0));
    return script ? sayWhole(session, *script) : session.refuse(script.error());
}

int man(Session &session, const Arguments &)
{
    return sayWhole(session, manPage());
}

int help(Session &session, const Arguments &arguments)
{
    const QString topic = arguments.words().value(0);
    if (topic.isEmpty() || topic == QStringLiteral("exit-codes")) {
        if (session.json())
            session.say(helpJson());
        else
            session.out() << (topic.isEmpty() ? helpText() : exitCodeText());
        return Ok;
    }
    const Command *command = findCommand(topic);
    if (!command)
        return session.refuse(
            Error{ErrorKind::NotFound, QStringLiteral("show help on \"%1\"").arg(displayable(topic.left(60))),
                  QStringLiteral("there is no such command"), QStringLiteral("factory help lists them")});
    if (session.json())
        session.say(helpJson(*command));
    else
        session.out() << helpText(*command);
    return Ok;
}

} // namespace openfactory::cli

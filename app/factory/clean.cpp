// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "core/base/text.h"
#include "core/engine/jobcaches.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QLocale>

namespace openfactory::cli {

int cleanCaches(Session &session, const Arguments &arguments)
{
    const bool dry = arguments.has(QStringLiteral("dry-run"));
    std::stop_source stop;
    const Interrupts interrupts([&] { stop.request_stop(); });
    const auto heard = [] { QCoreApplication::processEvents(); }; // Ctrl-C, between two homes
    const auto found = dry ? idleCaches(session.store(), session.dataFolder(), stop.get_token())
                           : removeIdleCaches(session.store(), session.dataFolder(), stop.get_token(), heard);
    if (!found) {
        const int code = session.refuse(found.error());
        return interrupts.happened() ? int(Interrupted) : code;
    }
    QStringList left;
    for (const QString &home : found->left)
        left << displayable(home);
    if (session.json()) {
        session.say(QJsonObject{{QStringLiteral("removed"), !dry},
                                {QStringLiteral("jobs"), found->jobs},
                                {QStringLiteral("bytes"), found->use.bytes},
                                {QStringLiteral("files"), found->use.files},
                                {QStringLiteral("left"), QJsonArray::fromStringList(left)}});
        return left.isEmpty() ? Ok : Refused;
    }
    const QString size = QLocale::c().formattedDataSize(found->use.bytes, 1);
    const QString jobs = found->jobs == 1 ? QStringLiteral("1 job that is over")
                                          : QStringLiteral("%1 jobs that are over").arg(found->jobs);
    if (found->jobs == 0 && left.isEmpty())
        session.say(QStringLiteral("no job that is over has caches"));
    else
        session.say((dry ? QStringLiteral("the caches of %1 hold %2; without --dry-run they are removed")
                         : QStringLiteral("the caches of %1 were removed, %2 freed"))
                        .arg(jobs, size));
    if (!left.isEmpty())
        return session.refuse(Error{
            ErrorKind::Denied, QStringLiteral("remove %1").arg(left.first()),
            QStringLiteral("something in %1 could not be removed")
                .arg(left.size() == 1 ? QStringLiteral("it") : QStringLiteral("%1 such folders").arg(left.size())),
            QStringLiteral("look at who owns it, and remove it by hand")});
    return Ok;
}

} // namespace openfactory::cli

// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "core/base/text.h"
#include "core/engine/jobexport.h"

#include <QCoreApplication>

namespace openfactory::cli {

int exportJob(Session &session, const Arguments &arguments)
{
    Arguments named = arguments;
    if (const QString word = arguments.words().value(0); !word.isEmpty())
        named.m_values[QStringLiteral("slug")] = {word};
    const QString page = arguments.value(QStringLiteral("html"));
    const QString archive = arguments.value(QStringLiteral("archive"));
    if (page.isEmpty() == archive.isEmpty())
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("export the job"),
                                    QStringLiteral("one file has to be named"),
                                    QStringLiteral("add --html FILE or --archive FILE")});
    const auto job = session.job(named);
    if (!job)
        return session.refuse(job.error());
    std::stop_source stop;
    const Interrupts interrupts([&] { stop.request_stop(); });
    const JobExport made{
        .store = session.store(),
        .git = *session.ports().git,
        .masker = *session.ports().masker,
        .dataFolder = session.dataFolder(),
        .stop = stop.get_token(),
        .progress = [](int, int) { QCoreApplication::processEvents(); }}; // Ctrl-C is heard between parts
    const auto done = page.isEmpty() ? made.archive(job->id(), archive) : made.page(job->id(), page);
    if (!done) {
        const int code = session.refuse(done.error());
        return interrupts.happened() ? int(Interrupted) : code;
    }
    const QString file = page.isEmpty() ? archive : page;
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("slug"), job->slug().text()}, {QStringLiteral("file"), file}});
    session.say(QStringLiteral("%1: exported to %2").arg(job->slug().text(), displayable(file)));
    return Ok;
}

} // namespace openfactory::cli

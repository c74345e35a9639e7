// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/foreground.h"
#include "core/base/text.h"
#include "core/engine/jobexport.h"

#include <QCoreApplication>

namespace openfactory::cli {

int exportJob(Session &session, const Arguments &arguments)
{
    using Form = Result<void> (JobExport::*)(const JobId &, const QString &) const;
    constexpr std::pair<QLatin1StringView, Form> forms[] = {{QLatin1StringView("html"), &JobExport::page},
                                                            {QLatin1StringView("archive"), &JobExport::archive},
                                                            {QLatin1StringView("sarif"), &JobExport::sarif},
                                                            {QLatin1StringView("tasks"), &JobExport::tasks}};
    const auto isNamed = [&](const auto &form) { return !arguments.value(form.first).isEmpty(); };
    if (std::ranges::count_if(forms, isNamed) != 1)
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("export the job"),
                                    QStringLiteral("one file has to be named"),
                                    QStringLiteral("add --html, --archive, --sarif or --tasks FILE")});
    const auto &[option, write] = *std::ranges::find_if(forms, isNamed);
    const QString file = arguments.value(option);
    const auto job = session.job(arguments);
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
    const auto done = (made.*write)(job->id(), file);
    if (!done) {
        const int code = session.refuse(done.error());
        return interrupts.happened() ? int(Interrupted) : code;
    }
    if (session.json())
        session.say(QJsonObject{{QStringLiteral("slug"), job->slug().text()}, {QStringLiteral("file"), file}});
    session.say(QStringLiteral("%1: exported to %2").arg(job->slug().text(), displayable(file)));
    return Ok;
}

} // namespace openfactory::cli

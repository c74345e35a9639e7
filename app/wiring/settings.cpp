// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/settings.h"

#include "core/base/file.h"
#include "core/base/strictyaml.h"
#include "core/base/text.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace openfactory {

namespace {

Result<void> readTime(yaml::Map &map, const QString &key, qint64 least, qint64 most, std::chrono::milliseconds &into)
{
    if (const auto node = map.find(key)) {
        OF_TRY(value, node->integer(least, most));
        into = std::chrono::milliseconds(value);
    }
    return {};
}

/// What git can write into a commit's author: one short line without the signs that part the address.
bool isPerson(const QString &text)
{
    return !text.trimmed().isEmpty() && text.size() <= 200 && displayable(text) == text && !text.contains(u'<')
           && !text.contains(u'>');
}

/// "Name <mail>", or nothing.
bool isCoAuthor(const QString &text)
{
    static const QRegularExpression form(QStringLiteral("^[^<>]+ <[^<> ]+>$"));
    return text.isEmpty() || (text.size() <= 200 && displayable(text) == text && form.match(text).hasMatch());
}

using Rule = bool (*)(const QString &);

/// Of the file first, then of the environment, which wins.
Result<void> readWho(yaml::Map *map, const QString &key, const char *variable, Rule good, QString &into)
{
    const QString wanted = good == isCoAuthor ? QStringLiteral("expected \"Name <mail>\"")
                                              : QStringLiteral("expected one short line without < and >");
    if (map) {
        if (const auto node = map->find(key)) {
            OF_TRY(value, node->text());
            if (!good(value))
                return std::unexpected(node->error(wanted));
            into = value;
        }
    }
    if (!qEnvironmentVariableIsSet(variable))
        return {};
    const QString value = qEnvironmentVariable(variable);
    if (!good(value))
        return fail(ErrorKind::Invalid, QStringLiteral("read $%1").arg(QLatin1String(variable)), wanted,
                    QStringLiteral("unset it, or set it to one short line"));
    into = value;
    return {};
}

Result<void> readAuthor(yaml::Map *map, FactorySettings &settings)
{
    OF_CHECK(readWho(map, QStringLiteral("name"), "OPENFACTORY_AUTHOR_NAME", isPerson, settings.authorName));
    OF_CHECK(readWho(map, QStringLiteral("email"), "OPENFACTORY_AUTHOR_EMAIL", isPerson, settings.authorEmail));
    return readWho(map, QStringLiteral("co_author"), "OPENFACTORY_CO_AUTHOR", isCoAuthor, settings.coAuthor);
}

} // namespace

Result<FactorySettings> readSettings(const QString &dataFolder)
{
    FactorySettings settings;
    settings.engine.dataFolder = dataFolder;
    const QString path = dataFolder + QStringLiteral("/openfactory.yaml");
    QByteArray bytes;
    if (QFileInfo::exists(path)) {
        OF_TRY(read, readSmallFile(path, 64 * 1024));
        bytes = read;
    }
    const auto lines = bytes.split('\n');
    if (std::ranges::all_of(lines, [](const QByteArray &line) {
            return line.trimmed().isEmpty() || line.trimmed().startsWith('#');
        })) { // every key is optional, so no key is fine as well
        OF_CHECK(readAuthor(nullptr, settings));
        return settings;
    }
    OF_TRY(root, yaml::parse(bytes, path));
    OF_TRY(map, root.map());
    if (const auto node = map.find(QStringLiteral("workers"))) {
        OF_TRY(workers, node->integer(1, 64));
        settings.engine.workers = int(workers);
    }
    OF_CHECK(readTime(map, QStringLiteral("busy_poll_ms"), 10, 3'600'000, settings.engine.busyPoll));
    OF_CHECK(readTime(map, QStringLiteral("idle_poll_ms"), 10, 3'600'000, settings.engine.idlePoll));
    OF_CHECK(readTime(map, QStringLiteral("lease_ms"), 500, 600'000, settings.engine.leaseTerm));
    OF_CHECK(readTime(map, QStringLiteral("watch_poll_ms"), 100, 600'000, settings.engine.watchPoll));
    if (const auto node = map.find(QStringLiteral("watch_people"))) {
        OF_TRY(watch, node->boolean());
        settings.engine.watchPeople = watch;
    }
    if (const auto node = map.find(QStringLiteral("disk_floor_mb"))) {
        OF_TRY(floor, node->integer(0, 1'000'000));
        settings.engine.diskFloorMb = floor;
    }
    if (const auto node = map.find(QStringLiteral("broken_audit"))) {
        OF_TRY(broken, node->text());
        if (broken != QStringLiteral("refuse") && broken != QStringLiteral("warn"))
            return std::unexpected(node->error(QStringLiteral("expected refuse or warn")));
        settings.engine.brokenAuditWarns = broken == QStringLiteral("warn");
    }
    if (const auto node = map.find(QStringLiteral("sandbox"))) {
        OF_TRY(sandbox, node->text());
        if (sandbox != QStringLiteral("on") && sandbox != QStringLiteral("off"))
            return std::unexpected(node->error(QStringLiteral("expected on or off")));
        settings.sandboxOff = sandbox == QStringLiteral("off");
    }
    if (const auto node = map.find(QStringLiteral("author"))) {
        OF_TRY(author, node->map());
        OF_CHECK(readAuthor(&author, settings));
        OF_CHECK(author.finish());
    } else {
        OF_CHECK(readAuthor(nullptr, settings));
    }
    OF_CHECK(map.finish());
    return settings;
}

} // namespace openfactory

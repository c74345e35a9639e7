// SPDX-License-Identifier: Apache-2.0
#include "core/authors/agent/agentpresets.h"

#include "core/base/strictyaml.h"
#include "core/base/text.h"

#include <QDir>
#include <QFile>

static void initializeResources()
{
    Q_INIT_RESOURCE(agents); // a static library's resources have to be asked for; not inside a namespace
}

namespace openfactory {

namespace {

const QString kFolder = QStringLiteral(":/openfactory/agents");

Result<AgentPreset> readPreset(const QByteArray &bytes, const QString &name)
{
    OF_TRY(root, yaml::parse(bytes, name + QStringLiteral(".yaml")));
    OF_TRY(map, root.map());
    AgentPreset preset;
    preset.settings.name = name;
    OF_TRY(argvNode, map.need(QStringLiteral("argv")));
    OF_TRY(argv, argvNode.texts());
    preset.settings.argv = argv;
    OF_TRY(promptNode, map.need(QStringLiteral("prompt")));
    OF_TRY(prompt, promptNode.text());
    preset.settings.prompt = prompt == u"input" ? AgentSettings::Prompt::Input : AgentSettings::Prompt::File;
    for (const auto &[key, into] :
         {std::pair("model_option", &preset.modelOption), std::pair("key_variable", &preset.keyVariable)}) {
        if (const auto node = map.find(QLatin1String(key))) {
            OF_TRY(text, node->text());
            *into = text;
        }
    }
    if (const auto node = map.find(QStringLiteral("environment"))) {
        OF_TRY(variables, node->map());
        for (const QString &variable : variables.keys()) {
            OF_TRY(valueNode, variables.need(variable));
            OF_TRY(value, valueNode.text());
            preset.settings.environment[variable] = value;
        }
    }
    OF_TRY(hostsNode, map.need(QStringLiteral("hosts")));
    OF_TRY(hosts, hostsNode.texts());
    for (const QString &text : hosts) {
        OF_TRY(host, reachableHost(text));
        preset.settings.hosts.push_back(host);
    }
    OF_CHECK(map.finish());
    return preset;
}

} // namespace

QStringList agentPresetNames()
{
    initializeResources();
    QStringList names;
    for (const QString &file : QDir(kFolder).entryList({QStringLiteral("*.yaml")}, QDir::Files, QDir::Name))
        names << file.chopped(5);
    return names;
}

Result<AgentPreset> agentPreset(const QString &name)
{
    const QStringList names = agentPresetNames();
    QFile file(kFolder + u'/' + name + QStringLiteral(".yaml"));
    if (!names.contains(name) || !file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::NotFound, QStringLiteral("find the preset \"%1\"").arg(displayable(name.left(60))),
                    QStringLiteral("there is none of that name"),
                    QStringLiteral("there are: %1").arg(names.join(QStringLiteral(", "))));
    return readPreset(file.readAll(), name);
}

} // namespace openfactory

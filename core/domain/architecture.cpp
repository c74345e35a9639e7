// SPDX-License-Identifier: Apache-2.0
// ARCHITECTURE.json of planning.h: reading, writing, and what it says of the repository's files.
#include "core/base/text.h"
#include "core/domain/planning.h"

#include <QJsonDocument>

#include <algorithm>

namespace openfactory {

namespace {

QString fileFault(const QString &path)
{
    const bool folder = path.endsWith(u'/');
    if (const QString wrong = globFault(folder ? path.chopped(1) : path); !wrong.isEmpty())
        return wrong;
    if (path.contains(u'*') || path.contains(u'?') || path.contains(u'['))
        return QStringLiteral("a file is named, not a pattern");
    const bool hidden = std::ranges::any_of(path.toUcs4(), isInvisible);
    return hidden || displayable(path) != path ? QStringLiteral("it holds a character that is not seen") : QString();
}

} // namespace

Reading<Architecture> readArchitecture(const QByteArray &json)
{
    const auto document = readDocument(json, QStringLiteral("architecture"));
    Reading<Architecture> reading{{}, document.faults};
    if (!document.isSound())
        return reading;
    const QJsonObject &object = document.value;
    Architecture &architecture = reading.value;
    architecture.dataFlow = textsIn(object, u"data_flow");
    architecture.interfaces = textsIn(object, u"interfaces");
    architecture.storage = textsIn(object, u"storage");
    architecture.testStrategy = textsIn(object, u"test_strategy");
    for (const QJsonValue &value : object[QStringLiteral("components")].toArray()) {
        Component component{value[QStringLiteral("name")].toString(), value[QStringLiteral("purpose")].toString(), {}};
        for (const QJsonValue &file : value[QStringLiteral("files")].toArray()) {
            const QString path = file[QStringLiteral("path")].toString();
            if (const QString wrong = fileFault(path); !wrong.isEmpty())
                reading.faults.push_back(documentFault(QStringLiteral("files"),
                                                       QStringLiteral("/components/%1/files/%2/path")
                                                           .arg(architecture.components.size())
                                                           .arg(component.files.size()),
                                                       wrong));
            component.files.push_back(
                {path.toUtf8(), file[QStringLiteral("state")].toString() == QStringLiteral("exists")});
        }
        architecture.components.push_back(std::move(component));
    }
    return reading;
}

QByteArray toJson(const Architecture &architecture)
{
    QJsonArray components;
    for (const Component &component : architecture.components) {
        QJsonArray files;
        for (const ComponentFile &file : component.files)
            files.append(
                QJsonObject{{QStringLiteral("path"), QString::fromUtf8(file.path)},
                            {QStringLiteral("state"), file.exists ? QStringLiteral("exists") : QStringLiteral("new")}});
        components.append(QJsonObject{{QStringLiteral("name"), component.name},
                                      {QStringLiteral("purpose"), component.purpose},
                                      {QStringLiteral("files"), files}});
    }
    return QJsonDocument(
               QJsonObject{{QStringLiteral("components"), components},
                           {QStringLiteral("data_flow"), QJsonArray::fromStringList(architecture.dataFlow)},
                           {QStringLiteral("interfaces"), QJsonArray::fromStringList(architecture.interfaces)},
                           {QStringLiteral("storage"), QJsonArray::fromStringList(architecture.storage)},
                           {QStringLiteral("test_strategy"), QJsonArray::fromStringList(architecture.testStrategy)}})
        .toJson(QJsonDocument::Indented);
}

QString toMarkdown(const Architecture &architecture)
{
    QString out = QStringLiteral("# Architecture\n\n## Components\n");
    for (const Component &component : architecture.components) {
        out += QStringLiteral("\n### %1\n\n%2\n\n").arg(markdownText(component.name), markdownText(component.purpose));
        for (const ComponentFile &file : component.files)
            out += QStringLiteral("- %1%2\n")
                       .arg(markdownText(QString::fromUtf8(file.path)),
                            file.exists ? QString() : QStringLiteral(" (new)"));
    }
    return out + markdownList(QStringLiteral("Data flow"), architecture.dataFlow)
           + markdownList(QStringLiteral("Interfaces"), architecture.interfaces)
           + markdownList(QStringLiteral("Storage"), architecture.storage)
           + markdownList(QStringLiteral("Test strategy"), architecture.testStrategy);
}

std::vector<Finding> fileFaults(const Architecture &architecture, const std::vector<RepoPath> &files)
{
    std::vector<Finding> faults;
    for (const Component &component : architecture.components) {
        for (const ComponentFile &file : component.files) {
            const auto at = std::ranges::lower_bound(files, file.path);
            const bool folder = file.path.endsWith('/');
            const bool there = at != files.end() && (folder ? at->startsWith(file.path) : *at == file.path);
            if (there == file.exists)
                continue;
            Finding fault = documentFault(
                QStringLiteral("files"), {},
                QStringLiteral("the component %1 names %2 as %3")
                    .arg(component.name, displayPath(file.path),
                         file.exists ? QStringLiteral("existing, and the repository has no such file")
                                     : QStringLiteral("new, and the repository has it already")),
                file.exists ? QStringLiteral("name a file that is there, or say that it is new")
                            : QStringLiteral("say that it exists, or choose another name"));
            fault.file = file.path;
            faults.push_back(std::move(fault));
        }
    }
    return faults;
}

} // namespace openfactory

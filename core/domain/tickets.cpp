// SPDX-License-Identifier: Apache-2.0
// TICKETS.json of planning.h: reading and writing.
#include "core/base/text.h"
#include "core/domain/planning.h"

#include <QJsonDocument>

namespace openfactory {

namespace {

QJsonObject toObject(const Ticket &ticket)
{
    QJsonArray tests;
    for (const RequiredTest &test : ticket.tests)
        tests.append(
            QJsonObject{{QStringLiteral("name"), test.name}, {QStringLiteral("fails_before"), test.failsBefore}});
    QJsonArray dependsOn;
    for (const int number : ticket.dependsOn)
        dependsOn.append(number);
    return {{QStringLiteral("number"), ticket.number},
            {QStringLiteral("name"), ticket.name},
            {QStringLiteral("goal"), ticket.goal},
            {QStringLiteral("files"), QJsonArray::fromStringList(ticket.files)},
            {QStringLiteral("commands"), QJsonArray::fromStringList(ticket.commands)},
            {QStringLiteral("tests"), tests},
            {QStringLiteral("done"), QJsonArray::fromStringList(ticket.done)},
            {QStringLiteral("criteria"), QJsonArray::fromStringList(ticket.criteria)},
            {QStringLiteral("depends_on"), dependsOn}};
}

QString yamlList(const char *key, const QStringList &texts)
{
    QString out = QLatin1StringView(key) + (texts.isEmpty() ? QStringLiteral(": []\n") : QStringLiteral(":\n"));
    for (const QString &text : texts)
        out += QStringLiteral("  - %1\n").arg(yamlText(text));
    return out;
}

} // namespace

Reading<std::vector<Ticket>> readTickets(const QByteArray &json)
{
    const auto document = readDocument(json, QStringLiteral("tickets"));
    Reading<std::vector<Ticket>> reading{{}, document.faults};
    if (!document.isSound())
        return reading;
    for (const QJsonValue &value : document.value[QStringLiteral("tickets")].toArray()) {
        const QJsonObject object = value.toObject();
        Ticket ticket;
        ticket.number = object[QStringLiteral("number")].toInt();
        ticket.name = object[QStringLiteral("name")].toString();
        ticket.goal = object[QStringLiteral("goal")].toString();
        ticket.files = textsIn(object, u"files");
        ticket.commands = textsIn(object, u"commands");
        ticket.done = textsIn(object, u"done");
        ticket.criteria = textsIn(object, u"criteria");
        for (const QJsonValue &test : object[QStringLiteral("tests")].toArray())
            ticket.tests.push_back(
                {test[QStringLiteral("name")].toString(), test[QStringLiteral("fails_before")].toBool()});
        for (const QJsonValue &number : object[QStringLiteral("depends_on")].toArray())
            ticket.dependsOn.push_back(number.toInt());
        reading.value.push_back(std::move(ticket));
    }
    return reading;
}

QByteArray toJson(const std::vector<Ticket> &tickets)
{
    QJsonArray all;
    for (const Ticket &ticket : tickets)
        all.append(toObject(ticket));
    return QJsonDocument(QJsonObject{{QStringLiteral("tickets"), all}}).toJson(QJsonDocument::Indented);
}

QString ticketPath(const Ticket &ticket)
{
    return QStringLiteral("TICKETS/%1-%2").arg(ticket.number, 4, 10, QLatin1Char('0')).arg(ticket.name);
}

QString toMarkdown(const Ticket &ticket)
{
    QString out = QStringLiteral("---\nnumber: %1\nname: %2\ngoal: %3\n")
                      .arg(QString::number(ticket.number), ticket.name, yamlText(ticket.goal));
    out += yamlList("files", ticket.files);
    out += yamlList("commands", ticket.commands);
    out += ticket.tests.empty() ? QStringLiteral("tests: []\n") : QStringLiteral("tests:\n");
    for (const RequiredTest &test : ticket.tests)
        out += QStringLiteral("  - name: %1\n    fails_before: %2\n")
                   .arg(yamlText(test.name), test.failsBefore ? QStringLiteral("true") : QStringLiteral("false"));
    out += yamlList("done", ticket.done);
    out += yamlList("criteria", ticket.criteria);
    QStringList numbers;
    for (const int number : ticket.dependsOn)
        numbers << QString::number(number);
    out += QStringLiteral("depends_on: [%1]\n---\n\n").arg(numbers.join(QStringLiteral(", ")));
    out += QStringLiteral("# %1. %2\n\n%3\n")
               .arg(QString::number(ticket.number), ticket.name, markdownText(ticket.goal));
    return out + markdownList(QStringLiteral("Done when"), ticket.done);
}

} // namespace openfactory

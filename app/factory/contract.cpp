// SPDX-License-Identifier: Apache-2.0
#include "app/factory/commands.h"
#include "app/factory/planned.h"
#include "app/factory/session.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/contractcheck.h"
#include "core/engine/contractdraft.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

namespace openfactory::cli {

namespace {

constexpr qint64 kMostContractBytes = 1024 * 1024;

QString standing(const ContractReport &report)
{
    QStringList parts;
    for (const auto &[severity, one] : {std::pair(Severity::Error, QStringLiteral("error")),
                                        std::pair(Severity::Warning, QStringLiteral("warning"))}) {
        if (const qint64 number = report.count(severity))
            parts += counted(number, one);
    }
    if (report.count(Severity::Error))
        return parts.join(QStringLiteral(", ")) + QStringLiteral(": no job can be made with it");
    return (parts.isEmpty() ? QStringLiteral("in order") : parts.join(QStringLiteral(", ")))
           + QStringLiteral("; a job would be in %1 and has %2")
                 .arg(report.language.isEmpty() ? QStringLiteral("no known language") : report.language,
                      counted(qint64(report.stages.size()), QStringLiteral("stage")));
}

QJsonObject toJson(const ContractReport &report, const QString &file)
{
    QJsonArray remarks;
    for (const ContractRemark &remark : report.remarks) {
        QJsonObject one{{QStringLiteral("severity"), toName(remark.severity)},
                        {QStringLiteral("said"), remark.said},
                        {QStringLiteral("hint"), remark.hint}};
        if (remark.place) {
            one[QStringLiteral("line")] = remark.place->line;
            one[QStringLiteral("column")] = remark.place->column;
        }
        remarks.append(one);
    }
    return {{QStringLiteral("file"), file},
            {QStringLiteral("sound"), report.count(Severity::Error) == 0},
            {QStringLiteral("language"), report.language},
            {QStringLiteral("others"), QJsonArray::fromStringList(report.others)},
            {QStringLiteral("target"), report.target},
            {QStringLiteral("files"), report.files},
            {QStringLiteral("remarks"), remarks},
            {QStringLiteral("stages"), stagesJson(report.stages)}};
}

void tell(Session &session, const ContractReport &report, const QString &file)
{
    for (const ContractRemark &remark : report.remarks) {
        const QString place =
            remark.place ? QStringLiteral("%1:%2:%3").arg(file).arg(remark.place->line).arg(remark.place->column)
                         : file;
        session.say(
            QStringLiteral("%1: %2: %3").arg(displayable(place), toName(remark.severity), displayable(remark.said)));
        if (!remark.hint.isEmpty())
            session.say(QStringLiteral("  next: %1").arg(displayable(remark.hint)));
    }
    session.table(stageRows(report.stages), true);
    session.say(QStringLiteral("%1: %2").arg(displayable(file), standing(report)));
}

int check(Session &session, const QString &root, const QString &file)
{
    const QString path = file.isEmpty() ? root + QStringLiteral("/contract.yaml") : QFileInfo(file).absoluteFilePath();
    const QString shown = file.isEmpty() ? QStringLiteral("contract.yaml") : file;
    if (file.isEmpty() && !QFileInfo::exists(path) && !QFileInfo(path).isSymLink())
        return session.refuse(Error{ErrorKind::NotFound, QStringLiteral("check the contract of %1").arg(root),
                                    QStringLiteral("there is no contract.yaml, so jobs have the defaults"),
                                    QStringLiteral("factory contract init writes one")});
    const auto yaml = readSmallFile(path, kMostContractBytes);
    if (!yaml)
        return session.refuse(Error{yaml.error().kind, yaml.error().doing, yaml.error().said,
                                    QStringLiteral("name a contract that can be read, or none for the repository's")});
    const auto report = checkContract(session.ports(), root, *yaml, shown);
    if (!report)
        return session.refuse(report.error());
    if (session.json())
        session.say(toJson(*report, shown));
    tell(session, *report, shown);
    return report->count(Severity::Error) ? Usage : Ok;
}

int init(Session &session, const QString &root, bool force)
{
    const QString path = root + QStringLiteral("/contract.yaml");
    const QFileInfo there(path);
    if ((there.exists() || there.isSymLink()) && !force)
        return session.refuse(Error{ErrorKind::Denied, QStringLiteral("write %1").arg(path),
                                    QStringLiteral("there is a contract already"),
                                    QStringLiteral("factory contract check looks at it; --force replaces it")});
    const auto draft = draftContract(session.ports(), root);
    if (!draft)
        return session.refuse(draft.error());
    if (const auto written = writeFileAtomically(path, *draft); !written)
        return session.refuse(written.error());
    const auto report = checkContract(session.ports(), root, *draft, QStringLiteral("contract.yaml"));
    if (!report)
        return session.refuse(report.error());
    if (session.json())
        session.say(toJson(*report, QStringLiteral("contract.yaml")));
    session.say(QStringLiteral("written: %1").arg(displayable(path)));
    tell(session, *report, QStringLiteral("contract.yaml"));
    session.say(QStringLiteral("next:    read it, commit it, then: factory new -s SLUG"));
    return report->count(Severity::Error) ? JobFailed : Ok;
}

} // namespace

int contract(Session &session, const Arguments &arguments)
{
    const QString verb = arguments.words().value(0);
    const bool force = arguments.has(QStringLiteral("force"));
    const auto wrong = [&](const QString &said) {
        return session.refuse(Error{ErrorKind::Invalid, QStringLiteral("read the options of factory contract"), said,
                                    QStringLiteral("factory help contract")});
    };
    if (verb.isEmpty())
        return wrong(QStringLiteral("check or init is missing"));
    const bool checks = verb == QStringLiteral("check");
    if (checks && force)
        return wrong(QStringLiteral("--force goes with init only"));
    if (!checks && arguments.words().size() > 1)
        return wrong(QStringLiteral("init takes no file: it writes contract.yaml into the repository"));
    if (const auto wired = session.wire(); !wired)
        return session.refuse(wired.error());
    const auto root = session.repository(arguments);
    if (!root)
        return session.refuse(root.error());
    return checks ? check(session, *root, arguments.words().value(1)) : init(session, *root, force);
}

} // namespace openfactory::cli

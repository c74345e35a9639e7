// SPDX-License-Identifier: Apache-2.0
#include "core/process/sandboxfacts.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace openfactory {

namespace {

constexpr char expected[] = R"json({
    "uid": 1000, "gid": 1000, "groups": [],
    "capabilities": ["0000000000000000", "0000000000000000", "0000000000000000", "0000000000000000", "0000000000000000"],
    "noNewPrivs": 1, "seccomp": 2, "dumpableInit": false,
    "descriptors": [0, 1, 2], "stdinIsNull": true, "terminal": "ENXIO",
    "environment": ["HOME", "LANG", "LOGNAME", "PATH", "TERM", "TMPDIR", "USER", "XDG_CACHE_HOME"],
    "interfaces": ["lo"], "abstractSockets": 0, "sockets": [],
    "processes": 2, "hostname": "openfactory", "coreLimit": 0,
    "writable": ["/dev/shm", "/home/job", "/tmp", "/workspace"],
    "kernelSettingsWritable": false, "etcHasShadow": false,
    "calls": {"unshare": "EPERM", "setns": "EPERM", "cloneNewUser": "EPERM", "clone3": "ENOSYS", "mount": "EPERM",
        "umount2": "EPERM", "pivot_root": "EPERM", "open_tree": "ENOSYS", "fsopen": "ENOSYS", "move_mount": "ENOSYS",
        "ptrace": "EPERM", "bpf": "EPERM", "perf_event_open": "EPERM", "userfaultfd": "EPERM", "io_uring_setup": "EPERM",
        "keyctl": "EPERM", "add_key": "EPERM", "tiocsti": "EPERM", "tioclinux": "EPERM"}
})json";

QString shown(const QJsonValue &value)
{
    if (value.isUndefined())
        return QStringLiteral("nothing");
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return displayable(QString::fromUtf8(text.sliced(1, text.size() - 2)).left(300));
}

} // namespace

QJsonObject expectedFacts()
{
    return QJsonDocument::fromJson(QByteArray::fromRawData(expected, sizeof expected - 1)).object();
}

QStringList differences(const QJsonObject &expectedObject, const QJsonObject &found)
{
    QStringList all;
    for (auto fact = expectedObject.begin(); fact != expectedObject.end(); ++fact) {
        const QJsonValue is = found.value(fact.key());
        if (fact->isObject() && is.isObject()) {
            for (const QString &inner : differences(fact->toObject(), is.toObject()))
                all << fact.key() + u'.' + inner;
        } else if (is != *fact) {
            all << QStringLiteral("%1 is %2 instead of %3").arg(fact.key(), shown(is), shown(*fact));
        }
    }
    return all;
}

} // namespace openfactory

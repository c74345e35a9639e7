// SPDX-License-Identifier: Apache-2.0
/// Logs for the tests of the log's classes, written as the engine writes them.
#pragma once

#include "core/process/logwriter.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace openfactory {

inline void writeLog(const QString &path, const QByteArray &bytes, bool finish = true)
{
    auto writer = LogWriter::open(path);
    QVERIFY(writer);
    QVERIFY(writer->append(LogStream::Output, bytes));
    if (finish)
        QVERIFY(writer->finish());
}

/// About 94 bytes a line, of which one in a thousand has a word and one in 5,000 an error.
inline QByteArray numberedLines(qint64 from, qint64 to)
{
    QByteArray text;
    text.reserve((to - from) * 96);
    for (qint64 i = from; i < to; ++i) {
        text += "line " + QByteArray::number(i) + " [worker-" + QByteArray::number(i % 7) + "] compiled src/module_"
                + QByteArray::number(i % 113) + "/part.cpp in " + QByteArray::number(i % 97)
                + " ms with nothing to say";
        if (i % 1000 == 17)
            text += " NEEDLE";
        if (i % 5000 == 4321)
            text += " error: broken";
        text += '\n';
    }
    return text;
}

/// What grep says of the file.
inline qint64 grepCount(const QStringList &options, const QString &path)
{
    QProcess grep;
    grep.setProcessEnvironment([] {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
        return environment;
    }());
    grep.start(QStringLiteral("grep"), QStringList{QStringLiteral("-a")} + options + QStringList{path});
    grep.waitForFinished(60'000);
    return grep.readAllStandardOutput().trimmed().toLongLong();
}

} // namespace openfactory

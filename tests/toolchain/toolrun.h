// SPDX-License-Identifier: Apache-2.0
/// A small repository in a temporary folder, and stages of a toolchain run on it with the real tools, as the engine
/// would but without a sandbox. For tests of core/toolchain.
#pragma once

#include "core/base/text.h"
#include "core/toolchain/yamltoolchains.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace openfactory {

/// Whether the argv fits the pattern, by the grammar in core/domain/commands.h.
inline bool fits(const QStringList &argv, const QStringList &pattern)
{
    qsizetype i = 0;
    for (const QString &word : pattern) {
        if (word == QStringLiteral("{paths...}")) {
            return std::all_of(argv.begin() + i, argv.end(),
                               [](const QString &path) { return !path.startsWith(u'-'); });
        }
        if (i >= argv.size())
            return false;
        const QString &given = argv[i++];
        if (word.endsWith(QStringLiteral("{path}"))) {
            const QString start = word.chopped(6);
            if (!given.startsWith(start) || given.size() == start.size())
                return false;
        } else if (word.endsWith(QStringLiteral("{int}"))) {
            static const QRegularExpression digits(QStringLiteral("^\\d+$"));
            const QString start = word.chopped(5);
            if (!given.startsWith(start) || !digits.match(given.mid(start.size())).hasMatch())
                return false;
        } else if (given != word) {
            return false;
        }
    }
    return i == argv.size();
}

struct ToolRun {
    PlannedCommand command;
    int exitCode = -1;
    QByteArray output;
    bool passed() const { return std::ranges::contains(command.passCodes, exitCode); }
    bool problem() const { return std::ranges::contains(command.problemCodes, exitCode); }
    bool nothing() const { return std::ranges::contains(command.nothingCodes, exitCode); }
};

struct StageRun {
    StagePlan plan;
    std::vector<ToolRun> runs;
    Report report; ///< of all commands together
    QString all() const
    {
        QString text;
        for (const auto &run : runs)
            text += run.command.argv.join(u' ') + QStringLiteral(" -> %1\n").arg(run.exitCode)
                    + QString::fromUtf8(run.output);
        for (const auto &finding : report.findings)
            text += QStringLiteral("FINDING %1 %2 %3:%4 %5\n")
                        .arg(finding.tool, finding.rule, QString::fromUtf8(finding.file))
                        .arg(finding.line)
                        .arg(finding.message);
        return text;
    }
};

class Playground {
public:
    Playground() { Q_ASSERT(m_dir.isValid()); }

    QString path() const { return m_dir.filePath(QStringLiteral("work")); }
    QString bin() const { return m_dir.filePath(QStringLiteral("bin")); }
    QString home() const { return m_dir.filePath(QStringLiteral("home")); }
    QString reports() const { return m_dir.filePath(QStringLiteral("reports")); }

    void write(const char *name, const QByteArray &bytes, const QString &below = {})
    {
        const QString file = (below.isEmpty() ? path() : below) + u'/' + QString::fromUtf8(name);
        QDir().mkpath(QFileInfo(file).absolutePath());
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(bytes);
    }

    /// A program that is found before the real one of its name.
    void standIn(const char *name, const QByteArray &script)
    {
        write(name, "#!/bin/sh\n" + script, bin());
        QVERIFY(QFile::setPermissions(bin() + u'/' + QString::fromUtf8(name), QFile::Permissions(0x7700)));
    }

    /// The files below the workspace, to see that nothing was left behind.
    QStringList files() const
    {
        QStringList found;
        std::function<void(const QDir &)> walk = [&](const QDir &dir) {
            for (const auto &entry :
                 dir.entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name)) {
                found += QDir(path()).relativeFilePath(entry.filePath());
                if (entry.isDir() && !entry.isSymLink())
                    walk(QDir(entry.filePath()));
            }
        };
        walk(QDir(path()));
        return found;
    }

    StageRun stage(const YamlToolchains &toolchains, StageKind kind, const std::vector<RepoPath> &changed = {})
    {
        StageRun stage;
        QDir(reports()).removeRecursively();
        QDir().mkpath(reports());
        QDir().mkpath(home());
        const auto languages = toolchains.detect(path());
        if (!languages)
            QTest::qFail(qPrintable(toText(languages.error())), __FILE__, __LINE__);
        const auto plan = toolchains.plan(languages->front(), kind, path(), reports(), changed);
        if (!plan)
            QTest::qFail(qPrintable(toText(plan.error())), __FILE__, __LINE__);
        stage.plan = *plan;
        for (const auto &command : plan->commands) {
            const bool allowed = std::ranges::any_of(languages->front().allowed, [&](const CommandPattern &pattern) {
                return fits(command.argv, pattern.words);
            });
            if (!allowed)
                QTest::qFail(
                    qPrintable(QStringLiteral("not on the toolchain's own allowlist: ") + command.argv.join(u' ')),
                    __FILE__, __LINE__);
            stage.runs.push_back(run(command));
            take(toolchains, stage);
        }
        return stage;
    }

    ToolRun run(const PlannedCommand &command)
    {
        QProcess process;
        QProcessEnvironment environment;
        environment.insert(QStringLiteral("PATH"), bin() + QStringLiteral(":/usr/bin:/bin"));
        environment.insert(QStringLiteral("HOME"), home());
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        for (const auto &[name, value] : command.environment)
            environment.insert(name, value);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(path() + u'/' + command.folder);
        process.setProcessChannelMode(QProcess::MergedChannels);
        const QString standIn = bin() + u'/' + command.argv.first();
        process.start(QFile::exists(standIn) ? standIn : QStringLiteral("/usr/bin/") + command.argv.first(),
                      command.argv.mid(1));
        if (!process.waitForFinished(120'000) || process.exitStatus() != QProcess::NormalExit)
            QTest::qFail(qPrintable(QStringLiteral("did not end: ") + command.argv.join(u' ')), __FILE__, __LINE__);
        return {command, process.exitCode(), process.readAll()};
    }

private:
    void take(const YamlToolchains &toolchains, StageRun &stage)
    {
        const ToolRun &run = stage.runs.back();
        for (const auto &source : run.command.reports) {
            QByteArray bytes = run.output;
            if (!source.path.isEmpty()) {
                QFile file(reports() + u'/' + source.path);
                if (!file.open(QIODevice::ReadOnly))
                    continue;
                bytes = file.readAll();
            }
            const auto report = toolchains.read(source.kind, bytes, path());
            if (!report) {
                QTest::qFail(qPrintable(toText(report.error())), __FILE__, __LINE__);
                continue;
            }
            if (report->tests) {
                TestCounts counts = stage.report.tests.value_or(TestCounts());
                counts.passed += report->tests->passed;
                counts.failed += report->tests->failed;
                counts.skipped += report->tests->skipped;
                stage.report.tests = counts;
            }
            if (report->coverage) {
                Coverage &sum = stage.report.coverage ? *stage.report.coverage : stage.report.coverage.emplace();
                sum.lines += report->coverage->lines;
                sum.covered += report->coverage->covered;
                sum.files.insert(sum.files.end(), report->coverage->files.begin(), report->coverage->files.end());
            }
            stage.report.findings.insert(stage.report.findings.end(), report->findings.begin(), report->findings.end());
        }
    }

    QTemporaryDir m_dir;
};

inline std::unique_ptr<YamlToolchains> loadToolchains()
{
    auto loaded = YamlToolchains::load();
    if (!loaded)
        qFatal("%s", qPrintable(toText(loaded.error())));
    return std::move(*loaded);
}

} // namespace openfactory

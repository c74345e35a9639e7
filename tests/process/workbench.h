// SPDX-License-Identifier: Apache-2.0
/// A job's folders and a runner, for tests of real commands in the real sandbox.
#pragma once

#include "core/process/sandboxedrunner.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

namespace openfactory {

/// Masks the given words wherever they stand, also across the edges of what it is fed.
class WordMasker : public Masker {
public:
    explicit WordMasker(std::map<QString, QByteArray> secrets) : m_secrets(std::move(secrets)) {}
    std::unique_ptr<MaskStream> stream() const override { return std::make_unique<Stream>(*this); }
    QByteArray mask(const QByteArray &text) const override
    {
        QByteArray out = text;
        for (const auto &[name, value] : m_secrets)
            out.replace(value, "***");
        return out;
    }
    Result<QByteArray> secret(const QString &name) const override
    {
        const auto found = m_secrets.find(name);
        if (found == m_secrets.end())
            return fail(ErrorKind::NotFound, QStringLiteral("read a secret"), name);
        return found->second;
    }
    bool holdsSecret(const QByteArray &text) const override { return mask(text) != text; }
    int generation() const override { return 1; }

private:
    class Stream : public MaskStream {
    public:
        explicit Stream(const WordMasker &owner) : m_owner(owner) {}
        void feed(QByteArrayView in, QByteArray &out) override
        {
            m_text = m_owner.mask(m_text + in.toByteArray());
            qsizetype keep = 0;
            for (const auto &[name, value] : m_owner.m_secrets)
                keep = std::max(keep, value.size() - 1);
            const qsizetype ready = std::max<qsizetype>(0, m_text.size() - keep);
            out += m_text.first(ready);
            m_text.remove(0, ready);
        }
        void finish(QByteArray &out) override { out += std::exchange(m_text, {}); }

    private:
        const WordMasker &m_owner;
        QByteArray m_text;
    };
    std::map<QString, QByteArray> m_secrets;
};

class Workbench {
public:
    Workbench()
    {
        QDir folder(m_folder.path());
        for (const char *name : {"workspace", "home", "logs"})
            folder.mkdir(QString::fromLatin1(name));
    }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QString workspace() const { return path(QStringLiteral("workspace")); }

    /// Writes a file of the workspace.
    void write(const QString &name, const QByteArray &bytes) const
    {
        QFile file(workspace() + u'/' + name);
        QVERIFY2(file.open(QIODevice::WriteOnly | QIODevice::Truncate), qPrintable(file.errorString()));
        file.write(bytes);
    }

    /// A request that runs a script of the workspace by bash or python3.
    CommandRequest script(const QByteArray &text, const QString &interpreter = QStringLiteral("bash"))
    {
        // Unique among all processes of the machine, which some tests look through.
        const QString name = QStringLiteral("script-%1-%2").arg(QCoreApplication::applicationPid()).arg(++m_count);
        write(name, text);
        CommandRequest request = command({interpreter, name});
        request.allowed = {{{interpreter, QStringLiteral("{path}")}}};
        return request;
    }
    CommandRequest command(const QStringList &argv)
    {
        CommandRequest request;
        request.argv = argv;
        request.allowed = {{argv}};
        request.scope.workspace = workspace();
        request.scope.home = path(QStringLiteral("home"));
        request.limits.time = std::chrono::seconds(60);
        request.limits.memoryMb = 1024;
        request.logPath = path(QStringLiteral("logs/%1.log").arg(++m_count));
        return request;
    }

    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArrayLiteral("(unreadable)");
    }

private:
    QTemporaryDir m_folder;
    int m_count = 0;
};

/// Host processes whose command line holds the text.
inline int processesWith(const QByteArray &text)
{
    int count = 0;
    const QStringList all = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &pid : all) {
        QFile file(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (pid.front().isDigit() && file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
            ++count;
    }
    return count;
}

/// A number that no other process has on its command line.
inline QByteArray uniqueNumber()
{
    static int count = 0;
    return QByteArray::number(7'000'000'000LL + qint64(::getpid()) * 1000 + ++count);
}

/// The sandbox is a condition of every command: a host without one fails these tests unless it says so by name.
#define OF_REQUIRE_SANDBOX(runner)                                                                                     \
    do {                                                                                                               \
        if (qEnvironmentVariableIsSet("OPENFACTORY_TEST_NO_SANDBOX"))                                                  \
            QSKIP("SKIP_NO_SANDBOX");                                                                                  \
        const auto probed = (runner).probe();                                                                          \
        QVERIFY2(probed.has_value(), probed ? "" : qPrintable(toText(probed.error())));                                \
    } while (false)

#define OF_VERIFY(expression)                                                                                          \
    do {                                                                                                               \
        const auto &checked = (expression);                                                                            \
        QVERIFY2(checked.has_value(), checked ? "" : qPrintable(toText(checked.error())));                             \
    } while (false)

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// What the tools of each language wrote (data/languages), read and compared with what lies beside it as NAME.expect;
/// then the same cut short, coloured, with other line ends, and broken at random for a bounded time: no reader may
/// crash, hang, or make a pass of what it cannot read.
///     OPENFACTORY_UPDATE=1 test_recorded    writes the expectations anew; look at them before you commit them
#include "tests/toolchain/toolrun.h"

#include <QDirIterator>
#include <QRandomGenerator>

using namespace openfactory;

class Recorded : public QObject {
    Q_OBJECT

    std::unique_ptr<YamlToolchains> m_toolchains = loadToolchains();
    const QString m_folder = QStringLiteral(DATA_FOLDER "/languages/");

    QStringList files() const
    {
        QStringList names;
        for (const QString &name : QDir(m_folder).entryList(QDir::Files, QDir::Name)) {
            if (!name.endsWith(QStringLiteral(".expect")) && name != QStringLiteral("update"))
                names += name;
        }
        return names;
    }

    QByteArray bytesOf(const QString &name) const
    {
        QFile file(m_folder + name);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("no %s", qPrintable(name));
        return file.readAll();
    }

    /// KIND.NAME, with ':' and '/' written so that any file system takes them.
    static QString kindOf(const QString &name)
    {
        QString kind = name.left(name.lastIndexOf(u'.'));
        if (kind.startsWith(QStringLiteral("text-")))
            kind[4] = u':';
        kind.replace(QStringLiteral("%2F"), QStringLiteral("/"));
        // The languages lie in folders of one workspace, but for what was written by hand.
        const QString said = name.mid(name.lastIndexOf(u'.') + 1);
        for (const auto &[start, folder] : {std::pair{"go", "go"},
                                            {"cargo-check", "rust"},
                                            {"cargo-lost", "rust"},
                                            {"cargo-manifest", "rust"},
                                            {"cargo-test", "rust"},
                                            {"clippy", "rust"},
                                            {"rust", "rust"},
                                            {"cmake", "cpp"},
                                            {"ctest", "cpp"},
                                            {"gcovr", "cpp"},
                                            {"clang", "cpp"},
                                            {"cppcheck", "cpp"},
                                            {"node", "js"}}) {
            if (said.startsWith(QString::fromUtf8(start)) && said != QStringLiteral("gosec"))
                return kind + u'@' + QString::fromUtf8(folder);
        }
        return kind;
    }

    Result<Report> read(const QString &name, const QByteArray &bytes) const
    {
        return m_toolchains->read(kindOf(name), bytes, QStringLiteral("/workspace"));
    }

    static QByteArray shown(const Result<Report> &report)
    {
        if (!report)
            return "refused: " + report.error().said.toUtf8() + '\n';
        QByteArray out;
        if (report->tests)
            out += QStringLiteral("%1 passed, %2 failed, %3 skipped\n")
                       .arg(report->tests->passed)
                       .arg(report->tests->failed)
                       .arg(report->tests->skipped)
                       .toUtf8();
        if (report->coverage) {
            for (const auto &file : report->coverage->files) {
                out += file.file + ' ' + QByteArray::number(file.covered) + " of " + QByteArray::number(file.lines)
                       + ", not";
                for (const int line : file.missing)
                    out += ' ' + QByteArray::number(line);
                out += '\n';
            }
        }
        for (const QString &missing : report->missing)
            out += "missing: " + missing.toUtf8() + '\n';
        for (const auto &finding : report->findings) {
            out += toName(finding.severity).toUtf8() + ' ' + finding.file + ':' + QByteArray::number(finding.line) + ' '
                   + finding.tool.toUtf8() + ' ' + finding.rule.toUtf8() + ": " + finding.message.toUtf8() + '\n';
            if (!finding.suggestion.isEmpty())
                out += "  " + finding.suggestion.toUtf8() + '\n';
        }
        return out;
    }

    void sound(const QString &name, const Result<Report> &report)
    {
        if (!report)
            return;
        QVERIFY(report->findings.size() <= 1000);
        for (const auto &finding : report->findings) {
            QVERIFY2(finding.line >= 0 && finding.message.size() <= 2000, qPrintable(name));
            QVERIFY2(!finding.file.startsWith('/') && !finding.file.startsWith("../"), finding.file.constData());
            for (const QChar c : QString(finding.message + finding.rule))
                QVERIFY2(c.unicode() >= 0x20 && c.unicode() != 0x7f, qPrintable(name));
        }
        if (report->tests)
            QVERIFY(report->tests->passed >= 0 && report->tests->failed >= 0 && report->tests->skipped >= 0);
        if (report->coverage)
            QVERIFY(report->coverage->covered <= report->coverage->lines);
    }

    /// Reports that tell where they end.
    static bool hasAnEnd(const QString &name)
    {
        for (const char *start : {"junit.", "cobertura.", "sarif.", "tap."}) {
            if (name.startsWith(QString::fromUtf8(start)))
                return true;
        }
        return false;
    }

private Q_SLOTS:
    void says_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : files())
            QTest::newRow(qPrintable(name)) << name;
    }

    void says()
    {
        QFETCH(QString, name);
        const QByteArray said = shown(read(name, bytesOf(name)));
        QFile expected(m_folder + name + QStringLiteral(".expect"));
        if (qEnvironmentVariableIsSet("OPENFACTORY_UPDATE")) {
            QVERIFY(expected.open(QIODevice::WriteOnly));
            expected.write(said);
            return;
        }
        QVERIFY2(expected.open(QIODevice::ReadOnly), "no expectation");
        QCOMPARE(QString::fromUtf8(said), QString::fromUtf8(expected.readAll()));
    }

    // Line ends and colours of a terminal change nothing in a text.
    void saysTheSameInColour_data() { says_data(); }
    void saysTheSameInColour()
    {
        QFETCH(QString, name);
        if (!name.startsWith(QStringLiteral("text-")) && !name.startsWith(QStringLiteral("tap.")))
            return;
        const QByteArray bytes = bytesOf(name);
        const QByteArray plain = shown(read(name, bytes));
        QCOMPARE(shown(read(name, QByteArray(bytes).replace("\n", "\r\n"))), plain);
        QByteArray coloured = "\x1b]0;title\x07";
        for (const QByteArray &line : bytes.split('\n'))
            coloured += "\x1b[1;31m" + line + "\x1b[0m\x1b[K\n";
        coloured.chop(1);
        QCOMPARE(shown(read(name, coloured)), plain);
    }

    void refusesWhatIsCutShort_data() { says_data(); }
    void refusesWhatIsCutShort()
    {
        QFETCH(QString, name);
        const QByteArray bytes = bytesOf(name);
        for (qsizetype size = 0; size < bytes.trimmed().size(); size += 1 + bytes.size() / 400) {
            const auto report = read(name, bytes.left(size));
            sound(name, report);
            // TAP's plan may come first, and after a plan at the end nothing is lost that counts.
            const bool complete = name.startsWith(QStringLiteral("tap.")) && report && report->tests;
            QVERIFY2(!hasAnEnd(name) || !report || complete,
                     qPrintable(name + QStringLiteral(" cut to %1 was taken").arg(size)));
        }
        for (const QByteArray &garbage : {QByteArray(), QByteArray("\0\0\0", 3), QByteArray("ok\n"), QByteArray("{}\n"),
                                          QByteArray("PASS\n0 errors\n"), QByteArray("<html>ok</html>")}) {
            const auto report = read(name, garbage);
            QVERIFY2(!report || !report->tests || report->tests->passed == 0, qPrintable(name));
        }
    }

    void survivesWhatIsBroken()
    {
        const quint32 seed = qEnvironmentVariableIsSet("OPENFACTORY_SEED")
                                 ? qEnvironmentVariable("OPENFACTORY_SEED").toUInt()
                                 : QRandomGenerator::global()->generate();
        qInfo("OPENFACTORY_SEED=%u", seed);
        QRandomGenerator random(seed);
        const QStringList names = files();
        std::vector<QByteArray> all;
        for (const QString &name : names)
            all.push_back(bytesOf(name));
        QElapsedTimer timer;
        timer.start();
        int tried = 0;
        for (; timer.elapsed() < 8'000; ++tried) {
            const auto at = size_t(random.bounded(int(all.size())));
            QByteArray bytes = all[at];
            for (int changes = random.bounded(1, 6); changes > 0 && !bytes.isEmpty(); --changes) {
                const qsizetype from = random.bounded(int(bytes.size()));
                const qsizetype count = random.bounded(1, 40);
                switch (random.bounded(5)) {
                case 0: bytes[from] = char(random.bounded(256)); break;
                case 1: bytes.remove(from, count); break;
                case 2: bytes.insert(from, bytes.mid(random.bounded(int(bytes.size())), count)); break;
                case 3: bytes.truncate(from); break;
                default: {
                    const QByteArray &other = all[size_t(random.bounded(int(all.size())))];
                    bytes.insert(from, other.mid(random.bounded(int(other.size() + 1)), count * 10));
                }
                }
            }
            QElapsedTimer one;
            one.start();
            sound(names[qsizetype(at)], read(names[qsizetype(at)], bytes));
            QVERIFY2(one.elapsed() < 60'000, qPrintable(names[qsizetype(at)]));
            if (QTest::currentTestFailed())
                return;
        }
        QVERIFY(tried > 100);
    }
};

QTEST_GUILESS_MAIN(Recorded)
#include "test_recorded.moc"

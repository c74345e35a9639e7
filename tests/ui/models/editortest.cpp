// SPDX-License-Identifier: Apache-2.0
#include "ui/models/editor.h"

#include "tests/testlib/expect.h"

#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace openfactory;
using namespace openfactory::ui;

class EditorTest : public QObject {
    Q_OBJECT
private:
    static void write(const QString &path, const QByteArray &text)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
        file.close();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(QStringLiteral("openfactory-test"));
        QCoreApplication::setApplicationName(QStringLiteral("editortest"));
        QSettings().clear();
    }

    void putsFileAndLineIntoTheCommand()
    {
        const auto words = editorWords(QStringLiteral("\"my editor\" -g {file}:{line} --line={line}"),
                                       QStringLiteral("/w/a {line} {file}.py"), 12);
        OF_OK(words);
        QCOMPARE(*words, (QStringList{QStringLiteral("my editor"), QStringLiteral("-g"),
                                      QStringLiteral("/w/a {line} {file}.py:12"), QStringLiteral("--line=12")}));
        QCOMPARE(editorWords(QStringLiteral("e {line} {file}"), QStringLiteral("/f"), 0)->at(1), QStringLiteral("1"));
        for (const char *wrong : {"", "kate", "kate \"{file}", "  "})
            QVERIFY(!editorWords(QString::fromLatin1(wrong), QStringLiteral("/f"), 1));
    }

    void opensOnlyFilesOfTheWorkspace()
    {
        QTemporaryDir folder;
        const QString work = folder.filePath(QStringLiteral("work"));
        QVERIFY(QDir().mkpath(work + QStringLiteral("/src")));
        write(work + QStringLiteral("/src/a b.py"), "x\n");
        write(folder.filePath(QStringLiteral("secret")), "x\n");
        write(folder.filePath(QStringLiteral("work-other")), "x\n");
        QVERIFY(QFile::link(folder.filePath(QStringLiteral("secret")), work + QStringLiteral("/link")));
        const QString real = QFileInfo(work + QStringLiteral("/src/a b.py")).canonicalFilePath();
        QCOMPARE(fileOf(work, QStringLiteral("src/a b.py")).value_or(QString()), real);
        QCOMPARE(fileOf(work, real).value_or(QString()), real);
        QCOMPARE(fileOf(work, QStringLiteral("src/../src/a b.py")).value_or(QString()), real);
        for (const char *outside : {"../secret", "link", "../work-other", "/etc/passwd"})
            QCOMPARE(fileOf(work, QString::fromLatin1(outside)).error().kind, ErrorKind::Denied);
        for (const char *absent : {"src", "none.py", "", "src/a b.py/x"})
            QCOMPARE(fileOf(work, QString::fromLatin1(absent)).error().kind, ErrorKind::NotFound);
        QCOMPARE(fileOf(folder.filePath(QStringLiteral("gone")), QStringLiteral("x")).error().kind,
                 ErrorKind::NotFound);
    }

    void startsWhatIsSet()
    {
        QTemporaryDir folder;
        write(folder.filePath(QStringLiteral("-rf {file}.py")), "x\n");
        const QString editor = folder.filePath(QStringLiteral("editor"));
        write(editor, "#!/bin/sh\nprintf '%s\\n' \"$PWD\" \"$@\" >\"$0.part\"\nmv \"$0.part\" \"$0.told\"\n");
        QVERIFY(QFile::setPermissions(editor, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        setEditorSetting(u'"' + editor + QStringLiteral("\" --line {line} {file}"));
        const auto said = openInEditor(folder.path(), QStringLiteral("-rf {file}.py"), 7);
        OF_OK(said);
        QFile told(editor + QStringLiteral(".told"));
        QTRY_VERIFY(told.exists());
        QVERIFY(told.open(QIODevice::ReadOnly));
        const QString root = QFileInfo(folder.path()).canonicalFilePath();
        QCOMPARE(QString::fromUtf8(told.readAll()),
                 folder.path() + QStringLiteral("\n--line\n7\n") + root + QStringLiteral("/-rf {file}.py\n"));
        setEditorSetting(QStringLiteral("/nonexistent/editor {file}"));
        const auto failed = openInEditor(folder.path(), QStringLiteral("-rf {file}.py"), 1);
        QVERIFY(!failed && failed.error().said.contains(QStringLiteral("/nonexistent/editor")));
    }
};

QTEST_GUILESS_MAIN(EditorTest)
#include "editortest.moc"

// SPDX-License-Identifier: Apache-2.0
/// Content is put back while somebody saves: what no snapshot holds goes beside the workspace, never away.
#include "core/base/moveaside.h"
#include "core/git/gitworkspaces.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QScopeGuard>
#include <QTest>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <set>
#include <thread>

using namespace openfactory;

class GitKeptTest : public QObject {
    Q_OBJECT
private:
    static constexpr const char *kRef = "refs/openfactory/j/s/%1";
    std::unique_ptr<ScratchRepository> m_repository;
    GitWorkspaces m_git{GitIdentity{QStringLiteral("Factory"), QStringLiteral("factory@localhost"), {}}};
    WorkspaceRef m_workspace;
    CommitId m_base;

    void put(const QByteArray &path, const QByteArray &bytes) const
    {
        ScratchRepository::writeAt(m_workspace.path, path, bytes);
    }
    QByteArray read(const QString &path) const
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("none");
    }
    QString aside() const { return unseenAside(m_workspace.path, m_workspace.name); }

private Q_SLOTS:
    void init()
    {
        m_repository = std::make_unique<ScratchRepository>();
        m_repository->write("a", "base\n");
        m_repository->write("b", "base\n");
        m_repository->write("sub/c", "base\n");
        m_base = m_repository->commitAll();
        m_workspace = m_repository->workspace(QStringLiteral("kept"));
        OF_OK(m_git.create(m_workspace, m_base, {}));
    }

    void whatNoSnapshotHoldsGoesAside_data()
    {
        QTest::addColumn<bool>("part");
        QTest::newRow("all") << false;
        QTest::newRow("a part") << true;
    }
    void whatNoSnapshotHoldsGoesAside()
    {
        QFETCH(bool, part);
        put("a", "kept\n");
        put("sub/left", "kept\n");
        const auto kept = m_git.snapshot(m_workspace, QString::fromLatin1(kRef).arg(1), QStringLiteral("kept"));
        OF_OK(kept);
        put("sub/new", "saved since\n");
        put("b", "saved since\n");
        put("sub/left", "saved again\n");
        const auto all = [](const RepoPath &) { return true; };
        if (part)
            OF_OK(m_git.applyOnly(m_workspace, m_base, all, std::vector{kept->commit}));
        else
            OF_OK(m_git.restore(m_workspace, m_base, std::vector{kept->commit}));
        QCOMPARE(movedAside(aside()), (QByteArrayList{"b", "sub/left", "sub/new"}));
        QCOMPARE(read(aside() + QStringLiteral("/b")), QByteArray("saved since\n"));
        QCOMPARE(read(aside() + QStringLiteral("/sub%2Fleft")), QByteArray("saved again\n"));
        QVERIFY(m_git.diffToWorkspace(m_workspace, m_base)->files.empty());
        // Nothing is kept aside of what is kept elsewhere, and without a word all may go.
        put("c", "gone\n");
        OF_OK(m_git.restore(m_workspace, m_base));
        QCOMPARE(movedAside(aside()).size(), 3);
    }

    void whatHasNoNameInUtf8IsNamedToo()
    {
        const QByteArray name = "bad\xff\xfe.bin";
        const auto kept = m_git.snapshot(m_workspace, QString::fromLatin1(kRef).arg(1), QStringLiteral("kept"));
        OF_OK(kept);
        const auto before = QDateTime::currentMSecsSinceEpoch();
        put(name, "mine\n");
        OF_OK(m_git.restore(m_workspace, m_base, std::vector{kept->commit}));
        QCOMPARE(movedAside(aside(), before), QByteArrayList{name});
    }

    /// A file becomes a link and a file again while it is looked at: it is the one or the other, or looked at later.
    void whatBecomesALinkIsLookedAtAsOne()
    {
        const QByteArray path = QFile::encodeName(m_workspace.path + QStringLiteral("/a"));
        std::jthread person([&](const std::stop_token &over) {
            const QByteArray other = QFile::encodeName(m_repository->outside() + QStringLiteral("/next"));
            while (!over.stop_requested()) {
                if (::symlink("b", other.constData()) != 0 || std::rename(other.constData(), path.constData()) != 0)
                    qFatal("no link");
                ScratchRepository::writeAt(m_repository->outside(), "next", "a file\n");
                std::rename(other.constData(), path.constData());
            }
        });
        int seen = 0;
        for (int i = 0; i < 1500; ++i) {
            const auto state = m_git.state(m_workspace);
            QVERIFY2(state || state.error().kind == ErrorKind::Unavailable,
                     qPrintable(state ? QString() : toText(state.error())));
            seen += state ? 1 : 0;
        }
        QVERIFY(seen > 20);
    }

    void whatIsSavedWhileOthersArePutBackIsNotLost_data()
    {
        QTest::addColumn<QString>("how");
        for (const char *how : {"in place", "by a rename", "a file that is to come back", "a folder in its place"})
            QTest::newRow(how) << QString::fromLatin1(how);
    }
    /// Many files go back; as soon as the first has, the last is saved.
    void whatIsSavedWhileOthersArePutBackIsNotLost()
    {
        QFETCH(QString, how);
        constexpr int kFiles = 1500;
        const auto name = [](int i) { return QStringLiteral("f%1").arg(i, 4, 10, QLatin1Char('0')); };
        const QString last = m_workspace.path + QStringLiteral("/zz");
        for (int i = 0; i < kFiles; ++i)
            m_repository->write(name(i).toLatin1(), "base\n");
        m_repository->write("zz", "base\n");
        m_base = m_repository->commitAll();
        OF_OK(m_git.restore(m_workspace, m_base));
        for (int i = 0; i < kFiles; ++i)
            put(name(i).toLatin1(), "broken\n");
        put("zz", "broken\n");
        if (how == u"a file that is to come back" || how == u"a folder in its place")
            QVERIFY(QFile::remove(last));
        const auto kept = m_git.snapshot(m_workspace, QString::fromLatin1(kRef).arg(1), QStringLiteral("kept"));
        OF_OK(kept);
        std::jthread person([&](const std::stop_token &over) {
            while (!over.stop_requested() && read(m_workspace.path + QLatin1Char('/') + name(0)) != "base\n")
                std::this_thread::yield();
            if (how == u"a folder in its place")
                return put("zz/mine", "mine\n");
            if (how != u"by a rename")
                return put("zz", "mine\n");
            put("zz.new", "mine\n");
            std::rename(QFile::encodeName(last + QStringLiteral(".new")).constData(),
                        QFile::encodeName(last).constData());
        });
        OF_OK(m_git.restore(m_workspace, m_base, std::vector{kept->commit}));
        person = {};
        const QStringList places{last, last + QStringLiteral("/mine"), aside() + QStringLiteral("/zz"),
                                 aside() + QStringLiteral("/zz/mine")};
        QVERIFY(std::ranges::any_of(places, [&](const QString &place) { return read(place) == "mine\n"; }));
        QCOMPARE(read(m_workspace.path + QLatin1Char('/') + name(kFiles - 1)), QByteArray("base\n"));
    }

    /// As an editor that saves by itself does it, all the time: a file of its own, and one of the repository.
    void nothingThatIsSavedMeanwhileIsLost()
    {
        std::atomic<bool> over = false;
        std::atomic<int> saved = 0;
        const auto save = [&](const QString &name, const QByteArray &bytes) {
            QFile file(m_workspace.path + QLatin1Char('/') + name);
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        std::jthread writer([&] {
            for (int i = 0; !over && i < 4000; ++i) {
                if (!save(QStringLiteral("new-%1").arg(i), "new " + QByteArray::number(i))
                    || (i % 20 == 0 && !save(QStringLiteral("b"), "save " + QByteArray::number(i))))
                    qFatal("not saved");
                saved = i + 1;
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        });
        const auto stop = qScopeGuard([&] { over = true; });
        for (int i = 0; i < 40; ++i) {
            const auto kept = m_git.snapshot(m_workspace, QString::fromLatin1(kRef).arg(i), QStringLiteral("kept"));
            if (!kept && kept.error().kind == ErrorKind::Unavailable)
                continue; // a file was written each time it was read: nothing is done then
            OF_OK(kept);
            OF_OK(m_git.restore(m_workspace, m_base, std::vector{kept->commit}));
        }
        over = true;
        writer.join();
        QVERIFY2(saved > 20, qPrintable(QString::number(saved)));
        const auto last = m_git.snapshot(m_workspace, QString::fromLatin1(kRef).arg(99), QStringLiteral("kept"));
        OF_OK(last);
        std::set<QByteArray> found;
        const QByteArrayList objects = m_repository
                                           ->git({QStringLiteral("log"), QStringLiteral("--all"),
                                                  QStringLiteral("--format="), QStringLiteral("--name-only"),
                                                  QStringLiteral("-m")})
                                           .split('\n');
        found.insert(objects.begin(), objects.end());
        const QByteArrayList beside = movedAside(aside());
        found.insert(beside.begin(), beside.end());
        QByteArrayList lost;
        for (int i = 0; i < saved; ++i) {
            if (!found.contains("new-" + QByteArray::number(i)))
                lost << QByteArray::number(i);
        }
        QCOMPARE(lost.join(' '), QByteArray());
    }
};

QTEST_GUILESS_MAIN(GitKeptTest)
#include "gitkept_test.moc"

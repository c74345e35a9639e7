// SPDX-License-Identifier: Apache-2.0
/// Pushes to a bare repository through git's own receive-pack: its hook decides, and nobody's commits are pushed over.
#include "core/git/gitremotes.h"
#include "tests/testlib/expect.h"
#include "tests/testlib/scratchrepository.h"

#include <QFile>

using namespace openfactory;

namespace {

constexpr const char *kHook = "#!/bin/sh\n"
                              "echo \"$@\" >> seen\n"
                              "test \"$1\" != refs/heads/main || { echo 'not this one' >&2; exit 1; }\n";

} // namespace

class GitRemotesTest : public QObject {
    Q_OBJECT
private:
    /// A repository with one commit, and a bare one beside it that has its main.
    struct World {
        ScratchRepository repository;
        GitRemotes remotes;
        RemoteAddress bare;
        CommitId first;

        World()
        {
            repository.write("a", "1\n");
            first = repository.commitAll();
            bare.url = repository.outside() + QStringLiteral("/forge/bare.git");
            if (const auto made = remotes.makeBare(bare.url, kHook); !made)
                qFatal("%s", qPrintable(toText(made.error())));
        }
        Result<void> push(const CommitId &commit, const std::optional<CommitId> &expected,
                          const char *branch = "factory/one", const std::stop_token &stop = {})
        {
            return remotes.push(bare, {repository.path(), commit, QString::fromLatin1(branch), expected}, stop);
        }
        QByteArray seen() const
        {
            QFile file(bare.url + QStringLiteral("/seen"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }
        CommitId there(const char *branch = "factory/one")
        {
            const auto branches = remotes.branches(bare, {});
            return branches && branches->contains(QString::fromLatin1(branch))
                       ? branches->at(QString::fromLatin1(branch))
                       : CommitId();
        }
    };

private Q_SLOTS:
    void pushesACommitOnceAndItsHookSeesIt()
    {
        World world;
        OF_OK(world.push(world.first, std::nullopt));
        QCOMPARE(world.there(), world.first);
        OF_OK(world.push(world.first, std::nullopt)); // there already: nothing is sent
        OF_OK(world.push(world.first, world.first));
        QCOMPARE(world.seen().count('\n'), 1);
        world.repository.write("a", "2\n");
        const CommitId second = world.repository.commitAll();
        OF_OK(world.push(second, world.first));
        QCOMPARE(world.there(), second);
        QCOMPARE(world.repository.git({QStringLiteral("fsck")}, world.bare.url).contains("missing"), false);
    }

    void rewritesItsOwnBranchOnly()
    {
        World world;
        world.repository.write("a", "2\n");
        const CommitId second = world.repository.commitAll();
        OF_OK(world.push(second, std::nullopt));
        world.repository.git({QStringLiteral("reset"), QStringLiteral("-q"), QStringLiteral("--hard"), world.first});
        world.repository.write("a", "3\n");
        const CommitId other = world.repository.commitAll();
        OF_REFUSED(world.push(other, std::nullopt), ErrorKind::Conflict, QStringLiteral("moved by somebody else"));
        OF_REFUSED(world.push(other, world.first), ErrorKind::Conflict, QStringLiteral("moved by somebody else"));
        QCOMPARE(world.there(), second);
        OF_OK(world.push(other, second));
        QCOMPARE(world.there(), other);
        OF_REFUSED(world.push(second, world.first, "factory/gone"), ErrorKind::Conflict, QStringLiteral("deleted"));
    }

    void theHookRefuses()
    {
        World world;
        OF_REFUSED(world.push(world.first, std::nullopt, "main"), ErrorKind::Denied, QStringLiteral("not this one"));
        QCOMPARE(world.there("main"), CommitId());
        QVERIFY(world.seen().contains("refs/heads/main"));
    }

    void aStopEndsIt()
    {
        World world;
        QFile hook(world.bare.url + QStringLiteral("/hooks/update"));
        QVERIFY(hook.open(QIODevice::WriteOnly | QIODevice::Truncate));
        hook.write("#!/bin/sh\nsleep 60\n");
        hook.close();
        std::stop_source stop;
        std::jthread later([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(300));
            stop.request_stop();
        });
        OF_REFUSED(world.push(world.first, std::nullopt, "factory/one", stop.get_token()), ErrorKind::Cancelled,
                   QStringLiteral("stopped"));
    }

    void copiesTheTarget()
    {
        World world;
        const auto copied = world.remotes.copyBranch(world.repository.path(), QStringLiteral("main"), world.bare.url);
        OF_OK(copied);
        QCOMPARE(*copied, world.first);
        QCOMPARE(world.there("main"), world.first);
        world.repository.write("a", "2\n");
        const CommitId second = world.repository.commitAll();
        OF_OK(world.remotes.copyBranch(world.repository.path(), QStringLiteral("main"), world.bare.url));
        QCOMPARE(world.there("main"), second);
        QVERIFY(world.seen().isEmpty()); // the forge's own doing
        OF_REFUSED(world.remotes.copyBranch(world.repository.path(), QStringLiteral("none"), world.bare.url),
                   ErrorKind::NotFound, QStringLiteral("no such branch"));
    }

    void aRepositoryIsMadeWholeOrNotAtAll()
    {
        World world;
        const QString folder = world.repository.outside() + QStringLiteral("/forge");
        const QString half = folder + QStringLiteral("/half.git");
        ScratchRepository::writeAt(half, "config.lock", ""); // what is not ours stays
        OF_REFUSED(world.remotes.makeBare(half, "#!/bin/sh\n"), ErrorKind::Conflict, QStringLiteral("no repository"));
        QVERIFY(QFile::exists(half + QStringLiteral("/config.lock")));
        for (int i = 0; i < 20; ++i) {
            const QString path = folder + QStringLiteral("/%1.git").arg(i);
            std::atomic<int> fine = 0;
            {
                std::vector<std::jthread> makers;
                for (int k = 0; k < 4; ++k)
                    makers.emplace_back([&] { fine += world.remotes.makeBare(path, "#!/bin/sh\n") ? 1 : 0; });
            }
            QCOMPARE(fine.load(), 4);
            QCOMPARE(world.repository.git({QStringLiteral("rev-parse"), QStringLiteral("--is-bare-repository")}, path),
                     QByteArray("true\n"));
            QVERIFY(QFileInfo(path + QStringLiteral("/hooks/update")).isExecutable());
        }
        QCOMPARE(QDir(folder).entryList({QStringLiteral(".making-*")}, QDir::Dirs | QDir::Hidden), QStringList());
    }

    void noConfigurationSendsItElsewhere()
    {
        World world;
        const QString elsewhere = world.repository.outside() + QStringLiteral("/elsewhere.git");
        OF_OK(world.remotes.makeBare(elsewhere, "#!/bin/sh\n"));
        world.repository.git({QStringLiteral("config"), QStringLiteral("url.%1.insteadOf").arg(elsewhere),
                              QStringLiteral("openfactory://") + world.bare.url});
        world.repository.git(
            {QStringLiteral("config"), QStringLiteral("url.%1.pushInsteadOf").arg(elsewhere), world.bare.url});
        OF_OK(world.push(world.first, std::nullopt));
        QCOMPARE(world.there(), world.first);
        QCOMPARE(world.repository.git({QStringLiteral("for-each-ref")}, elsewhere), QByteArray());
    }

    void refusesWhatIsNoAddress()
    {
        World world;
        for (const auto *url : {"http://localhost/x", "ssh://localhost/x", "file:///x", "../x", "", "ext::sh -c id"}) {
            RemoteAddress address;
            address.url = QString::fromLatin1(url);
            OF_REFUSED(world.remotes.branches(address, {}), ErrorKind::Invalid, QStringLiteral("neither https"));
        }
        RemoteAddress gone;
        gone.url = world.repository.outside() + QStringLiteral("/gone.git");
        QVERIFY(!world.remotes.branches(gone, {}));
    }
};

QTEST_GUILESS_MAIN(GitRemotesTest)
#include "gitremotes_test.moc"

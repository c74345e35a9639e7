// SPDX-License-Identifier: Apache-2.0
/// The demo is made, put away, and made again.
#include "app/wiring/smokerepository.h"

#include "app/wiring/factory.h"
#include "tests/testlib/expect.h"

#include <QTemporaryDir>

using namespace openfactory;

class SmokeRepositoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsRemovedCanBeMadeAgain()
    {
        QTemporaryDir folder;
        const QString data = folder.filePath(QStringLiteral("data"));
        const QString demo = data + QStringLiteral("/demo");
        const auto factory = Factory::create(data);
        OF_OK(factory);
        const EnginePorts &ports = (*factory)->ports();
        const auto store = ports.openStore();
        OF_OK(store);
        OperatorDesk desk(ports, **store, QStringLiteral("tester"));
        OF_OK(removeSmokeRepository(desk, **store, demo)); // there is nothing yet, and nothing else is touched
        const auto repository = makeSmokeRepository(demo);
        OF_OK(repository);
        const auto first = smokeJob(desk, **store, *repository);
        OF_OK(first);
        QCOMPARE(smokeJob(desk, **store, *repository)->id(), first->id());
        NewJob own;
        own.slug = QStringLiteral("own");
        own.repository = repository->folder;
        OF_OK(desk.create(own));

        OF_OK(removeSmokeRepository(desk, **store, demo));
        QVERIFY(!QFileInfo::exists(demo));
        const Job gone = *(*store)->job(first->id());
        QCOMPARE(gone.progress.state, JobState::Cancelled);
        QVERIFY(gone.wishes.archived);
        QVERIFY((*store)->jobs({})->empty()); // of the list
        OF_OK(removeSmokeRepository(desk, **store, demo));

        const auto again = makeSmokeRepository(demo);
        OF_OK(again);
        const auto second = smokeJob(desk, **store, *again);
        OF_OK(second);
        QVERIFY(second->id() != first->id());
        QVERIFY(QFileInfo::exists(again->folder + QStringLiteral("/.git")));
    }
};

QTEST_GUILESS_MAIN(SmokeRepositoryTest)
#include "smokerepositorytest.moc"

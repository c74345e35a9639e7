// SPDX-License-Identifier: Apache-2.0
#include "core/base/diskuse.h"
#include "core/base/removetree.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

using namespace openfactory;

namespace {

/// As an ordinary user meets them, root meets the modes of folders too for as long as this lives.
class WithoutOverride {
public:
    WithoutOverride()
    {
        m_held = ::syscall(SYS_capget, &m_header, m_before.data()) == 0;
        auto less = m_before;
        less[0].effective &= ~((1U << CAP_DAC_OVERRIDE) | (1U << CAP_DAC_READ_SEARCH));
        m_held = m_held && ::syscall(SYS_capset, &m_header, less.data()) == 0;
    }
    ~WithoutOverride()
    {
        if (m_held)
            ::syscall(SYS_capset, &m_header, m_before.data());
    }
    Q_DISABLE_COPY_MOVE(WithoutOverride)

private:
    __user_cap_header_struct m_header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> m_before{};
    bool m_held = false;
};

} // namespace

class RemoveTreeTest : public QObject {
    Q_OBJECT
private:
    QTemporaryDir m_folder;
    QString at(const char *path) const { return m_folder.filePath(QLatin1String(path)); }
    void put(const char *path, const QByteArray &bytes)
    {
        QVERIFY(QDir().mkpath(QFileInfo(at(path)).path()));
        QFile file(at(path));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }

private Q_SLOTS:
    void removesFoldersThatTheirMakerClosed()
    {
        put("outside/kept", "x");
        put("tree/mod/a@v1/a.go", "x");
        put("tree/none/b", "x");
        QVERIFY(QFile::link(at("outside"), at("tree/mod/link")));
        QCOMPARE(::chmod(qPrintable(at("outside")), 0500), 0);
        QCOMPARE(::chmod(qPrintable(at("tree/mod/a@v1")), 0555), 0);
        QCOMPARE(::chmod(qPrintable(at("tree/mod")), 0555), 0);
        QCOMPARE(::chmod(qPrintable(at("tree/none")), 0), 0);
        {
            const WithoutOverride user;
            QVERIFY(!QDir(at("tree/mod/a@v1")).remove(QStringLiteral("a.go"))); // else this shows nothing
            removeTree(at("tree"));
        }
        QVERIFY(!QFile::exists(at("tree")));
        struct stat outside{};
        QCOMPARE(::stat(qPrintable(at("outside")), &outside), 0);
        QCOMPARE(outside.st_mode & 0777, 0500U); // a link was not followed
        QVERIFY(QFile::exists(at("outside/kept")));
    }

    void measuresWhatIsOnTheDisk()
    {
        put("use/a/big", QByteArray(100'000, 'x'));
        put("use/small", "x");
        QVERIFY(QFile::link(at("use"), at("use/round")));
        DiskUse use;
        QByteArrayList paths;
        QVERIFY(forEachBelow(at("use"), {}, [&](const QByteArray &path, const DiskUse &one) {
            paths << path;
            use += one;
        }));
        std::ranges::sort(paths);
        QCOMPARE(paths, (QByteArrayList{"a", "a/big", "round", "small"}));
        QCOMPARE(use.files, 3);
        QVERIFY(use.bytes >= 100'000 && use.bytes < 140'000);
        const auto none = forEachBelow(at("gone"), {}, [](const QByteArray &, const DiskUse &) {});
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
    }
};

QTEST_GUILESS_MAIN(RemoveTreeTest)
#include "test_removetree.moc"

// SPDX-License-Identifier: Apache-2.0
#include "core/engine/wake.h"

#include "core/base/file.h"
#include "core/base/id.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSocketNotifier>
#include <QStandardPaths>
#include <QTimer>

#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace openfactory {

namespace {

/// Where the sockets of a data directory lie: the runtime folder where there is one (a socket's path may have 107
/// bytes at the most), else the data directory.
QString socketFolder(const QString &dataFolder)
{
    const QString canonical = QDir(dataFolder).canonicalPath();
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    const QString id = QString::fromLatin1(
        QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().left(16));
    if (!runtime.isEmpty() && QFileInfo(runtime).isWritable())
        return runtime + QStringLiteral("/openfactory-") + id;
    return canonical + QStringLiteral("/wake");
}

constexpr auto kGatherMs = 20;

} // namespace

int wakeEngines(const QString &dataFolder)
{
    const QDir folder(socketFolder(dataFolder));
    int reached = 0;
    for (const QString &name : folder.entryList(QDir::System | QDir::Files | QDir::Hidden | QDir::NoDotAndDotDot)) {
        QLocalSocket socket;
        socket.connectToServer(folder.filePath(name));
        if (socket.waitForConnected(50)) {
            ++reached;
            socket.disconnectFromServer();
        } else if (socket.error() == QLocalSocket::ConnectionRefusedError) {
            QFile::remove(folder.filePath(name)); // its engine died
        }
    }
    return reached;
}

WakeListener::WakeListener(const QString &dataFolder, QObject *parent) : QObject(parent)
{
    m_gather = new QTimer(this);
    m_gather->setSingleShot(true);
    m_gather->setInterval(kGatherMs);
    connect(m_gather, &QTimer::timeout, this, &WakeListener::woken);
    listen(dataFolder);
    watch(dataFolder);
}

WakeListener::~WakeListener()
{
    delete m_notifier;
    if (m_inotify >= 0)
        ::close(m_inotify);
}

void WakeListener::listen(const QString &dataFolder)
{
    const QString folder = socketFolder(dataFolder);
    if (!makeFolder(folder))
        return;
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (auto *socket = m_server->nextPendingConnection())
            socket->deleteLater(); // a connection is the whole message
        if (!m_gather->isActive())
            m_gather->start();
    });
    if (!m_server->listen(folder + QLatin1Char('/') + newUlid())) {
        delete m_server;
        m_server = nullptr;
    }
}

void WakeListener::watch(const QString &dataFolder)
{
    m_inotify = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (m_inotify < 0)
        return;
    // Every commit of any process appends to the write-ahead log.
    const QByteArray log = QFile::encodeName(dataFolder + QStringLiteral("/openfactory.db-wal"));
    if (::inotify_add_watch(m_inotify, log.constData(), IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF) < 0) {
        ::close(m_inotify);
        m_inotify = -1;
        return;
    }
    m_notifier = new QSocketNotifier(m_inotify, QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, [this] {
        alignas(inotify_event) std::array<char, 4096> buffer;
        while (::read(m_inotify, buffer.data(), buffer.size()) > 0) {}
        if (!m_gather->isActive())
            m_gather->start();
    });
}

QStringList WakeListener::layers() const
{
    QStringList layers;
    if (m_server)
        layers << QStringLiteral("socket");
    if (m_notifier)
        layers << QStringLiteral("inotify");
    return layers;
}

} // namespace openfactory

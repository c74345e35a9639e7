// SPDX-License-Identifier: Apache-2.0
#include "core/store/filelock.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace openfactory {

namespace {

constexpr int kWriterByte = 0;
/// Held while waiting for the writer's byte: whoever wrote last cannot pass the one who waits.
constexpr int kQueueByte = 1;

struct flock rangeOf(int byte, short type)
{
    struct flock range{};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = byte;
    range.l_len = 1;
    return range;
}

using SteadyTime = std::chrono::steady_clock::time_point;

/// The kernel has no bounded wait for a lock, so this asks again, from each 50 us to each 2 ms.
bool lockBefore(LockFile &file, int byte, SteadyTime end)
{
    auto pause = std::chrono::microseconds(50);
    while (!file.tryLock(byte, LockFile::Mode::Exclusive)) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, std::chrono::microseconds(2000));
    }
    return true;
}

} // namespace

Result<LockFile> LockFile::open(const QString &path, Missing missing)
{
    const QString doing = QStringLiteral("open lock file %1").arg(path);
    LockFile file;
    const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (missing == Missing::Make ? O_CREAT : 0);
    file.m_number = ::open(QFile::encodeName(path).constData(), flags, 0600);
    if (file.m_number < 0)
        return std::unexpected(errnoError(errno, doing));
    struct stat facts{};
    if (::fstat(file.m_number, &facts) != 0)
        return std::unexpected(errnoError(errno, doing));
    if (!S_ISREG(facts.st_mode))
        return fail(ErrorKind::Denied, doing, QStringLiteral("it is not a regular file"));
    return file;
}

LockFile &LockFile::operator=(LockFile &&other) noexcept
{
    std::swap(m_number, other.m_number);
    return *this;
}

LockFile::~LockFile()
{
    if (m_number >= 0)
        ::close(m_number);
}

bool LockFile::tryLock(int byte, Mode mode)
{
    struct flock range = rangeOf(byte, mode == Mode::Exclusive ? F_WRLCK : F_RDLCK);
    return ::fcntl(m_number, F_OFD_SETLK, &range) == 0;
}

void LockFile::unlock(int byte)
{
    struct flock range = rangeOf(byte, F_UNLCK);
    ::fcntl(m_number, F_OFD_SETLK, &range);
}

bool LockFile::heldElsewhere(int byte) const
{
    struct flock range = rangeOf(byte, F_WRLCK);
    return ::fcntl(m_number, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

bool WriteGate::enter(std::chrono::milliseconds most)
{
    std::unique_lock lock(m_mutex);
    if (!m_taken && m_queue.empty()) {
        m_taken = true;
        return true;
    }
    Waiter self;
    const auto place = m_queue.insert(m_queue.end(), &self);
    if (self.wake.wait_for(lock, most, [&] { return self.granted; }))
        return true; // leave() took it from the queue and left the gate taken
    m_queue.erase(place);
    return false;
}

void WriteGate::leave()
{
    std::unique_lock lock(m_mutex);
    if (m_queue.empty()) {
        m_taken = false;
        return;
    }
    Waiter *next = m_queue.front();
    m_queue.pop_front();
    next->granted = true;
    next->wake.notify_one();
}

Result<void> StoreLock::lock(std::chrono::milliseconds most)
{
    const auto end = std::chrono::steady_clock::now() + most;
    const auto late = [&] {
        return fail(ErrorKind::Timeout, QStringLiteral("wait for the store's write lock"),
                    QStringLiteral("another process or thread has been writing for %1 ms").arg(most.count()),
                    QStringLiteral("look for a stopped openfactory or factory process"));
    };
    if (!m_gate->enter(most))
        return late();
    bool have = lockBefore(m_file, kQueueByte, end);
    if (have) {
        have = lockBefore(m_file, kWriterByte, end);
        m_file.unlock(kQueueByte);
    }
    m_held = have;
    if (have)
        return {};
    m_gate->leave();
    return late();
}

StoreLock::~StoreLock()
{
    if (m_held)
        unlock();
}

void StoreLock::unlock()
{
    m_held = false;
    m_file.unlock(kWriterByte);
    m_gate->leave();
}

} // namespace openfactory

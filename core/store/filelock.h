// SPDX-License-Identifier: Apache-2.0
/// Locks between processes and threads on bytes of a file ("open file description" locks: they belong to one open
/// file, so two connections of one process exclude each other too, and the kernel drops them when a process dies).
/// `StoreLock` puts writers and checkpoints of all processes into one row; used by the thread that owns it.
#pragma once

#include "core/base/error.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <utility>

namespace openfactory {

/// One open lock file; closing it gives its locks back. Not inherited by commands (close-on-exec).
class LockFile {
public:
    enum class Mode { Shared, Exclusive };

    enum class Missing { Make, Refuse };

    /// Opens the file; one that is made is owner-only. Symlinks are refused.
    static Result<LockFile> open(const QString &path, Missing missing = Missing::Make);
    LockFile() = default;
    LockFile(LockFile &&other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    LockFile &operator=(LockFile &&other) noexcept;
    ~LockFile();

    /// Never waits; false when somebody else holds it.
    bool tryLock(int byte, Mode mode);
    void unlock(int byte);
    /// Whether another open file holds a lock on the byte; takes none.
    bool heldElsewhere(int byte) const;
    bool isOpen() const { return m_number >= 0; }

private:
    int m_number = -1;
};

/// First come, first served, among the threads that share it. Thread-safe.
class WriteGate {
public:
    /// False when the time is over.
    bool enter(std::chrono::milliseconds most);
    void leave();
    /// For good: the disk refused a read or a write of one of them, so none writes any more (see Database).
    void shut() { m_shut = true; }
    bool isShut() const { return m_shut; }

private:
    struct Waiter {
        std::condition_variable wake;
        bool granted = false;
    };
    std::mutex m_mutex;
    std::list<Waiter *> m_queue;
    bool m_taken = false;
    std::atomic<bool> m_shut = false;
};

/// The right to write to the store, or to checkpoint it. `gate` is shared by the connections of one process.
class StoreLock {
public:
    StoreLock(LockFile file, std::shared_ptr<WriteGate> gate) : m_file(std::move(file)), m_gate(std::move(gate)) {}
    StoreLock(const StoreLock &) = delete;
    StoreLock &operator=(const StoreLock &) = delete;
    ~StoreLock();
    /// Waits its turn; Timeout when the time is over. Not for a lock that is held.
    Result<void> lock(std::chrono::milliseconds most);
    void unlock();
    bool isHeld() const { return m_held; }
    WriteGate &gate() { return *m_gate; }
    /// Bytes beside the two of the writers' queue are free for other uses of the same file.
    LockFile &file() { return m_file; }
    static constexpr int kPresenceByte = 2;

private:
    LockFile m_file;
    std::shared_ptr<WriteGate> m_gate;
    bool m_held = false;
};

} // namespace openfactory

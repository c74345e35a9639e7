// SPDX-License-Identifier: Apache-2.0
/// Preloaded into `factory` by the fault tests: counts the calls that leave something outside the process, and lets the
/// Nth of a class go wrong. strace counts for each thread of its own; here all threads count together, so that every
/// point of a run has a number.
///   OPENFACTORY_KILL=CLASS:N:ACTION     sync rename unlink make write exec; store: the syncs of the store alone
///       before, after   SIGKILL there
///       stop            SIGSTOP there: the process goes on when it is told to
///       EIO             this one call fails, as a disk does; whatever comes later is let through, which is what makes
///                       a retry look good that is not
///       ENOSPC          from here on no file grows and none is made, until the reserve is given up
///   OPENFACTORY_KILL_COUNTS=FILE        64-bit counters, mapped, so that they outlive the process: the classes,
///                                       calls that failed, those of the store, and what was written to it after
///                                       that
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace {

enum Class {
    Sync,
    Rename,
    Unlink,
    Make,
    Write,
    Exec,
    Store,
    Classes,
    Failed = Classes,
    StoreFailed,
    StoreWritesAfter,
    Counters
};
constexpr const char *kNames[Classes] = {"sync", "rename", "unlink", "make", "write", "exec", "store"};
enum class Action { Before, After, Stop, Eio, Enospc };
constexpr std::pair<const char *, Action> kActions[] = {{":before", Action::Before},
                                                        {":after", Action::After},
                                                        {":stop", Action::Stop},
                                                        {":EIO", Action::Eio},
                                                        {":ENOSPC", Action::Enospc}};

std::atomic<uint64_t> own[Counters];
std::atomic<uint64_t> *counts = own;
int wanted = Classes;
uint64_t number = 0;
Action action = Action::Before;
std::atomic<bool> full = false;        ///< the disk
std::atomic<int64_t> room = 0;         ///< bytes that are left on it
std::atomic<bool> storeBroken = false; ///< a sync or write of one of the store's files failed
constexpr int64_t kReserve = 8 * 1024 * 1024;

[[gnu::constructor]] void begin()
{
    if (const char *file = getenv("OPENFACTORY_KILL_COUNTS")) {
        const int descriptor = int(syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
        if (descriptor >= 0 && syscall(SYS_ftruncate, descriptor, sizeof own) == 0) {
            void *mapped = mmap(nullptr, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
            if (mapped != MAP_FAILED)
                counts = static_cast<std::atomic<uint64_t> *>(mapped);
        }
        syscall(SYS_close, descriptor);
    }
    const char *kill = getenv("OPENFACTORY_KILL");
    const char *colon = kill ? strchr(kill, ':') : nullptr;
    for (int i = 0; colon && i < Classes; ++i) {
        if (strlen(kNames[i]) == size_t(colon - kill) && strncmp(kNames[i], kill, size_t(colon - kill)) == 0)
            wanted = i;
    }
    if (colon) {
        number = strtoull(colon + 1, nullptr, 10);
        for (const auto &[name, meant] : kActions) {
            if (strstr(colon, name))
                action = meant;
        }
    }
    unsetenv("LD_PRELOAD"); // its children are not meant
}

[[noreturn]] void die()
{
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    while (true)
        pause();
}

/// Whether the file is one of the store's: the database or its write-ahead log.
bool isStore(int file)
{
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return false;
    path[size] = 0;
    const char *name = strstr(path, "/openfactory.db");
    return name && (strcmp(name, "/openfactory.db") == 0 || strcmp(name, "/openfactory.db-wal") == 0);
}

/// What a call is about, as far as that matters: bytes by which a file grows, or one that is made.
struct Effect {
    int file = -1;
    int64_t grows = 0;
};

Effect growth(int file, size_t size, off_t at)
{
    struct stat facts{};
    // What has no name is memory (memfd), not the disk.
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_nlink == 0)
        return {file, 0};
    const bool appends = at < 0 && (fcntl(file, F_GETFL) & O_APPEND);
    const int64_t from = appends ? facts.st_size : at >= 0 ? at : lseek(file, 0, SEEK_CUR);
    return {file, std::max<int64_t>(0, from + int64_t(size) - facts.st_size)};
}

enum class Verdict { Passes, DiesAfter, Fails };

/// One call before it is made. Dies or stops here; or says what is to become of it, with errno set where it fails.
Verdict judged(Class what, Effect effect = {})
{
    const bool here = counts[what].fetch_add(1) + 1 == number && what == wanted;
    if (here && action == Action::Before)
        die();
    if (here && action == Action::Stop)
        syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
    if (here && action == Action::Enospc)
        full = true;
    if (here && action == Action::Eio) {
        ++counts[Failed];
        if (effect.file >= 0 && isStore(effect.file)) {
            ++counts[StoreFailed];
            storeBroken = true;
        }
        errno = EIO;
        return Verdict::Fails;
    }
    if (storeBroken && (what == Write || what == Sync || what == Make) && effect.file >= 0 && isStore(effect.file))
        ++counts[StoreWritesAfter];
    if (full && effect.grows > 0 && room.fetch_sub(effect.grows) < effect.grows) {
        room += effect.grows;
        ++counts[Failed];
        errno = ENOSPC;
        return Verdict::Fails;
    }
    return here && action == Action::After ? Verdict::DiesAfter : Verdict::Passes;
}

template<typename Function>
Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

template<typename Value>
Value passed(Verdict verdict, Value value)
{
    if (verdict == Verdict::DiesAfter)
        die();
    return value;
}

/// The engine gives up its reserve: so much room there is again.
void noteRemoved(const char *path)
{
    const char *name = strrchr(path, '/');
    if (full && name && strcmp(name, "/reserve") == 0 && access(path, F_OK) == 0)
        room += kReserve;
}

} // namespace

// NAME(class, what is at stake, parameters, arguments): the call itself, counted.
#define COUNTED(result, name, what, effect, parameters, arguments)                                                     \
    extern "C" result name parameters                                                                                  \
    {                                                                                                                  \
        static const auto real = next<result(*) parameters>(#name);                                                    \
        const Verdict verdict = judged(what, Effect effect);                                                           \
        return verdict == Verdict::Fails ? -1 : passed(verdict, real arguments);                                       \
    }
#define REMOVED(name, path, parameters, arguments)                                                                     \
    extern "C" int name parameters                                                                                     \
    {                                                                                                                  \
        static const auto real = next<int(*) parameters>(#name);                                                       \
        const Verdict verdict = judged(Unlink);                                                                        \
        if (verdict == Verdict::Fails)                                                                                 \
            return -1;                                                                                                 \
        noteRemoved(path);                                                                                             \
        return passed(verdict, real arguments);                                                                        \
    }

#define SYNCED(name)                                                                                                   \
    extern "C" int name(int file)                                                                                      \
    {                                                                                                                  \
        static const auto real = next<int (*)(int)>(#name);                                                            \
        Verdict verdict = judged(Sync, {file, 0});                                                                     \
        if (verdict == Verdict::Passes && isStore(file))                                                               \
            verdict = judged(Store, {file, 0});                                                                        \
        return verdict == Verdict::Fails ? -1 : passed(verdict, real(file));                                           \
    }

SYNCED(fsync)
SYNCED(fdatasync)
COUNTED(int, rename, Rename, (-1, 0), (const char *from, const char *to), (from, to))
COUNTED(int, renameat, Rename, (-1, 0), (int a, const char *from, int b, const char *to), (a, from, b, to))
COUNTED(int, renameat2, Rename, (-1, 0), (int a, const char *from, int b, const char *to, unsigned flags),
        (a, from, b, to, flags))
REMOVED(unlink, path, (const char *path), (path))
REMOVED(unlinkat, path, (int folder, const char *path, int flags), (folder, path, flags))
REMOVED(rmdir, path, (const char *path), (path))
REMOVED(remove, path, (const char *path), (path))
COUNTED(int, mkdir, Make, (-1, 4096), (const char *path, mode_t mode), (path, mode))
COUNTED(int, mkdirat, Make, (-1, 4096), (int folder, const char *path, mode_t mode), (folder, path, mode))
COUNTED(int, symlink, Make, (-1, 256), (const char *target, const char *path), (target, path))
COUNTED(int, symlinkat, Make, (-1, 256), (const char *target, int folder, const char *path), (target, folder, path))
COUNTED(int, link, Make, (-1, 256), (const char *from, const char *to), (from, to))
COUNTED(int, linkat, Make, (-1, 256), (int a, const char *from, int b, const char *to, int flags),
        (a, from, b, to, flags))
COUNTED(int, ftruncate, Make, (file, 0), (int file, off_t size), (file, size))
COUNTED(int, ftruncate64, Make, (file, 0), (int file, off64_t size), (file, size))
COUNTED(ssize_t, write, Write, (growth(file, size, -1)), (int file, const void *bytes, size_t size),
        (file, bytes, size))
COUNTED(ssize_t, pwrite, Write, (growth(file, size, at)), (int file, const void *bytes, size_t size, off_t at),
        (file, bytes, size, at))
COUNTED(ssize_t, pwrite64, Write, (growth(file, size, at)), (int file, const void *bytes, size_t size, off64_t at),
        (file, bytes, size, at))
COUNTED(ssize_t, writev, Write, (growth(file, count > 0 ? parts[0].iov_len : 0, -1)),
        (int file, const iovec *parts, int count), (file, parts, count))

// These answer with the error itself.
#define ALLOCATED(name, offset)                                                                                        \
    extern "C" int name(int file, offset from, offset size)                                                            \
    {                                                                                                                  \
        static const auto real = next<int (*)(int, offset, offset)>(#name);                                            \
        const Verdict verdict = judged(Make, growth(file, size_t(size), from));                                        \
        return verdict == Verdict::Fails ? errno : passed(verdict, real(file, from, size));                            \
    }
ALLOCATED(posix_fallocate, off_t)
ALLOCATED(posix_fallocate64, off64_t)

#define COUNTED_OPEN(name, folder, parameters, arguments)                                                              \
    extern "C" int name parameters                                                                                     \
    {                                                                                                                  \
        mode_t mode = 0;                                                                                               \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                                         \
            va_list list;                                                                                              \
            va_start(list, flags);                                                                                     \
            mode = va_arg(list, mode_t);                                                                               \
            va_end(list);                                                                                              \
        }                                                                                                              \
        static const auto real = next<int(*) parameters>(#name);                                                       \
        const bool makes = (flags & O_CREAT) && faccessat(folder, path, F_OK, AT_SYMLINK_NOFOLLOW) != 0;               \
        const Verdict verdict = flags & O_CREAT ? judged(Make, {-1, makes ? 256 : 0}) : Verdict::Passes;               \
        return verdict == Verdict::Fails ? -1 : passed(verdict, real arguments);                                       \
    }

COUNTED_OPEN(open, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
COUNTED_OPEN(open64, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
COUNTED_OPEN(openat, folder, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))
COUNTED_OPEN(openat64, folder, (int folder, const char *path, int flags, ...), (folder, path, flags, mode))

/// In the child, which shares the memory of the process that is meant: that one dies and the child goes on, the
/// hardest case for everything that hangs on its parent. (Before and after are the same.)
extern "C" int execve(const char *path, char *const argv[], char *const environment[])
{
    static const auto real = next<int (*)(const char *, char *const[], char *const[])>("execve");
    if (counts[Exec].fetch_add(1) + 1 == number && wanted == Exec)
        syscall(SYS_kill, syscall(SYS_getppid), action == Action::Stop ? SIGSTOP : SIGKILL);
    return real(path, argv, environment);
}

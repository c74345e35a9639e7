// SPDX-License-Identifier: Apache-2.0
/// Preloaded into a program that uses the store: sees each lock that SQLite takes for a checkpoint, and ends the
/// program where it is taken without the store's own write lock. SQLite before 3.51.3 can damage a file that two
/// connections write and checkpoint at once (hardening.md, A), so this must not happen at all, which no run could show
/// by luck.
///   OPENFACTORY_CHECKPOINTS=FILE   a 64-bit counter of checkpoints, mapped
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

constexpr off_t kCheckpointByte = 121; ///< in the -shm file: 120 + 1, from SQLite's file format
constexpr off_t kWriterByte = 0;       ///< in openfactory.lock

std::atomic<uint64_t> own;
std::atomic<uint64_t> *checkpoints = &own;
std::atomic<int> held = 0; ///< of the store's write lock, by this process

[[gnu::constructor]] void begin()
{
    if (const char *path = getenv("OPENFACTORY_CHECKPOINTS")) {
        const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file >= 0 && ftruncate(file, sizeof own) == 0) {
            void *mapped = mmap(nullptr, sizeof own, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            if (mapped != MAP_FAILED)
                checkpoints = static_cast<std::atomic<uint64_t> *>(mapped);
        }
        close(file);
    }
}

bool isFile(int number, const char *name)
{
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", number);
    const ssize_t size = readlink(link, path, sizeof path - 1);
    path[size < 0 ? 0 : size] = 0;
    const char *found = strrchr(path, '/');
    return found && strcmp(found + 1, name) == 0;
}

int watched(int file, int command, void *argument)
{
    static const auto real = reinterpret_cast<int (*)(int, int, ...)>(dlsym(RTLD_NEXT, "fcntl64"));
    const bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    const auto range = locks ? *static_cast<struct flock *>(argument) : flock{};
    const bool writer = locks && range.l_start == kWriterByte && range.l_len == 1 && isFile(file, "openfactory.lock");
    if (writer && range.l_type == F_UNLCK)
        --held; // before it is given, so that nothing comes between
    const int result = real(file, command, argument);
    if (writer && range.l_type == F_WRLCK && result == 0)
        ++held;
    if (locks && range.l_type == F_WRLCK && range.l_start == kCheckpointByte && range.l_len == 1 && result == 0
        && isFile(file, "openfactory.db-shm")) {
        ++*checkpoints;
        if (held < 1) {
            static const char said[] = "lockwatch: a checkpoint without the store's write lock\n";
            [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, said, sizeof said - 1);
            abort();
        }
    }
    return result;
}

} // namespace

extern "C" int fcntl64(int file, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return watched(file, command, argument);
}

extern "C" int fcntl(int file, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return watched(file, command, argument);
}

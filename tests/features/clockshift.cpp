// SPDX-License-Identifier: Apache-2.0
/// Preloaded into `factory` by the clock tests: the wall clock is off by as much as a file says, at every moment; the
/// clocks that count from the machine's start are left alone.
///   OPENFACTORY_CLOCK=FILE    64-bit signed seconds, mapped: the test changes it while the process runs
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

const std::atomic<int64_t> none = 0;
const std::atomic<int64_t> *shift = &none;

[[gnu::constructor]] void begin()
{
    if (const char *path = getenv("OPENFACTORY_CLOCK")) {
        const int file = open(path, O_RDONLY | O_CLOEXEC);
        void *mapped = mmap(nullptr, sizeof none, PROT_READ, MAP_SHARED, file, 0);
        if (mapped != MAP_FAILED)
            shift = static_cast<const std::atomic<int64_t> *>(mapped);
        close(file);
    }
    unsetenv("LD_PRELOAD"); // its children are not meant
}

template<typename Function>
Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec *now) noexcept
{
    static const auto real = next<int (*)(clockid_t, timespec *)>("clock_gettime");
    const int result = real(clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += *shift;
    return result;
}

extern "C" int gettimeofday(timeval *__restrict now, void *__restrict zone) noexcept
{
    static const auto real = next<int (*)(timeval *, void *)>("gettimeofday");
    const int result = real(now, zone);
    if (result == 0)
        now->tv_sec += *shift;
    return result;
}

extern "C" time_t time(time_t *into) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (into)
        *into = now.tv_sec;
    return now.tv_sec;
}

// SPDX-License-Identifier: Apache-2.0
#include "core/process/helper/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

namespace openfactory::helper {

namespace {

constexpr std::int64_t shortestPauseUs = 20'000;

std::int64_t nowUs()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return std::int64_t(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000;
}

/// The start of a small file of /proc as a C string; empty when the process is gone.
const char *readProc(pid_t pid, const char *name, char (&buffer)[4096])
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", int(pid), name);
    buffer[0] = 0;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return buffer;
    const ssize_t n = read(file, buffer, sizeof buffer - 1);
    close(file);
    buffer[n > 0 ? n : 0] = 0;
    return buffer;
}

std::uint64_t field(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), nullptr, 10) : 0;
}

/// (process, parent) of all that are visible and not zombies.
std::vector<std::pair<pid_t, pid_t>> allProcesses()
{
    std::vector<std::pair<pid_t, pid_t>> all;
    DIR *listing = opendir("/proc");
    if (!listing)
        return all;
    while (const dirent *entry = readdir(listing)) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        const pid_t pid = pid_t(strtol(entry->d_name, nullptr, 10));
        char buffer[4096];
        const char *afterName = strrchr(readProc(pid, "stat", buffer), ')'); // the name may hold anything
        char state = 0;
        int parent = 0;
        if (afterName && sscanf(afterName + 1, " %c %d", &state, &parent) == 2 && state != 'Z')
            all.emplace_back(pid, parent);
    }
    closedir(listing);
    return all;
}

std::vector<pid_t> descendants()
{
    const auto all = allProcesses();
    std::vector<pid_t> below{getpid()};
    // In a process namespace of its own everything else is a descendant.
    if (below.front() == 1) {
        below.clear();
        for (const auto &[pid, parent] : all) {
            if (pid != 1)
                below.push_back(pid);
        }
        return below;
    }
    for (std::size_t i = 0; i < below.size(); ++i) {
        for (const auto &[pid, parent] : all) {
            if (parent == below[i])
                below.push_back(pid);
        }
    }
    below.erase(below.begin());
    return below;
}

} // namespace

void Watch::begin()
{
    m_memoryKb = m_peakKb = 0;
    m_processes = 0;
    m_pauseUs = shortestPauseUs;
    m_nextUs = nowUs() + m_pauseUs;
}

int Watch::pauseMs() const
{
    return int(std::max<std::int64_t>(0, (m_nextUs - nowUs() + 999) / 1000));
}

bool Watch::due() const
{
    return nowUs() >= m_nextUs;
}

void Watch::look(std::uint64_t memoryKb, std::uint32_t processes)
{
    const std::int64_t begin = nowUs();
    const std::vector<pid_t> below = descendants();
    m_processes = std::uint32_t(below.size());
    m_memoryKb = 0;
    const bool tooMany = processes > 0 && m_processes > processes;
    const auto sum = [&](const char *file, const char *anonymous, const char *shared) {
        std::uint64_t kb = 0;
        for (const pid_t pid : below) {
            char buffer[4096];
            const char *text = readProc(pid, file, buffer);
            kb += field(text, anonymous) + field(text, shared);
        }
        return kb;
    };
    if (!tooMany) {
        m_memoryKb = sum("status", "RssAnon:", "RssShmem:");
        if (memoryKb > 0 && m_memoryKb > memoryKb)
            m_memoryKb = sum("smaps_rollup", "Pss_Anon:", "Pss_Shmem:");
    }
    m_peakKb = std::max(m_peakKb, m_memoryKb);
    // Watching many processes takes longer: at most a twentieth of the time goes into it, but a quarter second at most
    // passes between two looks.
    const std::int64_t end = nowUs();
    m_pauseUs = std::clamp<std::int64_t>((end - begin) * 20, shortestPauseUs, 250'000);
    m_nextUs = end + m_pauseUs;
}

void Watch::signalDescendants(int number) const
{
    for (const pid_t pid : descendants())
        kill(pid, number);
}

} // namespace openfactory::helper

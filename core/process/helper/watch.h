// SPDX-License-Identifier: Apache-2.0
/// Counts the processes below of-sandbox-init and their memory, from /proc. The limit of last resort where there is no
/// control group, so it looks often and costs little.
#pragma once

#include <cstdint>

namespace openfactory::helper {

class Watch {
public:
    /// Forgets the last command.
    void begin();
    /// Milliseconds to wait before the next look.
    int pauseMs() const;
    bool due() const;
    /// Counts; beyond `memoryKb` shared pages are divided among their users, which is exact and slower. Beyond
    /// `processes` memory is not looked at. 0: no limit.
    void look(std::uint64_t memoryKb, std::uint32_t processes);
    std::uint64_t memoryKb() const { return m_memoryKb; } ///< anonymous and shared memory of all, at the last look
    std::uint64_t peakKb() const { return m_peakKb; }
    std::uint32_t processes() const { return m_processes; }
    /// For use outside a process namespace: every descendant of this process.
    void signalDescendants(int number) const;

private:
    std::uint64_t m_memoryKb = 0;
    std::uint64_t m_peakKb = 0;
    std::uint32_t m_processes = 0;
    std::int64_t m_nextUs = 0;
    std::int64_t m_pauseUs = 0;
};

} // namespace openfactory::helper

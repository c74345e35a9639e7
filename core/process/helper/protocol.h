// SPDX-License-Identifier: Apache-2.0
/// What the runner and of-sandbox-init say to each other: fixed records over a SOCK_SEQPACKET pair, one command at a
/// time. Both ends are built together and run on one machine, so that the records are plain structs. No Qt here.
#pragma once

#include <cstdint>

namespace openfactory::helper {

/// The number that the helper moves its control socket to.
inline constexpr int controlDescriptor = 3;

enum class Order : std::uint32_t {
    Run = 1,   ///< carries descriptors: block, standard output, standard error
    Terminate, ///< SIGTERM (and SIGCONT) to every process of the command
    Kill,      ///< SIGKILL to every process of the command
};

/// To the helper. The block of a Run is a memory file: program path, folder, argv and environment, each ended by NUL;
/// it keeps secrets off every command line.
struct Request {
    Order order{};
    std::uint32_t arguments = 0;
    std::uint32_t variables = 0;
    std::uint32_t processes = 0; ///< most processes at once; 0: no limit
    std::uint64_t blockBytes = 0;
    std::uint64_t memoryBytes = 0;
    std::uint64_t fileBytes = 0;
    std::uint64_t cpuSeconds = 0;
    std::uint64_t openFiles = 0;
};

enum class Event : std::uint32_t {
    Ready = 1,  ///< the helper runs, once
    NotStarted, ///< `number` is the errno of starting the program, `where` the step
    Ended,      ///< the command and every process of it are gone
};

enum class Step : std::uint32_t { Receive = 1, Folder, Limits, Execute };
enum class Cause : std::uint32_t { Itself = 0, Memory, Processes };

/// From the helper.
struct Reply {
    Event event{};
    std::int32_t number = 0; ///< NotStarted: errno; Ended: wait status of the command
    Step where{};
    Cause cause{};
    std::uint64_t cpuMicroseconds = 0;
    std::uint64_t peakKb = 0;
    std::uint32_t clean = 0; ///< Ended: 1 when the sandbox's /tmp and /dev/shm are empty again
};

} // namespace openfactory::helper

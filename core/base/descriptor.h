// SPDX-License-Identifier: Apache-2.0
/// A file descriptor with an owner, and how to wait for one.
#pragma once

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace openfactory {

/// Closes when it goes; movable; one thread at a time.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : m_number(number) {}
    Descriptor(Descriptor &&other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        if (this != &other)
            reset(std::exchange(other.m_number, -1));
        return *this;
    }
    ~Descriptor() { reset(); }

    int get() const { return m_number; }
    explicit operator bool() const { return m_number >= 0; }
    void reset(int number = -1)
    {
        close();
        m_number = number;
    }
    /// 0, or -1 with errno: what was written may be lost then.
    int close()
    {
        const int old = std::exchange(m_number, -1);
        return old >= 0 ? ::close(old) : 0;
    }

private:
    int m_number = -1;
};

/// True once there is something to read, or the other end is gone; false after that time. A signal does not cut it
/// short: the end of any other child is one, on any thread.
inline bool waitReadable(int descriptor, std::chrono::milliseconds most)
{
    const auto deadline = std::chrono::steady_clock::now() + most;
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd source{descriptor, POLLIN, 0};
        const int ready = ::poll(&source, 1, int(std::max<long>(0, left.count())));
        if (ready > 0)
            return true;
        if (ready == 0 || left.count() <= 0)
            return false;
    }
}

} // namespace openfactory

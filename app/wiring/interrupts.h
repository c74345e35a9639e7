// SPDX-License-Identifier: Apache-2.0
/// Signals that ask a program to end, as a call on its main thread.
#pragma once

#include <csignal>
#include <functional>
#include <memory>

class QSocketNotifier;

namespace openfactory {

/// Turns SIGINT, SIGTERM and SIGHUP (the terminal went) into one call on the main thread; where it is `piped`, SIGPIPE
/// (nobody reads standard output any more) too. A SIGINT or SIGTERM after that ends the process at once with 130. One
/// object at a time.
class Interrupts {
public:
    explicit Interrupts(std::function<void()> first, bool piped = true);
    ~Interrupts();
    bool happened() const { return m_happened; }

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::unique_ptr<QSocketNotifier> m_reader; ///< of standard output
    struct sigaction m_before[4]{};            ///< what the signals did before
    bool m_happened = false;
};

} // namespace openfactory

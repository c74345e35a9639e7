// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/interrupts.h"

#include <QSocketNotifier>

#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace openfactory {

namespace {

constexpr int insisted = 130; ///< exit code

int signalFd = -1; ///< the only thing that a signal handler may reach

/// What a signal adds to the counter: a person or a supervisor insists with a second one of these, ...
constexpr quint64 kAsked = 1;
/// ... while a terminal that goes away sends several, and every write to a closed pipe one.
constexpr quint64 kGone = quint64(1) << 32;

void onSignal(int number)
{
    const int before = errno;
    const quint64 added = number == SIGINT || number == SIGTERM ? kAsked : kGone;
    [[maybe_unused]] const auto written = ::write(signalFd, &added, sizeof added);
    errno = before;
}

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP, SIGPIPE};

} // namespace

Interrupts::Interrupts(std::function<void()> first, bool piped)
{
    signalFd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(signalFd, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this, first = std::move(first)] {
        quint64 count = 0;
        [[maybe_unused]] const auto got = ::read(signalFd, &count, sizeof count);
        const quint64 asked = count % kGone;
        if (asked > (m_happened ? 0 : 1))
            ::_exit(insisted); // the store is as safe as with any kill
        if (std::exchange(m_happened, true))
            return;
        first();
    });
    if (piped) {
        // Who stops reading between two events is noticed at once, not when the next one is written.
        m_reader = std::make_unique<QSocketNotifier>(STDOUT_FILENO, QSocketNotifier::Exception);
        QObject::connect(m_reader.get(), &QSocketNotifier::activated, m_reader.get(), [this] {
            m_reader->setEnabled(false); // it stays so
            onSignal(SIGPIPE);
        });
    }
    struct sigaction action{};
    action.sa_handler = onSignal;
    for (size_t i = 0; i < std::size(kSignals); ++i) {
        ::sigaction(kSignals[i], nullptr, &m_before[i]);
        const bool ignored = m_before[i].sa_handler == SIG_IGN; // by nohup, for one: it stays so
        if (!ignored && (piped || kSignals[i] != SIGPIPE))
            ::sigaction(kSignals[i], &action, nullptr);
    }
}

Interrupts::~Interrupts()
{
    for (size_t i = 0; i < std::size(kSignals); ++i)
        ::sigaction(kSignals[i], &m_before[i], nullptr);
    m_reader.reset();
    m_notifier.reset();
    ::close(signalFd);
    signalFd = -1;
}

} // namespace openfactory

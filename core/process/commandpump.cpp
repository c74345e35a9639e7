// SPDX-License-Identifier: Apache-2.0
#include "core/process/commandpump.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace openfactory {

namespace {

using Ending = CommandOutcome::Ending;
using Instant = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

/// As much as the pipe holds: the writer is woken once for each emptied pipe. With less it is woken for each part, and
/// the kernel, which takes a pipe's reader and writer for taking turns, then often keeps both on one core: measured for
/// 940 MB on two cores, 0.75 to 1.2 s with this, 0.9 to 2.5 s with 128 KiB.
constexpr qsizetype bufferBytes = 1024 * 1024;
constexpr milliseconds killTime{400}; ///< after SIGKILL inside, before the sandbox is ended from outside

class Pump {
public:
    Pump(PumpRequest request, const std::stop_token &stop) : m(std::move(request)), m_stop(stop) {}
    Result<PumpResult> run();

private:
    enum class Phase { Running, Terminating, Killing };
    struct Source {
        Descriptor pipe;
        std::unique_ptr<MaskStream> mask;
    };

    int pauseMs() const;
    void checkTime();
    void end(Ending why, bool gently);
    void drain();
    bool readOnce(size_t index);
    void log(size_t index, QByteArrayView bytes);
    void keep(const Result<void> &written);
    void finish();

    PumpRequest m;
    const std::stop_token m_stop;
    std::array<Source, 2> m_sources;
    QByteArray m_buffer{bufferBytes, Qt::Uninitialized};
    QByteArray m_masked;
    Phase m_phase = Phase::Running;
    Instant m_deadline;
    PumpResult m_result;
    std::optional<Error> m_error; ///< of the log
    bool m_over = false;          ///< the command and all its processes are gone
    bool m_full = false;          ///< the log takes nothing more
};

void Pump::keep(const Result<void> &written)
{
    if (written || m_error)
        return;
    m_error = written.error();
    m_full = true;
    end(Ending::OutputLimit, false);
}

void Pump::log(size_t index, QByteArrayView bytes)
{
    if (m_full || bytes.isEmpty())
        return;
    const qint64 room = m.limits.outputBytes - m.log->bytes() - m.log->indexBytes();
    const bool cut = m.limits.outputBytes > 0 && bytes.size() > room;
    keep(m.log->append(LogStream(index), cut ? bytes.first(std::max<qint64>(0, room)) : bytes));
    if (cut && !m_full) {
        m_full = true;
        end(Ending::OutputLimit, false);
    }
}

/// False when there is nothing to read now.
bool Pump::readOnce(size_t index)
{
    Source &source = m_sources[index];
    if (!source.pipe)
        return false;
    const ssize_t n = ::read(source.pipe.get(), m_buffer.data(), size_t(m_buffer.size()));
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return errno == EINTR;
    if (n <= 0) {
        source.pipe.reset();
        return false;
    }
    const QByteArrayView in(m_buffer.constData(), n);
    if (!source.mask) {
        log(index, in);
    } else {
        m_masked.resize(0);
        source.mask->feed(in, m_masked);
        log(index, m_masked);
    }
    return true;
}

void Pump::end(Ending why, bool gently)
{
    if (m_over || (m_phase == Phase::Killing))
        return;
    if (!m_result.cut)
        m_result.cut = why;
    m_phase = gently && m.grace.count() > 0 && m_phase == Phase::Running ? Phase::Terminating : Phase::Killing;
    m_deadline = std::chrono::steady_clock::now() + (m_phase == Phase::Terminating ? m.grace : killTime);
    m.session->order(m_phase == Phase::Terminating ? helper::Order::Terminate : helper::Order::Kill);
}

void Pump::checkTime()
{
    if (m_over)
        return;
    if (m_phase == Phase::Running && m_stop.stop_requested())
        end(Ending::Cancelled, true);
    if (std::chrono::steady_clock::now() < m_deadline)
        return;
    if (m_phase == Phase::Running) {
        end(Ending::Timeout, true);
    } else if (m_phase == Phase::Terminating) {
        end(m_result.cut.value_or(Ending::Timeout), false);
    } else {
        m.session->destroy();
        m_result.sandboxLost = true;
        m_over = true;
    }
}

int Pump::pauseMs() const
{
    const auto left = std::chrono::ceil<milliseconds>(m_deadline - std::chrono::steady_clock::now()).count();
    const int tick = m.log->tickMs();
    const auto most = std::clamp<qint64>(left, 0, 60'000);
    return int(tick < 0 ? most : std::min<qint64>(most, tick));
}

/// All processes are gone, so what is in the pipes is all there will be.
void Pump::drain()
{
    for (size_t i = 0; i < m_sources.size(); ++i) {
        while (readOnce(i)) {}
    }
}

void Pump::finish()
{
    for (size_t i = 0; i < m_sources.size(); ++i) {
        if (!m_sources[i].mask)
            continue;
        m_masked.resize(0);
        m_sources[i].mask->finish(m_masked);
        log(i, m_masked);
    }
    if (m_error)
        return;
    if (m_result.cut == Ending::OutputLimit)
        keep(m.log->note(
            QStringLiteral("output limit of %1 bytes reached: the rest is left out and the command was ended")
                .arg(m.limits.outputBytes)));
    else if (m_result.cut == Ending::Timeout)
        keep(m.log->note(QStringLiteral("time limit of %1 s reached: the command was ended")
                             .arg(double(m.limits.time.count()) / 1000)));
    else if (m_result.cut == Ending::Cancelled)
        keep(m.log->note(QStringLiteral("cancelled: the command was ended")));
    else if (m_result.reply.cause == helper::Cause::Memory)
        keep(
            m.log->note(QStringLiteral("memory limit of %1 MB reached: the command was ended").arg(m.limits.memoryMb)));
    else if (m_result.reply.cause == helper::Cause::Processes)
        keep(m.log->note(
            QStringLiteral("limit of %1 processes reached: the command was ended").arg(m.limits.processes)));
    keep(m.log->finish());
}

Result<PumpResult> Pump::run()
{
    const Descriptor wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake)
        return std::unexpected(errnoError(errno, QStringLiteral("wait for the command")));
    const std::stop_callback onStop(m_stop, [&wake] {
        const quint64 one = 1;
        [[maybe_unused]] const ssize_t written = ::write(wake.get(), &one, sizeof one);
    });
    m_sources[0].pipe = std::move(m.output);
    m_sources[1].pipe = std::move(m.errors);
    for (Source &source : m_sources) {
        ::fcntl(source.pipe.get(), F_SETFL, O_NONBLOCK);
        if (m.masker)
            source.mask = m.masker->stream();
    }
    m_deadline = std::chrono::steady_clock::now()
                 + (m.limits.time.count() > 0 ? m.limits.time : milliseconds(std::chrono::hours(24 * 365)));

    while (!m_over) {
        pollfd ready[4] = {{m_sources[0].pipe.get(), POLLIN, 0},
                           {m_sources[1].pipe.get(), POLLIN, 0},
                           {m.session->control(), POLLIN, 0},
                           {m_stop.stop_requested() ? -1 : wake.get(), POLLIN, 0}};
        if (::poll(ready, 4, pauseMs()) < 0 && errno != EINTR)
            return std::unexpected(errnoError(errno, QStringLiteral("wait for the command")));
        for (size_t i = 0; i < 2; ++i) {
            if (ready[i].revents)
                readOnce(i);
        }
        if (ready[2].revents) {
            const auto reply = m.session->reply();
            m_result.sandboxLost = !reply;
            m_result.reply = reply.value_or(helper::Reply{});
            m_over = true;
            if (!reply)
                m.session->destroy();
        }
        if (!m_error)
            keep(m.log->tick());
        checkTime();
    }
    drain();
    finish();
    if (m_error)
        return std::unexpected(*m_error);
    return m_result;
}

} // namespace

Result<PumpResult> pump(PumpRequest request, const std::stop_token &stop)
{
    return Pump(std::move(request), stop).run();
}

} // namespace openfactory

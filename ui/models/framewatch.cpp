// SPDX-License-Identifier: Apache-2.0
#include "ui/models/framewatch.h"

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace openfactory::ui {

namespace {

constexpr qint64 kFrameUs = 16'667;
constexpr int kMostTenths = 10'000; ///< a second and more

qint64 nowUs()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

qint64 computedUs(clockid_t clock)
{
    timespec time{};
    ::clock_gettime(clock, &time);
    return qint64(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000;
}

} // namespace

FrameWatch::FrameWatch(QObject *parent) : QObject(parent), m_frames(kMostTenths)
{
    ::pthread_getcpuclockid(::pthread_self(), &m_clock);
    m_watcher = std::jthread([this](const std::stop_token &stop) { watch(stop); });
}

FrameWatch::~FrameWatch() = default; // the watcher ends first: it is the last member

void FrameWatch::watch(const std::stop_token &stop)
{
    while (!stop.stop_requested()) {
        std::this_thread::sleep_for(std::chrono::milliseconds(4));
        if (m_askedUs != 0)
            continue; // still no answer to the last question
        m_computedUs = computedUs(m_clock);
        m_askedUs = nowUs();
        QMetaObject::invokeMethod(
            this,
            [this] {
                const qint64 now = nowUs();
                const qint64 took = now - m_askedUs;
                noteFrame(now, took);
                m_worstUs = std::max(m_worstUs.load(), took);
                m_worstComputedUs = std::max(m_worstComputedUs.load(), computedUs(m_clock) - m_computedUs);
                m_over16 += took > 16'000 ? 1 : 0;
                m_over50 += took > 50'000 ? 1 : 0;
                m_askedUs = 0;
            },
            Qt::QueuedConnection);
    }
}

void FrameWatch::noteFrame(qint64 now, qint64 took)
{
    m_frameWorstUs = std::max(m_frameWorstUs, took);
    if (now - m_frameUs < kFrameUs)
        return;
    ++m_frames[size_t(std::min<qint64>(m_frameWorstUs / 100, kMostTenths - 1))];
    m_frameUs = now;
    m_frameWorstUs = 0;
}

double FrameWatch::frameP95Ms() const
{
    const int all = std::accumulate(m_frames.begin(), m_frames.end(), 0);
    int seen = 0;
    for (size_t tenths = 0; tenths < m_frames.size(); ++tenths) {
        seen += m_frames[tenths];
        if (seen > 0 && seen * 100LL >= all * 95LL)
            return double(tenths + 1) / 10;
    }
    return 0;
}

int FrameWatch::blocksOver(int milliseconds) const
{
    return milliseconds >= 50 ? m_over50 : m_over16;
}

void FrameWatch::reset()
{
    m_worstUs = 0;
    m_worstComputedUs = 0;
    m_over16 = 0;
    m_over50 = 0;
    std::ranges::fill(m_frames, 0);
}

} // namespace openfactory::ui

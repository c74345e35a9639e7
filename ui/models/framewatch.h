// SPDX-License-Identifier: Apache-2.0
/// Measures how long the GUI thread did not come back to its event loop: a heartbeat on this thread, looked at by
/// another. Switched on by tests and by --profile; costs nothing else.
#pragma once

#include <QObject>

#include <atomic>
#include <ctime>
#include <memory>
#include <thread>
#include <vector>

namespace openfactory::ui {

class FrameWatch : public QObject {
    Q_OBJECT
public:
    explicit FrameWatch(QObject *parent = nullptr);
    ~FrameWatch() override;
    /// The longest time in which the thread did not answer since the last reset, in milliseconds.
    double worstMs() const { return double(m_worstUs) / 1000; }
    /// The most that the thread itself computed between a question and its answer: what a busy machine cannot add to.
    double worstComputedMs() const { return double(m_worstComputedUs) / 1000; }
    int blocksOver(int milliseconds) const;
    /// How long 95 of 100 frames took at most: the longest answer in each sixtieth of a second, or in what an answer
    /// took when that was more.
    double frameP95Ms() const;
    void reset();

private:
    void noteFrame(qint64 now, qint64 took);
    void watch(const std::stop_token &stop);

    std::atomic<qint64> m_askedUs = 0;    ///< when the watcher asked; 0: answered
    std::atomic<qint64> m_computedUs = 0; ///< by the thread, when the watcher asked
    std::atomic<qint64> m_worstUs = 0;
    std::atomic<qint64> m_worstComputedUs = 0;
    std::atomic<int> m_over16 = 0;
    std::atomic<int> m_over50 = 0;
    // Touched on the watched thread only.
    std::vector<int> m_frames; ///< how many took so many tenths of a millisecond
    qint64 m_frameUs = 0;      ///< when the present one began
    qint64 m_frameWorstUs = 0;
    clockid_t m_clock{}; ///< of what the watched thread computes
    std::jthread m_watcher;
};

} // namespace openfactory::ui

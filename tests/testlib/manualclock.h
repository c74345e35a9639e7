// SPDX-License-Identifier: Apache-2.0
/// A clock that stands still until a test moves it; sleep() returns at once and moves it.
#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace openfactory {

class ManualClock : public Clock {
public:
    qint64 wallMs() const override { return m_wall; }
    qint64 bootMs() const override { return m_boot; }
    QString bootId() const override { return QStringLiteral("test-boot"); }
    bool sleep(Milliseconds time, const std::stop_token &stop) const override
    {
        m_wall += time.count();
        m_boot += time.count();
        return !stop.stop_requested();
    }
    void advance(Milliseconds time)
    {
        m_wall += time.count();
        m_boot += time.count();
    }
    void setWall(qint64 wall) { m_wall = wall; } ///< steps the wall clock only, also backwards

private:
    mutable std::atomic<qint64> m_wall{1'800'000'000'000};
    mutable std::atomic<qint64> m_boot{1'000'000};
};

} // namespace openfactory

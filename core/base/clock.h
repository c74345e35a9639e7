// SPDX-License-Identifier: Apache-2.0
/// The port for time. Durations, leases and wake-ups use boot time, which neither steps back nor stops while the
/// machine sleeps; wall time is for display only (hardening.md, A3).
#pragma once

#include <QString>

#include <chrono>
#include <condition_variable>
#include <stop_token>

namespace openfactory {

using Milliseconds = std::chrono::milliseconds;

/// Thread-safe.
class Clock {
public:
    virtual ~Clock() = default;
    /// UTC milliseconds since the epoch.
    virtual qint64 wallMs() const = 0;
    /// Milliseconds of CLOCK_BOOTTIME; comparable only under the same bootId().
    virtual qint64 bootMs() const = 0;
    /// Identifies this boot of the machine; a deadline of another boot has passed.
    virtual QString bootId() const = 0;
    /// Waits until the time has passed or a stop is asked for; true when the time passed.
    virtual bool sleep(Milliseconds time, const std::stop_token &stop) const = 0;
};

class SystemClock : public Clock {
public:
    qint64 wallMs() const override;
    qint64 bootMs() const override;
    QString bootId() const override;
    bool sleep(Milliseconds time, const std::stop_token &stop) const override;
};

/// "2026-11-21T07:48:33.120Z"
QString utcText(qint64 wallMs);

} // namespace openfactory

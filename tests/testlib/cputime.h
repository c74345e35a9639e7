// SPDX-License-Identifier: Apache-2.0
/// How long this thread itself worked: what a busy machine takes away does not count. And limits on what was measured.
#pragma once

#include <QTest>

#include <ctime>

/// A limit in time or memory. A busy machine or a sanitizer takes several times as much, so that the figure itself is
/// judged only where OPENFACTORY_TIMED is set, on an idle machine; else this is a net against what went really wrong.
#define OF_VERIFY_BELOW(measured, most)                                                                                \
    QVERIFY2((measured) < (most) * (qEnvironmentVariableIsSet("OPENFACTORY_TIMED") ? 1 : 30),                          \
             QByteArray::number(measured))

namespace openfactory {

class CpuTimer {
public:
    void start() { m_start = now(); }
    qint64 us() const { return now() - m_start; }

private:
    static qint64 now()
    {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return qint64(time.tv_sec) * 1'000'000 + time.tv_nsec / 1000;
    }
    qint64 m_start = now();
};

} // namespace openfactory

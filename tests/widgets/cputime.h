// SPDX-License-Identifier: Apache-2.0
/// How long this thread itself worked: what a busy machine takes away does not count. And limits on what was measured.
#pragma once

#include <QTest>

#include <ctime>

/// The sanitizers take several times the time and the memory, so that a limit of the program says nothing there.
#ifdef __SANITIZE_ADDRESS__
#define OF_VERIFY_BELOW(measured, most) qInfo("%lld, not judged under a sanitizer", qint64(measured))
#else
#define OF_VERIFY_BELOW(measured, most) QVERIFY2((measured) < (most), QByteArray::number(measured))
#endif

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

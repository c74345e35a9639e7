// SPDX-License-Identifier: Apache-2.0
#include "core/engine/enginethread.h"

namespace openfactory {

EngineThread::EngineThread(EnginePorts ports, QObject *parent) : QObject(parent), m_ports(std::move(ports))
{
    m_thread.setObjectName(QStringLiteral("engine"));
}

EngineThread::~EngineThread()
{
    // The scheduler goes with its thread's last event, and waits for its runs there.
    m_thread.quit();
    m_thread.wait();
}

Result<void> EngineThread::start(const std::optional<JobId> &only)
{
    Q_ASSERT(thread() == QThread::currentThread() && !m_scheduler);
    m_scheduler = new Scheduler(m_ports);
    if (only)
        m_scheduler->setOnly(*only);
    m_scheduler->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_scheduler, &QObject::deleteLater);
    const auto count = [this] { m_running = m_scheduler->running(); };
    connect(m_scheduler, &Scheduler::runStarted, m_scheduler, count);
    connect(m_scheduler, &Scheduler::runEnded, m_scheduler, count);
    connect(m_scheduler, &Scheduler::runStarted, this, &EngineThread::runStarted);
    connect(m_scheduler, &Scheduler::runEnded, this, &EngineThread::runEnded);
    connect(m_scheduler, &Scheduler::runFailed, this, &EngineThread::runFailed);
    connect(m_scheduler, &Scheduler::stopped, this, &EngineThread::stopped);
    m_thread.start();
    Result<void> started;
    QMetaObject::invokeMethod(m_scheduler, [&] { started = m_scheduler->start(); }, Qt::BlockingQueuedConnection);
    return started;
}

void EngineThread::stop()
{
    ask(&Scheduler::stop);
}

void EngineThread::drain()
{
    ask(&Scheduler::drain);
}

void EngineThread::ask(void (Scheduler::*what)())
{
    if (m_scheduler)
        QMetaObject::invokeMethod(m_scheduler, what, Qt::QueuedConnection);
    else
        QMetaObject::invokeMethod(this, &EngineThread::stopped, Qt::QueuedConnection);
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// A thread of its own with one thing on it (a read connection, the operator's desk), asked by posting work and told
/// back as values. Lives on the thread that made it, which is where every answer arrives; that thread never waits.
#pragma once

#include "core/base/error.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThread>

#include <functional>
#include <memory>

namespace openfactory::ui {

template<class T>
class Worker {
public:
    using Maker = std::function<Result<std::unique_ptr<T>>()>;

    /// `make` is called on the worker's thread with the first work, and again with the next where it failed.
    Worker(const QString &name, Maker make) : m_make(std::move(make))
    {
        m_thread.setObjectName(name);
        m_there->moveToThread(&m_thread);
        QObject::connect(&m_thread, &QThread::finished, m_there, [this] { m_thing.reset(); });
        QObject::connect(&m_thread, &QThread::finished, m_there, &QObject::deleteLater);
        m_thread.start();
    }
    ~Worker()
    {
        // Behind what was asked before, which is still done.
        QMetaObject::invokeMethod(m_there, [this] { m_thread.quit(); }, Qt::QueuedConnection);
        m_thread.wait();
    }
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    /// Does `work(T &)`, which returns a Result, there; then calls `then(Result)` here, unless `context` is gone. Where
    /// T has a ready(), and that says no, its error is the answer.
    template<class Work, class Then>
    void ask(QObject *context, Work work, Then then)
    {
        using Answer = std::invoke_result_t<Work, T &>;
        QMetaObject::invokeMethod(
            m_there,
            [this, context = QPointer<QObject>(context), work = std::move(work), then = std::move(then)]() mutable {
                Answer answer = [&]() -> Answer {
                    if (!m_thing) {
                        auto made = m_make();
                        if (!made)
                            return std::unexpected(made.error());
                        m_thing = std::move(*made);
                    }
                    if constexpr (requires { m_thing->ready(); }) {
                        if (const Result<void> ready = m_thing->ready(); !ready)
                            return std::unexpected(ready.error());
                    }
                    return work(*m_thing);
                }();
                QMetaObject::invokeMethod(
                    &m_here,
                    [context, then = std::move(then), answer = std::move(answer)]() mutable {
                        if (context)
                            then(std::move(answer));
                    },
                    Qt::QueuedConnection);
            },
            Qt::QueuedConnection);
    }

private:
    QThread m_thread;
    QObject m_here;                   ///< answers arrive here
    QObject *m_there = new QObject(); ///< work arrives here; goes with the thread
    Maker m_make;
    std::unique_ptr<T> m_thing; ///< touched on the thread only
};

} // namespace openfactory::ui

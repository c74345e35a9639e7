// SPDX-License-Identifier: Apache-2.0
/// A piece of work that takes long and needs no connection: on a thread of its own that ends with it.
#pragma once

#include <QObject>
#include <QThread>

#include <memory>
#include <optional>

namespace openfactory::ui {

/// Does `work()`, which returns a value, there; then calls `then(value)` on this thread, unless `context` is gone.
template<class Work, class Then>
void aside(QObject *context, const char *name, Work work, Then then)
{
    using Answer = std::invoke_result_t<Work>;
    auto answer = std::make_shared<std::optional<Answer>>();
    QThread *thread = QThread::create([work = std::move(work), answer] { answer->emplace(work()); });
    thread->setObjectName(QLatin1String(name));
    QObject::connect(thread, &QThread::finished, thread, &QObject::deleteLater);
    QObject::connect(thread, &QThread::finished, context,
                     [answer, then = std::move(then)]() mutable { then(std::move(**answer)); });
    thread->start();
}

} // namespace openfactory::ui

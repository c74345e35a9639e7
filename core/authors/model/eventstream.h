// SPDX-License-Identifier: Apache-2.0
/// Server-sent events, read from a stream in whatever pieces it comes. Hostile input: bounded.
#pragma once

#include <QByteArray>

#include <functional>

namespace openfactory {

/// One stream, one thread.
class EventStream {
public:
    explicit EventStream(std::function<void(const QByteArray &data)> onEvent) : m_onEvent(std::move(onEvent)) {}
    /// Lines end in \n, \r\n or \r; comments, other fields than `data` and empty events are passed over. False once a
    /// line or an event is longer than any that is taken: then nothing is read any more.
    bool feed(QByteArrayView bytes);
    /// The end of the stream: an event that was not ended by an empty line counts too.
    void finish();

private:
    void line(const QByteArray &line);
    void dispatch();

    std::function<void(const QByteArray &)> m_onEvent;
    QByteArray m_line;
    QByteArray m_data;
    bool m_hasData = false;
    bool m_afterReturn = false;
    bool m_first = true;
    bool m_tooLong = false;
};

} // namespace openfactory

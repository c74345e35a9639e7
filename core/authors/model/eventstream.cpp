// SPDX-License-Identifier: Apache-2.0
#include "core/authors/model/eventstream.h"

namespace openfactory {

namespace {

constexpr qsizetype mostBytes = 4 * 1024 * 1024;

} // namespace

bool EventStream::feed(QByteArrayView bytes)
{
    for (const char c : bytes) {
        if (m_tooLong)
            return false;
        const bool second = c == '\n' && std::exchange(m_afterReturn, false); // of "\r\n", which may be in two pieces
        if (second)
            continue;
        m_afterReturn = c == '\r';
        if (c == '\n' || c == '\r') {
            line(std::exchange(m_line, {}));
            continue;
        }
        m_line.append(c);
        m_tooLong = m_line.size() + m_data.size() > mostBytes;
    }
    return !m_tooLong;
}

void EventStream::line(const QByteArray &whole)
{
    const QByteArray text = std::exchange(m_first, false) && whole.startsWith("\xef\xbb\xbf") ? whole.sliced(3) : whole;
    if (text.isEmpty())
        return dispatch();
    const qsizetype colon = text.indexOf(':');
    if (colon == 0)
        return; // a comment, which keeps the connection open
    QByteArray value = colon < 0 ? QByteArray() : text.sliced(colon + 1);
    if (value.startsWith(' '))
        value.remove(0, 1);
    if ((colon < 0 ? text : text.first(colon)) != "data")
        return;
    if (m_hasData)
        m_data.append('\n');
    m_data.append(value);
    m_hasData = true;
}

void EventStream::dispatch()
{
    if (std::exchange(m_hasData, false))
        m_onEvent(std::exchange(m_data, {}));
}

void EventStream::finish()
{
    if (!m_line.isEmpty())
        line(std::exchange(m_line, {}));
    dispatch();
}

} // namespace openfactory

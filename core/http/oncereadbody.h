// SPDX-License-Identifier: Apache-2.0
/// The body of a request that must be sent once: one that starts or costs something.
#pragma once

#include <QIODevice>

#include <algorithm>

namespace openfactory {

/// Qt sends a request again by itself where a connection ends without an answer, also one that starts something. It
/// cannot where the body is read once. No QBuffer: Qt looks into those.
class OnceReadBody : public QIODevice {
public:
    explicit OnceReadBody(QByteArray body) : m_body(std::move(body))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool reset() override { return false; }
    bool atEnd() const override { return m_at == m_body.size(); }
    qint64 bytesAvailable() const override { return m_body.size() - m_at; }

protected:
    qint64 readData(char *to, qint64 most) override
    {
        const qint64 size = std::min(most, m_body.size() - m_at);
        if (size == 0)
            return -1;
        std::copy_n(m_body.constData() + m_at, size, to);
        m_at += size;
        return size;
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_body;
    qint64 m_at = 0;
};

} // namespace openfactory

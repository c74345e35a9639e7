// SPDX-License-Identifier: Apache-2.0
#include "core/base/id.h"

#include "core/base/text.h"

#include <QDateTime>
#include <QMutex>
#include <QRandomGenerator>

#include <algorithm>

namespace openfactory {

namespace {
constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
}

QString UlidSource::next(qint64 wallMs)
{
    const auto drawRandom = [this] {
        for (auto &digit : m_random)
            digit = quint8(QRandomGenerator::system()->bounded(32));
    };
    if (const auto now = quint64(std::max<qint64>(0, wallMs)); now > m_ms) {
        m_ms = now;
        drawRandom();
    } else { // the same millisecond, or a clock that stepped back: count on, so that order is kept
        size_t i = m_random.size();
        while (i > 0 && m_random[i - 1] == 31)
            m_random[--i] = 0;
        if (i > 0) {
            ++m_random[i - 1];
        } else { // the random part is used up: the next millisecond begins
            ++m_ms;
            drawRandom();
        }
    }
    QString text(26, QLatin1Char('0'));
    for (int i = 0; i < 10; ++i)
        text[9 - i] = QLatin1Char(kAlphabet[(m_ms >> (5 * i)) & 31]);
    for (int i = 0; i < 16; ++i)
        text[10 + i] = QLatin1Char(kAlphabet[m_random[size_t(i)]]);
    return text;
}

QString newUlid()
{
    static QMutex mutex;
    static UlidSource source;
    const QMutexLocker lock(&mutex);
    return source.next(QDateTime::currentMSecsSinceEpoch());
}

Error notAnId(const QString &text)
{
    return Error{ErrorKind::Invalid,
                 QStringLiteral("read an id"),
                 QStringLiteral("\"%1\" is not an id").arg(displayable(text.left(60))),
                 {}};
}

bool isUlid(QStringView text)
{
    if (text.size() != 26 || text[0] > QLatin1Char('7'))
        return false;
    return std::ranges::all_of(text, [](QChar c) {
        return c.unicode() < 128 && c.unicode() != 0 && QByteArrayView(kAlphabet).contains(char(c.unicode()));
    });
}

} // namespace openfactory

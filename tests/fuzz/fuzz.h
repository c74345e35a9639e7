// SPDX-License-Identifier: Apache-2.0
/// What the fuzz targets share. A target is called with bytes and returns; whatever it may not do, it aborts on.
#pragma once

#include <QByteArray>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace openfactory {

/// Ends the process where a rule does not hold; libFuzzer then keeps the input.
inline void require(bool holds, const char *rule)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n", rule);
    std::abort();
}

/// The bytes, one by one from the front, for choices; zeros when there are no more.
class Choices {
public:
    Choices(const uint8_t *data, size_t size) : m_bytes(reinterpret_cast<const char *>(data), qsizetype(size)) {}
    uint8_t next()
    {
        const uint8_t value = m_bytes.isEmpty() ? 0 : uint8_t(m_bytes.front());
        m_bytes.remove(0, 1);
        return value;
    }
    const QByteArray &rest() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

} // namespace openfactory

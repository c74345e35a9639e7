// SPDX-License-Identifier: Apache-2.0
/// A secret that comes in pieces: wherever the cuts are, it is masked as if it had come whole.
#include "core/security/secretmasker.h"
#include "tests/fuzz/fuzz.h"

using namespace openfactory;

namespace {

const QByteArray secret = "hunter2-Correct/Horse+9";

const SecretMasker &masker()
{
    static const auto made = [] {
        auto masker = std::make_unique<SecretMasker>();
        require(masker->add({{QStringLiteral("password"), secret, QStringLiteral("test")}}).has_value(), "a secret");
        return masker;
    }();
    return *made;
}

} // namespace

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Choices choices(data, size);
    const uint8_t step = choices.next();
    // A byte 1 of the input stands for the secret: guessing it is not what is tested.
    QByteArray text = choices.rest();
    text.replace(QByteArray("\x01"), secret);
    const QByteArray whole = masker().mask(text);
    require(!whole.contains(secret), "the secret is masked");
    const auto stream = masker().stream();
    QByteArray pieces;
    for (qsizetype at = 0, length = 1; at < text.size(); at += length) {
        length = 1 + (step + at) % 7;
        stream->feed(QByteArrayView(text).sliced(at, std::min(length, text.size() - at)), pieces);
    }
    stream->finish(pieces);
    require(pieces == whole, "pieces are masked as the whole is");
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
/// Files that a person or a job writes: a contract, a pipeline, a command. Refused with a place, or whole.
#include "core/domain/contract.h"

#include "core/domain/pipeline.h"
#include "tests/fuzz/fuzz.h"

using namespace openfactory;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    if (const auto contract = loadContract(bytes, QStringLiteral("contract.yaml")); !contract)
        require(!contract.error().said.isEmpty(), "a refusal says why");
    else
        require(readContract(bytes, QStringLiteral("contract.yaml")).faults.empty(), "both readers agree");
    if (const auto pipeline = loadPipeline(bytes, QStringLiteral("pipeline.yaml")); pipeline)
        require(!pipeline->stages.empty(), "a pipeline has stages");
    if (const auto words = splitCommand(QString::fromUtf8(bytes)); words) {
        require(!words->isEmpty(), "a command has a program");
        for (const QString &word : *words)
            require(!word.contains(QChar()), "no word holds a zero");
    }
    return 0;
}

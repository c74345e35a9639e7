// SPDX-License-Identifier: Apache-2.0
/// JSON documents from outside, judged by a JSON schema (2020-12). Any thread.
#pragma once

#include "core/base/error.h"

#include <QJsonObject>

#include <memory>

namespace openfactory {

class JsonSchema {
public:
    /// Compiles a schema of ours; Internal where it is none. `name` is used in messages.
    static Result<JsonSchema> compile(const QByteArray &schema, const QString &name);

    /// The JSON object that the bytes are. Invalid where they are no JSON object, are nested too deep or do not fit the
    /// schema; the error names what is wrong and where ("/edits/2/path"), several things at the most.
    Result<QJsonObject> read(const QByteArray &document) const;

private:
    struct Compiled;
    explicit JsonSchema(std::shared_ptr<const Compiled> compiled) : m_compiled(std::move(compiled)) {}
    std::shared_ptr<const Compiled> m_compiled;
};

} // namespace openfactory

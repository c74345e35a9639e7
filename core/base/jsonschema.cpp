// SPDX-License-Identifier: Apache-2.0
#include "core/base/jsonschema.h"

#include "core/base/text.h"

#include <QJsonDocument>
#include <QStringList>

#include <jsoncons/json.hpp>
#include <jsoncons_ext/jsonschema/jsonschema.hpp>

namespace openfactory {

namespace {

constexpr int mostNesting = 64;
constexpr int mostFaults = 8;

QString fromStd(const std::string &text)
{
    return displayable(QString::fromUtf8(text.data(), qsizetype(text.size())).left(300));
}

} // namespace

struct JsonSchema::Compiled {
    QString name;
    jsoncons::jsonschema::json_schema<jsoncons::json> schema;
};

Result<JsonSchema> JsonSchema::compile(const QByteArray &schema, const QString &name)
{
    try {
        auto parsed = jsoncons::json::parse(schema.toStdString());
        return JsonSchema(std::make_shared<const Compiled>(
            Compiled{name, jsoncons::jsonschema::make_json_schema(std::move(parsed))}));
    } catch (const std::exception &error) {
        return fail(ErrorKind::Internal, QStringLiteral("read the schema %1").arg(name), fromStd(error.what()));
    }
}

Result<QJsonObject> JsonSchema::read(const QByteArray &document) const
{
    const QString doing = QStringLiteral("read the JSON of %1").arg(m_compiled->name);
    QJsonParseError parse;
    const QJsonDocument read = QJsonDocument::fromJson(document, &parse);
    if (parse.error != QJsonParseError::NoError)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("%1 at byte %2").arg(parse.errorString()).arg(parse.offset));
    if (!read.isObject())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("it is not a JSON object"));
    QStringList faults;
    try {
        jsoncons::json_options options;
        options.max_nesting_depth(mostNesting);
        const auto value = jsoncons::json::parse(document.toStdString(), options);
        const auto report = [&](const jsoncons::jsonschema::validation_message &message) {
            if (faults.size() >= mostFaults)
                return jsoncons::jsonschema::walk_result::abort;
            const QString where = fromStd(message.instance_location().string());
            faults << (where.isEmpty() ? QStringLiteral("/") : where) + u": " + fromStd(message.message());
            return jsoncons::jsonschema::walk_result::advance;
        };
        m_compiled->schema.validate(value, report);
    } catch (const std::exception &error) {
        return fail(ErrorKind::Invalid, doing, fromStd(error.what()));
    }
    if (!faults.isEmpty())
        return fail(ErrorKind::Invalid, doing, faults.join(QStringLiteral("; ")));
    return read.object();
}

} // namespace openfactory

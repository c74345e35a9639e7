// SPDX-License-Identifier: Apache-2.0
#include "core/domain/document.h"

#include "core/base/text.h"

#include <QFile>
#include <QJsonDocument>

#include <jsoncons/json.hpp>
#include <jsoncons_ext/jsonpointer/jsonpointer.hpp>
#include <jsoncons_ext/jsonschema/jsonschema.hpp>

#include <map>
#include <memory>
#include <mutex>

static void initSchemas()
{
    Q_INIT_RESOURCE(schemas); // of a static library
}

namespace openfactory {

namespace {

using Json = jsoncons::json;
using Schema = jsoncons::jsonschema::json_schema<Json>;
using Said = jsoncons::jsonschema::validation_message;

constexpr size_t kMostFaults = 20;
constexpr qsizetype kMostText = 4000;

/// Compiled once; a compiled schema is read by any thread.
Result<std::shared_ptr<const Schema>> schemaOf(const QString &name)
{
    static std::mutex mutex;
    static std::map<QString, std::shared_ptr<const Schema>> known;
    const std::scoped_lock lock(mutex);
    if (const auto found = known.find(name); found != known.end())
        return found->second;
    const QByteArray text = schemaText(name);
    try {
        auto made = std::make_shared<const Schema>(
            jsoncons::jsonschema::make_json_schema(Json::parse(text.toStdString())));
        known.emplace(name, made);
        return made;
    } catch (const std::exception &error) {
        return fail(ErrorKind::Internal, QStringLiteral("read the schema %1").arg(name),
                    QString::fromUtf8(error.what()));
    }
}

/// What stands at a place, cut to what fits a line.
QString valueAt(const Json &document, const jsoncons::jsonpointer::json_pointer &place)
{
    std::error_code missing;
    const Json &value = jsoncons::jsonpointer::get(document, place, missing);
    if (missing)
        return QStringLiteral("nothing");
    std::string text;
    value.dump(text);
    const QString whole = QString::fromStdString(text);
    return displayable(whole.left(80)) + (whole.size() > 80 ? QStringLiteral("...") : QString());
}

/// The innermost of what the library says: "not valid against the referenced schema" helps nobody.
void gather(const Said &said, const Json &document, std::vector<Finding> &faults)
{
    if (!said.details().empty()) {
        for (const Said &inner : said.details())
            gather(inner, document, faults);
        return;
    }
    if (faults.size() >= kMostFaults)
        return;
    const QString place = QString::fromStdString(said.instance_location().string());
    faults.push_back(documentFault(QString::fromStdString(said.keyword()), place,
                                   QStringLiteral("%1 (%2)").arg(QString::fromStdString(said.message()).left(300),
                                                                 valueAt(document, said.instance_location()))));
}

/// The first text that is longer than any schema lets it be: the patterns of the schema are never tried on it, because
/// what tries them needs a stack as deep as the text is long.
QString tooLong(const QJsonValue &value, const QString &place)
{
    if (value.isString())
        return value.toString().size() > kMostText ? place : QString();
    const QJsonArray array = value.toArray();
    for (qsizetype i = 0; i < array.size(); ++i) {
        if (const QString found = tooLong(array[i], QStringLiteral("%1/%2").arg(place).arg(i)); !found.isNull())
            return found;
    }
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QString inner = place + u'/' + it.key().left(80);
        if (it.key().size() > kMostText)
            return inner;
        if (const QString found = tooLong(it.value(), inner); !found.isNull())
            return found;
    }
    return {};
}

std::vector<Finding> schemaFaults(const QJsonObject &object, const QString &name)
{
    std::vector<Finding> faults;
    const auto schema = schemaOf(name);
    if (!schema)
        return {documentFault(QStringLiteral("schema"), {}, toText(schema.error()))};
    try {
        const Json document = Json::parse(QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
        (*schema)->validate(document, [&](const Said &said) {
            gather(said, document, faults);
            return faults.size() < kMostFaults ? jsoncons::jsonschema::walk_result::advance
                                               : jsoncons::jsonschema::walk_result::abort;
        });
    } catch (const std::exception &error) {
        faults.push_back(documentFault(QStringLiteral("schema"), {}, QString::fromUtf8(error.what()).left(300)));
    }
    return faults;
}

} // namespace

QByteArray schemaText(const QString &name)
{
    initSchemas();
    QFile file(QStringLiteral(":/openfactory/schemas/%1.schema.json").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Finding documentFault(const QString &rule, const QString &place, const QString &said, const QString &suggestion)
{
    Finding finding;
    finding.tool = QStringLiteral("document");
    finding.rule = rule;
    finding.message = displayable((place.isEmpty() ? said : place + QStringLiteral(": ") + said).left(1000));
    finding.suggestion = suggestion;
    return finding;
}

Reading<QJsonObject> readDocument(const QByteArray &json, const QString &schema)
{
    Reading<QJsonObject> reading;
    const auto refuse = [&](const char *rule, const QString &said) {
        reading.faults.push_back(documentFault(QString::fromLatin1(rule), {}, said));
        return reading;
    };
    if (json.size() > mostDocumentBytes)
        return refuse("size",
                      QStringLiteral("it has %1 bytes, %2 are allowed").arg(json.size()).arg(mostDocumentBytes));
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return refuse("json", QStringLiteral("no JSON, at byte %1: %2").arg(error.offset).arg(error.errorString()));
    if (!document.isObject())
        return refuse("json", QStringLiteral("it is no JSON object"));
    if (const QString place = tooLong(document.object(), QStringLiteral("")); !place.isNull())
        return refuse("maxLength", QStringLiteral("%1: a text of more than %2 characters").arg(place).arg(kMostText));
    // What is judged is what is read, whatever was given twice in the text.
    reading.value = document.object();
    reading.faults = schemaFaults(reading.value, schema);
    return reading;
}

Verdict refusedDocument(const QString &name, const std::vector<Finding> &faults)
{
    Verdict verdict;
    verdict.outcome = Outcome::Failed;
    verdict.findings = faults;
    verdict.summary = QStringLiteral("%1: %2").arg(name, counted(qint64(faults.size()), QStringLiteral("fault")));
    if (!faults.empty())
        verdict.summary += QStringLiteral(": ") + faults.front().message.left(160);
    return verdict;
}

QStringList textsIn(const QJsonObject &object, QStringView key)
{
    QStringList texts;
    for (const QJsonValue &value : object.value(key).toArray())
        texts << value.toString();
    return texts;
}

QString markdownText(const QString &text)
{
    QString out;
    for (const QChar c : displayable(text.simplified())) {
        if (QStringView(u"\\`*_[]<>#|&~").contains(c))
            out += u'\\';
        out += c;
    }
    return out;
}

QString markdownList(const QString &title, const QStringList &lines)
{
    QString out = QStringLiteral("\n## %1\n\n").arg(title);
    for (const QString &line : lines)
        out += QStringLiteral("- %1\n").arg(markdownText(line));
    return lines.isEmpty() ? out + QStringLiteral("none\n") : out;
}

QString yamlText(const QString &text)
{
    QString out = QStringLiteral("\"");
    for (const char32_t c : text.toUcs4()) {
        if (c == U'"' || c == U'\\')
            out += QLatin1Char('\\') + QChar(ushort(c));
        else if (c >= 0x20 && c != 0x7f && !isInvisible(c))
            out += QString::fromUcs4(&c, 1);
        else
            out += QStringLiteral("\\U%1").arg(uint(c), 8, 16, QLatin1Char('0'));
    }
    return out + QLatin1Char('"');
}

} // namespace openfactory

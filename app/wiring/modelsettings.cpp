// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/modelsettings.h"

#include "core/base/text.h"
#include "core/domain/commands.h"
#include "core/http/httpclient.h"

#include <QDir>
#include <QRegularExpression>

#include <cmath>

namespace openfactory {

namespace {

using std::chrono::milliseconds;

constexpr double mostMoney = 1e6;

/// One short visible line.
Result<QString> lineIn(const yaml::Node &node, qsizetype most)
{
    OF_TRY(text, node.text());
    if (text.trimmed().isEmpty() || text.size() > most || displayable(text) != text)
        return std::unexpected(node.error(QStringLiteral("expected one line of 1 to %1 visible characters").arg(most)));
    return text;
}

Result<void> takeLine(yaml::Map &map, const char *key, qsizetype most, QString &into)
{
    OF_TRY(node, map.value(QLatin1String(key)));
    if (!node)
        return {};
    OF_TRY(text, lineIn(*node, most));
    into = text;
    return {};
}

Result<void> takeNumber(yaml::Map &map, const char *key, qint64 least, qint64 most, auto &into)
{
    OF_TRY(node, map.value(QLatin1String(key)));
    if (!node)
        return {};
    OF_TRY(number, node->integer(least, most));
    into = std::remove_reference_t<decltype(into)>(number);
    return {};
}

Result<QUrl> urlIn(const yaml::Node &node, const QStringList &schemes)
{
    OF_TRY(text, lineIn(node, 1000));
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty() || !schemes.contains(url.scheme()))
        return std::unexpected(node.error(QStringLiteral("expected a URL that begins with %1")
                                              .arg(schemes.join(QStringLiteral(":// or ")) + u"://")));
    return url;
}

Result<ModelPrice> readPrice(const yaml::Node &node)
{
    OF_TRY(map, node.map());
    ModelPrice price;
    for (const auto &[key, into] : {std::pair("input", &price.input), std::pair("output", &price.output)}) {
        OF_TRY(value, map.need(QLatin1String(key)));
        OF_TRY(number, value.number(0, mostMoney));
        *into = number;
    }
    OF_TRY(currencyNode, map.need(QStringLiteral("currency")));
    OF_TRY(currency, lineIn(currencyNode, 8));
    price.currency = currency;
    OF_CHECK(map.finish());
    return price;
}

Result<void> readTimeouts(yaml::Map &settings, ModelTimeouts &into)
{
    OF_TRY(node, settings.value(QStringLiteral("timeouts")));
    if (!node)
        return {};
    OF_TRY(map, node->map());
    for (const auto &[key, limit] : {std::pair("connect", &into.connect), std::pair("first_byte", &into.firstByte),
                                     std::pair("idle", &into.idle), std::pair("total", &into.total)}) {
        qint64 seconds = limit->count() / 1000;
        OF_CHECK(takeNumber(map, key, 1, 86'400, seconds));
        *limit = std::chrono::seconds(seconds);
    }
    return map.finish();
}

Result<void> readNetwork(yaml::Map &map, ModelSettings &model)
{
    OF_TRY(urlNode, map.need(QStringLiteral("url")));
    OF_TRY(url, urlIn(urlNode, {QStringLiteral("https"), QStringLiteral("http")}));
    model.url = url;
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment())
        return std::unexpected(urlNode.error(
            QStringLiteral("it must not hold a name, a key, a query or a fragment; a key is a secret, named "
                           "by key")));
    if (const auto allow = map.find(QStringLiteral("allow_http"))) {
        OF_TRY(yes, allow->boolean());
        model.allowHttp = yes;
    }
    if (url.scheme() != u"https" && !model.allowHttp && !isLoopback(url))
        return std::unexpected(urlNode.error(
            QStringLiteral("the key and the code would be readable on the way; use https, or say allow_http: true")));
    if (const auto proxy = map.find(QStringLiteral("proxy"))) {
        OF_TRY(text, proxy->text());
        if (text != u"system" && text != u"none") {
            OF_TRY(address, urlIn(*proxy, {QStringLiteral("http"), QStringLiteral("socks5")}));
            text = address.toString();
        }
        model.proxy = text;
    }
    if (const auto file = map.find(QStringLiteral("ca_file"))) {
        OF_TRY(path, lineIn(*file, 1000));
        if (!QDir::isAbsolutePath(path))
            return std::unexpected(file->error(QStringLiteral("expected an absolute path")));
        model.caFile = path;
    }
    OF_CHECK(takeLine(map, "organization", 200, model.organization));
    OF_CHECK(takeNumber(map, "retries", 0, 20, model.retries));
    return readTimeouts(map, model.timeouts);
}

Result<ModelSettings> readModel(const QString &name, const yaml::Node &node)
{
    OF_TRY(map, node.map());
    ModelSettings model;
    model.name = name;
    OF_CHECK(readNetwork(map, model));
    OF_TRY(idNode, map.need(QStringLiteral("model")));
    OF_TRY(id, lineIn(idNode, 200));
    model.model = id;
    if (const auto key = map.find(QStringLiteral("key"))) {
        OF_TRY(secret, key->text());
        if (!isSecretName(secret))
            return std::unexpected(
                key->error(QStringLiteral("expected the name of a secret, never the key itself (docs/secrets.md)")));
        model.key = secret;
    }
    if (const auto temperature = map.find(QStringLiteral("temperature"))) {
        OF_TRY(number, temperature->number(0, 2));
        model.temperature = number;
    }
    OF_CHECK(takeNumber(map, "max_tokens", 64, 1'000'000, model.maxTokens));
    OF_CHECK(takeNumber(map, "context_tokens", 2048, 10'000'000, model.contextTokens));
    if (model.contextTokens - model.maxTokens - model.contextTokens / 10 < 1000)
        return std::unexpected(
            node.error(QStringLiteral("context_tokens (%1) leaves no room for a prompt beside max_tokens (%2)")
                           .arg(model.contextTokens)
                           .arg(model.maxTokens)));
    if (const auto price = map.find(QStringLiteral("price"))) {
        OF_TRY(read, readPrice(*price));
        model.price = read;
    }
    OF_CHECK(map.finish());
    return model;
}

Result<void> takeName(yaml::Map &settings, const char *key, const ModelsSettings &models, QString &into)
{
    OF_TRY(node, settings.value(QLatin1String(key)));
    if (!node)
        return {};
    OF_TRY(name, node->text());
    if (!models.models.contains(name))
        return std::unexpected(
            node->error(QStringLiteral("there is no model \"%1\" below models").arg(displayable(name.left(60)))));
    into = name;
    return {};
}

Result<void> readBudget(yaml::Map &settings, const ModelsSettings &models, JobBudget &budget)
{
    OF_TRY(node, settings.value(QStringLiteral("job_budget")));
    if (!node)
        return {};
    OF_TRY(map, node->map());
    if (const auto tokens = map.find(QStringLiteral("tokens"))) {
        OF_TRY(number, tokens->integer(0, 1'000'000'000'000));
        budget.tokens = number;
    }
    if (const auto cost = map.find(QStringLiteral("cost"))) {
        OF_TRY(number, cost->number(0, mostMoney));
        budget.cost = std::llround(number * 1e6);
        for (const auto &[name, model] : models.models) {
            if (!model.price)
                return std::unexpected(cost->error(
                    QStringLiteral("models.%1 has no price, so a limit on the cost cannot be kept (a price may be 0)")
                        .arg(name)));
            if (!budget.currency.isEmpty() && budget.currency != model.price->currency)
                return std::unexpected(
                    cost->error(QStringLiteral("the models have prices in %1 and %2, which cannot be added up")
                                    .arg(budget.currency, model.price->currency)));
            budget.currency = model.price->currency;
        }
    }
    return map.finish();
}

} // namespace

Result<ModelsSettings> readModelSettings(yaml::Map &settings, JobBudget &budget)
{
    static const QRegularExpression nameForm(QStringLiteral("^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$"));
    ModelsSettings models;
    OF_TRY(node, settings.value(QStringLiteral("models")));
    if (node) {
        OF_TRY(map, node->map());
        for (const QString &name : map.keys()) {
            OF_TRY(one, map.need(name));
            if (!nameForm.match(name).hasMatch())
                return std::unexpected(
                    one.error(QStringLiteral("the name \"%1\" is not 1 to 40 letters, digits, -, _ and .")
                                  .arg(displayable(name.left(60)))));
            OF_TRY(model, readModel(name, one));
            models.models.emplace(name, std::move(model));
        }
    }
    OF_CHECK(takeName(settings, "model", models, models.model));
    OF_CHECK(takeName(settings, "gate_failing_model", models, models.gateFailingModel));
    OF_CHECK(readBudget(settings, models, budget));
    return models;
}

} // namespace openfactory

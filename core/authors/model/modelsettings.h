// SPDX-License-Identifier: Apache-2.0
/// What the settings say of the models that may be asked (openfactory.yaml, `models`). Plain values.
#pragma once

#include <QString>
#include <QUrl>

#include <chrono>
#include <map>
#include <optional>

namespace openfactory {

/// Limits on the parts of one request.
struct ModelTimeouts {
    std::chrono::milliseconds connect{15'000};    ///< until the request is sent
    std::chrono::milliseconds firstByte{180'000}; ///< from then until the answer begins: the model reads the prompt
    std::chrono::milliseconds idle{60'000};       ///< between two parts of the answer
    std::chrono::milliseconds total{900'000};     ///< of the whole request
};

/// For a million tokens each, in units of the currency.
struct ModelPrice {
    double input = 0;
    double output = 0;
    QString currency;
};

/// One server with one model, under the name that jobs give it.
struct ModelSettings {
    QString name;
    QUrl url;                          ///< of the API, without "/chat/completions": "https://host/v1"
    QString model;                     ///< its id, as the server knows it
    QString key;                       ///< name of a secret; empty: none is sent
    std::optional<double> temperature; ///< nothing: the server's own
    qint64 maxTokens = 8192;           ///< of an answer
    qint64 contextTokens = 32'768;     ///< of prompt and answer together
    std::optional<ModelPrice> price;
    QString organization; ///< sent as OpenAI-Organization; empty: not sent
    QString caFile;       ///< absolute path of a PEM file of further authorities; empty: the system's only
    QString proxy = QStringLiteral("system"); ///< "system", "none" or a URL; never used for loopback
    bool allowHttp = false;                   ///< also beyond loopback, by name only
    ModelTimeouts timeouts;
    int retries = 4; ///< after the first try, where the server is busy or down

    /// For people and records: what might be a secret in the URL is left out.
    QString address() const { return url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment); }
};

struct ModelsSettings {
    std::map<QString, ModelSettings> models;
    QString model;            ///< the one of jobs that name none; empty: there is no default
    QString gateFailingModel; ///< for what a gate failed; empty: the same as for the first change

    /// The model of that name, or the default one for an empty name; null where there is none.
    const ModelSettings *find(const QString &name) const
    {
        const auto found = models.find(name.isEmpty() ? model : name);
        return found == models.end() ? nullptr : &found->second;
    }
};

} // namespace openfactory

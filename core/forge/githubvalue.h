// SPDX-License-Identifier: Apache-2.0
/// One value of an answer and where it stands in it, read strictly. Not for others than githubanswers.cpp.
#pragma once

#include "core/base/error.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <limits>

namespace openfactory::github {

class Value {
public:
    explicit Value(const QJsonDocument &document)
        : m_value(document.isArray() ? QJsonValue(document.array())
                                     : (document.isObject() ? QJsonValue(document.object()) : QJsonValue()))
    {}
    Value(QJsonValue value, QString place) : m_value(std::move(value)), m_place(std::move(place)) {}

    Value operator[](const QString &key) const
    {
        return {m_value.toObject().value(key), m_place.isEmpty() ? key : m_place + QLatin1Char('.') + key};
    }
    bool isNone() const { return m_value.isNull() || m_value.isUndefined(); }
    bool isMinusOne() const { return m_value.isDouble() && m_value.toInteger() == -1; }
    bool isObject() const { return m_value.isObject(); }
    QJsonObject object() const { return m_value.toObject(); }

    /// The text, cut at `most` characters.
    Result<QString> text(qsizetype most) const
    {
        if (!m_value.isString())
            return wrong(QStringLiteral("a text"));
        return m_value.toString().left(most);
    }
    /// The same; empty where there is none.
    Result<QString> maybeText(qsizetype most) const { return isNone() ? Result<QString>(QString()) : text(most); }
    /// A number without a fraction, from 0.
    Result<qint64> number() const
    {
        constexpr qint64 none = -1;
        const qint64 value = m_value.toInteger(none);
        if (!m_value.isDouble() || value < 0)
            return wrong(QStringLiteral("a whole number"));
        return value;
    }
    Result<qint64> maybeNumber() const { return isNone() ? Result<qint64>(0) : number(); }
    Result<bool> flag() const
    {
        if (!m_value.isBool())
            return wrong(QStringLiteral("true or false"));
        return m_value.toBool();
    }
    Result<std::vector<Value>> list(qsizetype most) const
    {
        if (!m_value.isArray())
            return wrong(QStringLiteral("a list"));
        const QJsonArray array = m_value.toArray();
        if (array.size() > most)
            return wrong(QStringLiteral("a list of at most %1").arg(most));
        std::vector<Value> values;
        for (qsizetype i = 0; i < array.size(); ++i)
            values.emplace_back(array[i], QStringLiteral("%1[%2]").arg(m_place).arg(i));
        return values;
    }
    Result<Value> asObject() const
    {
        if (!m_value.isObject())
            return wrong(QStringLiteral("an object"));
        return *this;
    }
    std::unexpected<Error> wrong(const QString &expected) const
    {
        static constexpr const char *kinds[] = {"null", "true or false", "a number", "a text", "a list", "an object"};
        const auto type = m_value.type();
        const QString got = type == QJsonValue::Undefined ? QStringLiteral("nothing")
                                                          : QString::fromLatin1(kinds[type]);
        return fail(ErrorKind::Invalid, QStringLiteral("read GitHub's answer"),
                    QStringLiteral("%1: expected %2, got %3")
                        .arg(m_place.isEmpty() ? QStringLiteral("the whole") : m_place, expected, got));
    }

private:
    QJsonValue m_value;
    QString m_place;
};

} // namespace openfactory::github

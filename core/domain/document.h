// SPDX-License-Identifier: Apache-2.0
/// The documents that a job is planned with (spec, architecture, tickets) as JSON from outside: size, form and schema.
/// Whoever wrote them, they are hostile input. Pure.
#pragma once

#include "core/domain/verdict.h"

#include <QJsonArray>

namespace openfactory {

/// What a document may have at the most, before it is looked at.
constexpr qsizetype mostDocumentBytes = 256 * 1024;

/// A document as far as it can be read, and all that is wrong with it.
template<class Value>
struct Reading {
    Value value; ///< only good where there are no faults
    std::vector<Finding> faults;
    bool isSound() const { return faults.empty(); }
};

/// The text of resources/schemas/<name>.schema.json.
QByteArray schemaText(const QString &name);
/// The object that the bytes are, once it has the form of that schema. Each fault names the place in the document
/// ("/acceptance_criteria/0/id"), what stands there, and what is wrong with it.
Reading<QJsonObject> readDocument(const QByteArray &json, const QString &schema);

/// A fault at a place of a document.
Finding documentFault(const QString &rule, const QString &place, const QString &said, const QString &suggestion = {});
/// A failed verdict with these faults: "SPEC.json: 2 faults: /scope: ...".
Verdict refusedDocument(const QString &name, const std::vector<Finding> &faults);

QStringList textsIn(const QJsonObject &object, QStringView key);
/// "## Title" and one bullet for each line; "none" where there is none. Text of others is shown, not obeyed.
QString markdownList(const QString &title, const QStringList &lines);
/// A line of Markdown that is text and nothing else: no markup, no HTML, no control characters.
QString markdownText(const QString &text);
/// A text as a scalar of YAML, in double quotes.
QString yamlText(const QString &text);

} // namespace openfactory

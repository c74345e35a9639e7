// SPDX-License-Identifier: Apache-2.0
/// A rule pack: checks on the added lines of a change, as data (resources/policies/*.yaml). Plain values; any thread.
///
/// The grammar of a pack:
///   name: python                        what findings call it
///   language: python                    how lines are read (core/base/lexis.h): which parts are strings and comments,
///                                       what encloses what
///   files: ["**/*.py"]                  globs of the files it is for
///   loops, functions: expression        of the statement that begins a loop, a function
///   spared: expression                  of one that begins a block which all rules leave alone (tests within a source)
///   scopes: expression                  of one that begins a block which is none to `not-within: block` (a namespace)
///   rules:
///     - id: bare-except                 unique in the pack
///       severity: info | warning | error
///       what: a short sentence; {1} stands for what group 1 of the pattern caught (only with in: code and comments:
///             text from a string could be a secret)
///       suggestion: what to do
///       pattern: a regular expression on one statement, all its lines joined, without indentation
///       in: code (default: strings and comments blanked) | strings | comments | uncommented | any
///       except-pattern: expression      no finding where it matches too, in the same view
///       unless-kept: expression         no finding in a file that has an unchanged or removed line which matches: it
///       has
///                                       its own way
///       except-files: [globs]
///       within: loop                    an enclosing line is a loop
///               same-loop               ... and the pattern matches it with the same group 1
///       not-within: function            no enclosing line starts a function
///                   block               nothing encloses it but scopes
///       undocumented: true              no comment stands right above it, attributes and decorators aside
///       next: expression                the next statement must match; a statement that the hunk does not show never
///       does next-not: expression            the next statement is shown and does not match previous-not: expression
///       the statement before does not match first: true                     only the first statement of a new file
/// Unknown keys, wrong types and expressions that do not compile are errors that name file, line and column.
#pragma once

#include "core/base/lexis.h"
#include "core/domain/verdict.h"

#include <QRegularExpression>
#include <QStringList>

namespace openfactory {

struct Rule {
    enum class View { Code, Strings, Comments, Uncommented, Any };
    enum class Within { Anything, Loop, SameLoop };

    QString id;
    Severity severity = Severity::Warning;
    QString what;
    QString suggestion;
    View view = View::Code;
    QRegularExpression pattern;
    QRegularExpression except; ///< an empty pattern here and below: not given
    QRegularExpression unlessKept;
    QStringList exceptFiles;
    Within within = Within::Anything;
    bool notWithinFunction = false;
    bool notWithinBlock = false;
    bool undocumented = false;
    QRegularExpression next;
    QRegularExpression nextNot;
    QRegularExpression previousNot;
    bool first = false;
};

struct RulePack {
    QString name;
    const Lexis *lexis = nullptr;
    QStringList files;
    QRegularExpression loops;
    QRegularExpression functions;
    QRegularExpression spared; ///< an empty pattern here and below: not given
    QRegularExpression scopes;
    std::vector<Rule> rules;
};

/// `file` is used in messages only.
Result<RulePack> readRulePack(const QByteArray &yaml, const QString &file);

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Command templates: their placeholders filled in for a project, and the allowlist patterns that follow from them.
///   {reports}      the report folder, followed by a path:        --junitxml={reports}/junit{part}.xml
///   {cache}        a folder that the job keeps between commands, followed by a path; what a build is made of goes
///   there {part}         makes report names unique where a stage runs the same command more than once {sourceRoot} the
///   one folder that holds all sources, or "." {value:name}   a number of LanguageFile::values {text:name}    one of
///   LanguageFile::texts, in the kind of a report only: no pattern could stand for it {changed...}   a list of paths,
///   as the last word; see isPathList()
#pragma once

#include "core/toolchain/languagefile.h"

namespace openfactory {

/// What the placeholders stand for in one command.
struct Filling {
    QString reports;
    QString cache;
    QString part;
    QString sourceRoot;
    std::map<QString, QStringList> lists;
    std::map<QString, int> values;
    std::map<QString, QString> texts;
    std::map<QString, bool> facts;
};

/// sources: folders and files of the product; changed: changed sources of any kind; changedSources: without tests;
/// compiled: sources and changed without test data; integration: folders of integration tests.
bool isPathList(const QString &name);

/// What is wrong with a word or a command of a toolchain file; empty: nothing.
QString wrongWord(const LanguageFile &language, const QString &word);
QString wrongKind(const LanguageFile &language, const QString &kind);
QString wrongCommand(const CommandTemplate &command);

/// Whether all of "fact" and "!fact" hold.
bool holds(const QStringList &when, const std::map<QString, bool> &facts);
/// The command of a template; one for each part of a list that is too long for one.
std::vector<PlannedCommand> fill(const CommandTemplate &command, Filling filling);
/// Every pattern that a command of this template can have, whatever the facts are.
std::vector<CommandPattern> patternsOf(const CommandTemplate &command);

} // namespace openfactory

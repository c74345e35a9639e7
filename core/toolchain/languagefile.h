// SPDX-License-Identifier: Apache-2.0
/// A language as data: what resources/toolchains/<language>.yaml says, loaded strictly. Plain values, no behaviour.
/// docs of the keys: resources/toolchains/python.yaml shows and explains every one of them.
#pragma once

#include "core/base/lexis.h"
#include "core/domain/toolchains.h"

#include <QRegularExpression>

namespace openfactory {

/// One place where the repository may say something about itself.
struct FactRule {
    QString config;             ///< name of one of LanguageFile::configs; its section must be there
    QString key;                ///< ... and hold this key
    QString file;               ///< or: this file must be there
    QString folder;             ///< or: this folder must hold sources
    QRegularExpression inTests; ///< or: the beginning of a test file must match
    QRegularExpression matches; ///< ... and the value or file must match; empty: anything does
};

/// A section of a settings file (INI or TOML, told by its name).
struct ConfigPlace {
    QString file;
    QString section;
    bool whole = false; ///< the file's presence is enough: tools take pytest.ini even when it is empty
};

/// Words of a command that stand there only while all `when` hold ("fact" or "!fact").
struct WordGroup {
    QStringList when;
    QStringList words;
};

struct CommandTemplate {
    QStringList when;
    QString needs;   ///< a list placeholder that must not be empty: "changed"
    QString nothing; ///< why there is nothing to do when it is
    std::vector<WordGroup> words;
    std::map<QString, QString> environment;
    PlannedCommand rest; ///< everything that is taken over as it stands
};

struct StageTemplate {
    std::vector<CommandTemplate> commands;
    std::vector<CommandTemplate> fixes;
    QString nothing; ///< why there is nothing to do where no command is left
    bool stopAtFirst = false;
    QStringList transient;
};

/// A number that the repository's settings hold.
struct ValueRule {
    QString config;
    QString key;
    int otherwise = 0;
};

/// How a text that a tool prints is read: each pattern is searched over the whole text; its named groups file, line,
/// rule, message, severity make a Finding, the fixed texts here stand in for groups that it lacks.
struct TextPattern {
    QRegularExpression match;
    QString rule;
    QString message; ///< where no group of that name is; "{test}: {said}" takes in other groups
    QString suggestion;
    Severity severity = Severity::Error;
    bool missing = false; ///< it tells of something that is not there (a package, a program): nothing was measured
    bool heading = false; ///< no finding: it names the file of the findings below it that name none
    bool aside = false;   ///< no finding: what it takes is read by nobody, as it is another program's
};

struct TextReader {
    QString tool;
    std::vector<TextPattern> patterns;
    std::vector<QRegularExpression> counts; ///< groups passed, failed, skipped: a number is added, else one
};

/// A text that a file of the project holds: the first group of the first match.
struct TextRule {
    QString file;
    QRegularExpression matches;
};

/// What a project file below another one means.
enum class Nesting {
    Apart,  ///< projects below the root stand alone where the root itself holds no product
    Inside, ///< one at the root owns all that is below it (workspaces)
    Each    ///< every one is a project of its own
};

/// How the sources of a language take in one another, and which file is meant.
struct ImportRules {
    std::vector<QRegularExpression> matches; ///< groups module, names (a list with commas), up
    bool strings = false;                    ///< the patterns see what stands in strings
    bool folders = false;                    ///< what is taken in is a folder with all its files
    QString separator = QStringLiteral("/");
    QString up;                  ///< what stands for one folder (or module) further up in the group up
    bool fromModule = false;     ///< `up` counts from the module that the file is, else from its folder
    QStringList index;           ///< files that are the module of their folder
    QStringList to;              ///< files that a path may mean, tried in order: "{path}.py", "{stem}.ts"
    QStringList roots;           ///< folders of the project that paths begin in
    bool beside = false;         ///< paths begin in the file's own folder first
    int shorten = 0;             ///< as many parts of a path may name what lies within the file
    bool cyclesAreUsual = false; ///< a cycle is a warning
    QString strip;               ///< one of `texts`, which every path of the project begins with
};

/// An advice for findings whose message matches; \1 is the first group.
struct Advice {
    QRegularExpression matches;
    QString suggestion;
};

struct LanguageFile {
    QString language;
    QString title;
    bool built = true;        ///< false: recognised by its project files only, to say so
    QStringList projectFiles; ///< file names that tell the language for sure, best first
    Nesting nesting = Nesting::Apart;
    // Where things are. Patterns of file names have `*` and `?`; folders are names or endings of paths.
    QStringList sources;       ///< names of source files
    QStringList sourceFolders; ///< conventional roots of sources, used where they hold some
    QStringList testFolders;
    QStringList testFiles;
    QStringList testDataFolders; ///< below a test folder: sources in them are data
    QStringList integration;     ///< folders of integration tests
    QStringList aside;           ///< names of top folders and files whose sources are not the product
    QStringList skip;            ///< folders that are never looked into
    std::map<QString, std::vector<ConfigPlace>> configs;
    std::map<QString, std::vector<FactRule>> facts; ///< true when any of the rules holds
    std::map<QString, ValueRule> values;
    std::map<QString, TextRule> texts;
    std::map<QString, std::vector<WordGroup>> fragments; ///< words that several commands share
    std::map<StageKind, StageTemplate> stages;
    std::map<QString, TextReader> readers;
    std::vector<Advice> advice;
    const Lexis *lexis = nullptr;       ///< how comments and strings are written; null: not known
    QRegularExpression functions;       ///< the head of a function, with a group name; empty: not known
    std::optional<ImportRules> imports; ///< nothing: not known
};

/// Reads a toolchain file; errors name file, line and column.
Result<LanguageFile> loadLanguageFile(const QByteArray &yaml, const QString &file);

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Which paths .gitignore files and info/exclude leave out, by git's own rules. Pure; linear in the length of a pattern
/// times that of a path, whatever the pattern is.
#pragma once

#include "core/domain/git.h"

#include <bitset>
#include <memory>

namespace openfactory::git {

/// One glob: `*` and `?` stay within a component, `**` between slashes does not.
class Glob {
public:
    explicit Glob(const QByteArray &pattern);
    bool matches(QByteArrayView text) const;

private:
    struct Token {
        enum Kind { Byte, AnyByte, Class, Star, Folders, Rest } kind;
        char byte = 0;
        int index = 0; ///< of the class
    };
    bool matchesOne(const Token &token, char c) const;
    std::vector<Token> m_tokens;
    std::vector<std::bitset<256>> m_classes;
    bool m_never = false; ///< malformed: matches nothing
};

/// The rules in force in one folder: those of its own file before those of the folders above.
class IgnoreRules {
public:
    /// `bytes` of a rules file that lies in `folder` ("" or "a/b/"); `above` may be null.
    IgnoreRules(const QByteArray &bytes, const RepoPath &folder, std::shared_ptr<const IgnoreRules> above);
    /// Of a path in that folder or below it, by its own name only: whether a folder above it is ignored is asked
    /// before.
    bool ignores(const RepoPath &path, bool isFolder) const;

private:
    struct Rule {
        QByteArray text;
        bool negated = false;
        bool folderOnly = false;
        bool wholePath = false; ///< matched against the path relative to the file's folder, else against the name
        enum { Exact, Suffix, Wild } kind = Exact;
        std::shared_ptr<const Glob> glob;
    };
    std::vector<Rule> m_rules;
    RepoPath m_folder;
    std::shared_ptr<const IgnoreRules> m_above;
};

} // namespace openfactory::git

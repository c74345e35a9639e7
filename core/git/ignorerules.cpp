// SPDX-License-Identifier: Apache-2.0
#include "core/git/ignorerules.h"

#include <algorithm>
#include <cctype>

namespace openfactory::git {

namespace {

using Bits = std::bitset<256>;

/// [:alpha:] and its kind, in the C locale; false where the name is unknown.
bool addNamedClass(Bits &bits, const QByteArray &name)
{
    using Test = int (*)(int);
    static constexpr std::pair<const char *, Test> classes[] = {
        {"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank}, {"cntrl", std::iscntrl},
        {"digit", std::isdigit}, {"graph", std::isgraph}, {"lower", std::islower}, {"print", std::isprint},
        {"punct", std::ispunct}, {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit}};
    for (const auto &[known, test] : classes) {
        if (name != known)
            continue;
        for (int c = 0; c < 128; ++c) {
            if (test(c))
                bits.set(size_t(c));
        }
        return true;
    }
    return false;
}

/// Reads a bracket expression whose '[' is at `i`; leaves `i` on its ']'. False where it does not end.
bool readClass(const QByteArray &p, qsizetype &i, Bits &bits)
{
    qsizetype at = i + 1;
    const bool negated = at < p.size() && (p[at] == '!' || p[at] == '^');
    if (negated)
        ++at;
    int last = -1; // the byte before a '-', or -1
    for (bool first = true;; first = false) {
        if (at >= p.size())
            return false;
        char c = p[at];
        if (c == ']' && !first)
            break;
        if (c == '[' && at + 1 < p.size() && p[at + 1] == ':') {
            const qsizetype end = p.indexOf(']', at + 2);
            if (end < 0)
                return false;
            if (end > at + 2 && p[end - 1] == ':') {
                if (!addNamedClass(bits, p.sliced(at + 2, end - at - 3)))
                    return false;
                last = -1;
                at = end + 1;
                continue;
            }
        }
        if (c == '-' && last >= 0 && at + 1 < p.size() && p[at + 1] != ']') {
            c = p[++at];
            if (c == '\\' && ++at < p.size())
                c = p[at];
            for (int b = last; b <= int(quint8(c)); ++b)
                bits.set(size_t(b));
            last = -1;
        } else {
            if (c == '\\') {
                if (++at >= p.size())
                    return false;
                c = p[at];
            }
            bits.set(quint8(c));
            last = quint8(c);
        }
        ++at;
    }
    if (negated)
        bits.flip();
    bits.reset('/');
    i = at;
    return true;
}

} // namespace

Glob::Glob(const QByteArray &p)
{
    // git compares what comes before the first special sign by itself, and matches the rest: two stars there begin it.
    const auto special = std::ranges::find_if(p, [](char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; });
    const qsizetype plain = special - p.begin();
    for (qsizetype i = 0; i < p.size(); ++i) {
        const char c = p[i];
        if (c == '*') {
            qsizetype end = i;
            while (end < p.size() && p[end] == '*')
                ++end;
            const bool atStart = i == 0 || p[i - 1] == '/' || i == plain;
            if (end - i >= 2 && atStart && end == p.size()) {
                m_tokens.push_back({Token::Rest});
            } else if (end - i >= 2 && atStart && p[end] == '/') {
                m_tokens.push_back({Token::Folders});
                ++end; // its slash is part of it
            } else {
                m_tokens.push_back({Token::Star});
            }
            i = end - 1;
        } else if (c == '?') {
            m_tokens.push_back({Token::AnyByte});
        } else if (c == '[') {
            Bits bits;
            if (!readClass(p, i, bits)) {
                m_never = true;
                return;
            }
            m_tokens.push_back({Token::Class, 0, int(m_classes.size())});
            m_classes.push_back(bits);
        } else if (c == '\\') {
            if (++i >= p.size()) {
                m_never = true;
                return;
            }
            m_tokens.push_back({Token::Byte, p[i]});
        } else {
            m_tokens.push_back({Token::Byte, c});
        }
    }
}

bool Glob::matchesOne(const Token &token, char c) const
{
    switch (token.kind) {
    case Token::Byte: return token.byte == c;
    case Token::AnyByte: return c != '/';
    case Token::Class: return m_classes[size_t(token.index)].test(quint8(c));
    default: return false;
    }
}

bool Glob::matches(QByteArrayView text) const
{
    if (m_never)
        return false;
    // After a mismatch the latest star takes one more byte; where it may not, the latest run of folders takes one more
    // component. Earlier stars need no second try: whatever they could take, the later one can.
    size_t t = 0;
    qsizetype i = 0;
    size_t starToken = 0, foldersToken = 0;
    qsizetype starAt = -1, foldersAt = -1;
    while (true) {
        if (t < m_tokens.size() && m_tokens[t].kind == Token::Rest)
            return true;
        if (t < m_tokens.size() && m_tokens[t].kind == Token::Star) {
            starToken = ++t;
            starAt = i;
            continue;
        }
        if (t < m_tokens.size() && m_tokens[t].kind == Token::Folders) {
            foldersToken = ++t;
            foldersAt = i;
            starAt = -1;
            continue;
        }
        if (t == m_tokens.size() && i == text.size())
            return true;
        if (t < m_tokens.size() && i < text.size() && matchesOne(m_tokens[t], text[i])) {
            ++t;
            ++i;
            continue;
        }
        if (starAt >= 0 && starAt < text.size() && text[starAt] != '/') {
            i = ++starAt;
            t = starToken;
        } else if (foldersAt >= 0) {
            const qsizetype slash = text.indexOf('/', foldersAt);
            if (slash < 0)
                return false;
            i = foldersAt = slash + 1;
            t = foldersToken;
            starAt = -1;
        } else {
            return false;
        }
    }
}

IgnoreRules::IgnoreRules(const QByteArray &bytes, const RepoPath &folder, std::shared_ptr<const IgnoreRules> above)
    : m_folder(folder),
      m_above(std::move(above))
{
    qsizetype start = bytes.startsWith("\xef\xbb\xbf") ? 3 : 0;
    while (start < bytes.size()) {
        qsizetype end = bytes.indexOf('\n', start);
        if (end < 0)
            end = bytes.size();
        QByteArray line = bytes.sliced(start, end - start);
        start = end + 1;
        if (line.endsWith('\r'))
            line.chop(1);
        // Trailing spaces go, but for those behind a backslash.
        qsizetype keep = 0;
        for (qsizetype i = 0; i < line.size(); ++i) {
            if (line[i] == '\\')
                ++i;
            else if (line[i] == ' ')
                continue;
            keep = std::min(i + 1, line.size());
        }
        line.truncate(keep);
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        Rule rule;
        if (line.startsWith('!')) {
            rule.negated = true;
            line.remove(0, 1);
        }
        if (line.endsWith('/')) {
            rule.folderOnly = true;
            line.chop(1);
        }
        rule.wholePath = line.contains('/');
        if (line.startsWith('/'))
            line.remove(0, 1);
        if (line.isEmpty())
            continue;
        const auto isWild = [](QByteArrayView text) {
            return std::any_of(text.begin(), text.end(),
                               [](char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; });
        };
        if (!isWild(line)) {
            rule.text = line;
        } else if (!rule.wholePath && line.startsWith('*') && !isWild(QByteArrayView(line).sliced(1))) {
            rule.kind = Rule::Suffix;
            rule.text = line.sliced(1);
        } else {
            rule.kind = Rule::Wild;
            rule.glob = std::make_shared<Glob>(line);
        }
        m_rules.push_back(std::move(rule));
    }
}

bool IgnoreRules::ignores(const RepoPath &path, bool isFolder) const
{
    const QByteArrayView relative = QByteArrayView(path).sliced(m_folder.size());
    const QByteArrayView name = QByteArrayView(path).sliced(path.lastIndexOf('/') + 1);
    for (auto rule = m_rules.rbegin(); rule != m_rules.rend(); ++rule) {
        if (rule->folderOnly && !isFolder)
            continue;
        const QByteArrayView text = rule->wholePath ? relative : name;
        const bool hit = rule->kind == Rule::Exact    ? text == rule->text
                         : rule->kind == Rule::Suffix ? text.endsWith(rule->text)
                                                      : rule->glob->matches(text);
        if (hit)
            return !rule->negated;
    }
    return m_above && m_above->ignores(path, isFolder);
}

} // namespace openfactory::git

// SPDX-License-Identifier: Apache-2.0
// matchesGlob() of contract.h.
//
//   pattern = item*          a pattern that ends in '/' has "**" after it
//   item    = "**/"          at the start of a component: nothing, or whole components
//           | "**"           anything
//           | "*" | "?"      anything, one byte; never '/'
//           | "[" "!"? byte-or-range+ "]"   never '/'
//           | "\" byte | byte
#include "core/domain/contract.h"

#include <bitset>

namespace openfactory {

namespace {

struct Item {
    enum class Kind { Byte, Set, Star, DeepStar, Folders } kind = Kind::Byte;
    char byte = 0;
    std::bitset<256> set;
};

/// Reads the set that starts at `at` ('['); false when it is not closed: then '[' stands for itself.
bool readSet(const QByteArray &pattern, qsizetype &at, Item &item)
{
    qsizetype i = at + 1;
    const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
    i += negated;
    const qsizetype first = i;
    std::bitset<256> set;
    for (; i < pattern.size() && (pattern[i] != ']' || i == first); ++i) {
        const auto from = quint8(pattern[i]);
        auto to = from;
        if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
            to = quint8(pattern[i + 2]);
            i += 2;
        }
        for (int c = from; c <= to; ++c)
            set.set(size_t(c));
    }
    if (i >= pattern.size())
        return false;
    item.kind = Item::Kind::Set;
    item.set = negated ? ~set : set;
    item.set.reset('/');
    at = i + 1;
    return true;
}

std::vector<Item> itemsOf(QByteArray pattern)
{
    if (pattern.endsWith('/'))
        pattern += "**";
    std::vector<Item> items;
    for (qsizetype i = 0; i < pattern.size();) {
        Item item;
        const bool atStart = i == 0 || pattern[i - 1] == '/';
        if (pattern.sliced(i).startsWith("**")) {
            i += 2;
            const bool folders = atStart && i < pattern.size() && pattern[i] == '/';
            item.kind = folders ? Item::Kind::Folders : Item::Kind::DeepStar;
            i += folders;
        } else if (pattern[i] == '*') {
            item.kind = Item::Kind::Star;
            ++i;
        } else if (pattern[i] == '?') {
            item.kind = Item::Kind::Set;
            item.set.set();
            item.set.reset('/');
            ++i;
        } else if (pattern[i] != '[' || !readSet(pattern, i, item)) {
            i += pattern[i] == '\\' && i + 1 < pattern.size();
            item.byte = pattern[i++];
        }
        items.push_back(item);
    }
    return items;
}

} // namespace

bool matchesGlob(const RepoPath &path, const QString &pattern)
{
    // reached[i]: the items so far match the first i bytes. One pass per item: no pattern takes exponential time.
    const auto size = size_t(path.size());
    std::vector<char> reached(size + 1, 0);
    reached[0] = 1;
    for (const auto &item : itemsOf(pattern.toUtf8())) {
        std::vector<char> next(size + 1, 0);
        char open = 0; // a star that began at or before this byte still runs
        for (size_t i = 0; i <= size; ++i) {
            const char before = i > 0 ? path[qsizetype(i - 1)] : '\0';
            switch (item.kind) {
            case Item::Kind::Byte: next[i] = i > 0 && reached[i - 1] && before == item.byte; break;
            case Item::Kind::Set: next[i] = i > 0 && reached[i - 1] && item.set.test(quint8(before)); break;
            case Item::Kind::Star:
                open = reached[i] || (open && before != '/');
                next[i] = open;
                break;
            case Item::Kind::DeepStar:
                open = open || reached[i];
                next[i] = open;
                break;
            case Item::Kind::Folders:
                next[i] = reached[i] || (open && before == '/');
                open = open || reached[i];
                break;
            }
        }
        reached = std::move(next);
    }
    return reached[size];
}

} // namespace openfactory

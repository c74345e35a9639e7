// SPDX-License-Identifier: Apache-2.0
/// What the parts of ofbench share. Each verb measures one thing of ours, or one raw peer of it, once, and prints lines
/// "NAME VALUE"; tests/bench/run calls ours and the peers in turn and makes the table. What goes wrong ends the
/// program.
#pragma once

#include "core/base/error.h"

#include <QStringList>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

namespace openfactory::bench {

// One for each row of the table or peer; the words after the verb.
int job(const QStringList &words);
int floorOf(const QStringList &words);
int cancel(const QStringList &words);
int commits(const QStringList &words);
int lists(const QStringList &words);
int maskCorpus(const QStringList &words);
int mask(const QStringList &words);
int worktree(const QStringList &words);
int revert(const QStringList &words);

void say(const char *name, double value);

inline double milliseconds(const std::function<void()> &work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// The value below which the part (0.5: the median) of the values lies.
inline double at(std::vector<double> &values, double part)
{
    std::ranges::sort(values);
    return values[size_t(part * double(values.size() - 1))];
}

template<class T>
T need(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(toText(result.error())));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

/// Starts the program (an absolute path) with the environment of ours and waits for its end.
void runPlain(std::vector<const char *> words);

/// One transaction of raw SQLite as a program would write it that keeps a checkpoint itself: the body, an event, and a
/// guarded update of the job; WAL, FULL, prepared statements. Figures.md, C9.
class RawStore {
public:
    RawStore(const QString &file, qsizetype bodyBytes);
    ~RawStore();
    void commit();

private:
    struct Parts;
    std::unique_ptr<Parts> m;
};

} // namespace openfactory::bench

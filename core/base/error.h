// SPDX-License-Identifier: Apache-2.0
/// What every function that can fail returns. Values only: an Error crosses threads and is compared in tests.
/// An adapter turns the foreign error into ours in the function that met it; sentences for people are made in ui/ and
/// app/.
#pragma once

#include <QByteArray>
#include <QString>

#include <expected>

namespace openfactory {

enum class ErrorKind {
    Invalid,     ///< the input is wrong; the text names file, line and value
    NotFound,    ///< the thing named does not exist
    Conflict,    ///< somebody else acted first, or a revision moved on
    Denied,      ///< not allowed by a rule (allowlist, protected branch, boundary)
    Unavailable, ///< something outside is missing or down; trying again later may help
    Timeout,     ///< a limit on time ended it
    Cancelled,   ///< a person or a stop ended it
    Io,          ///< the disk or the system refused
    DiskFull,    ///< no space left
    Corrupt,     ///< stored data is damaged, or from a newer version
    Unsupported, ///< known, but not built yet or not on this host
    Fenced,      ///< this process is no longer the owner of the job
    Internal,    ///< a mistake of ours
};

struct Error {
    ErrorKind kind = ErrorKind::Internal;
    QString doing; ///< what was being done, in words: "open store /x/openfactory.db"
    QString said;  ///< what the library or the rule said
    QString hint;  ///< what a person can do about it; may be empty

    bool operator==(const Error &) const = default;
};

template<class T>
using Result = std::expected<T, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, QString doing, QString said, QString hint = {})
{
    return std::unexpected(Error{kind, std::move(doing), std::move(said), std::move(hint)});
}

/// "doing: said", with the hint after it; for logs and tests.
QString toText(const Error &error);
/// Stable lower-case name ("invalid", "not-found"), used in --json and the store.
QString toName(ErrorKind kind);
/// An Error from an errno value; ENOSPC and EDQUOT become DiskFull.
Error errnoError(int number, QString doing);

} // namespace openfactory

/// Assigns the value of a Result to `var`, or returns its Error from the current function.
#define OF_TRY(var, expression)                                                                                        \
    auto var##Result = (expression);                                                                                   \
    if (!var##Result)                                                                                                  \
        return std::unexpected(std::move(var##Result).error());                                                        \
    auto var = std::move(*var##Result)

/// The same for Result<void>.
#define OF_CHECK(expression)                                                                                           \
    do {                                                                                                               \
        if (auto checkResult = (expression); !checkResult)                                                             \
            return std::unexpected(std::move(checkResult).error());                                                    \
    } while (false)

// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

#include <cerrno>
#include <cstring>

namespace openfactory {

QString toText(const Error &error)
{
    QString text = error.doing + QStringLiteral(": ") + error.said;
    if (!error.hint.isEmpty())
        text += QStringLiteral(" (") + error.hint + QLatin1Char(')');
    return text;
}

QString toName(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Invalid: return QStringLiteral("invalid");
    case ErrorKind::NotFound: return QStringLiteral("not-found");
    case ErrorKind::Conflict: return QStringLiteral("conflict");
    case ErrorKind::Denied: return QStringLiteral("denied");
    case ErrorKind::Unavailable: return QStringLiteral("unavailable");
    case ErrorKind::Timeout: return QStringLiteral("timeout");
    case ErrorKind::Cancelled: return QStringLiteral("cancelled");
    case ErrorKind::Io: return QStringLiteral("io");
    case ErrorKind::DiskFull: return QStringLiteral("disk-full");
    case ErrorKind::Corrupt: return QStringLiteral("corrupt");
    case ErrorKind::Unsupported: return QStringLiteral("unsupported");
    case ErrorKind::Fenced: return QStringLiteral("fenced");
    case ErrorKind::Internal: return QStringLiteral("internal");
    }
    return QStringLiteral("internal");
}

Error errnoError(int number, QString doing)
{
    ErrorKind kind = ErrorKind::Io;
    if (number == ENOSPC || number == EDQUOT)
        kind = ErrorKind::DiskFull;
    else if (number == ENOENT || number == ENOTDIR)
        kind = ErrorKind::NotFound;
    else if (number == EACCES || number == EPERM || number == EROFS)
        kind = ErrorKind::Denied;
    return Error{kind, std::move(doing), QString::fromLocal8Bit(std::strerror(number)), {}};
}

} // namespace openfactory

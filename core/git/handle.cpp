// SPDX-License-Identifier: Apache-2.0
#include "core/git/handle.h"

#include "core/base/text.h"

#include <cerrno>
#include <cstring>
#include <mutex>

namespace openfactory::git {

void setUpLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] {
        git_libgit2_init();
        for (const int level :
             {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL})
            git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
        git_libgit2_opts(GIT_OPT_SET_TEMPLATE_PATH, "");
        git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
        // As git does: zlib's checksum finds a damaged object; hashing each one again costs more than all the rest of a
        // checkout.
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
        // Only how git writes paths inside its own folder; nothing that this room reads depends on it.
        const char *extensions[] = {"relativeworktrees"};
        git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, size_t(1));
    });
}

Error gitError(int code, const QString &doing)
{
    const int number = errno;
    const git_error *last = git_error_last();
    const QByteArray said = last && last->message ? QByteArray(last->message)
                                                  : QByteArray("no further word from libgit2");
    Error error{ErrorKind::Io, doing, displayable(QString::fromUtf8(said)), {}};
    const bool fromSystem = last && last->klass == GIT_ERROR_OS;
    switch (code) {
    case GIT_ENOTFOUND: error.kind = ErrorKind::NotFound; break;
    case GIT_EEXISTS:
    case GIT_EMODIFIED:
    case GIT_ECONFLICT:
    case GIT_EMERGECONFLICT: error.kind = ErrorKind::Conflict; break;
    case GIT_ELOCKED:
        error.kind = ErrorKind::Unavailable;
        error.hint = QStringLiteral("another git program is at work here; if none is, remove the named .lock file");
        break;
    case GIT_EINVALIDSPEC:
    case GIT_EAMBIGUOUS:
    case GIT_EINVALID: error.kind = ErrorKind::Invalid; break;
    case GIT_EOWNER:
        error.kind = ErrorKind::Denied;
        error.hint = QStringLiteral("the folder belongs to another user; use a clone of your own");
        break;
    default:
        if (said.contains(std::strerror(ENOSPC)) || said.contains(std::strerror(EDQUOT)))
            error.kind = ErrorKind::DiskFull;
        else if (fromSystem && (number == EACCES || number == EPERM || number == EROFS))
            error.kind = ErrorKind::Denied;
        else if (last
                 && (last->klass == GIT_ERROR_ODB || last->klass == GIT_ERROR_ZLIB || last->klass == GIT_ERROR_OBJECT))
            error.hint = kMendRepository.toString(); // not Corrupt: that is said of the store
        else if (said.contains("unsupported"))
            error.kind = ErrorKind::Unsupported;
    }
    if (last && last->klass == GIT_ERROR_CONFIG && code == GIT_ERROR) {
        error.kind = ErrorKind::Invalid;
        error.hint = QStringLiteral(
            "mend that line of the repository's configuration; git config --list shows whether it is "
            "sound");
    } else if (said.contains("unknown object format")) {
        error.kind = ErrorKind::Unsupported;
        error.hint = QStringLiteral("only repositories with SHA-1 names can be read; work on one of those");
    } else if (said.contains("extensions.refstorage")) {
        error.hint = QStringLiteral("keep the references as files: git refs migrate --ref-format=files (git 2.46)");
    } else if (error.kind == ErrorKind::Unsupported) {
        error.hint = QStringLiteral("clone the repository without the named extension, and use the clone");
    }
    return error;
}

Result<git_oid> toOid(const QString &text, const QString &doing)
{
    git_oid oid;
    const QByteArray latin = text.toLatin1();
    if (latin.size() != GIT_OID_SHA1_HEXSIZE || git_oid_fromstrn(&oid, latin.constData(), size_t(latin.size())) != 0)
        return fail(
            ErrorKind::Invalid, doing,
            QStringLiteral("\"%1\" is not a commit id of 40 hexadecimal characters").arg(displayable(text.left(60))));
    return oid;
}

QString toText(const git_oid &oid)
{
    char buffer[GIT_OID_SHA1_HEXSIZE];
    git_oid_fmt(buffer, &oid);
    return QString::fromLatin1(buffer, sizeof buffer);
}

} // namespace openfactory::git

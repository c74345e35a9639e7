// SPDX-License-Identifier: Apache-2.0
#include "core/authors/fileedit.h"

#include "core/authors/unifieddiff.h"
#include "core/base/text.h"

#include <QStringList>

#include <algorithm>

namespace openfactory {

namespace {

/// With the line ends of a file that has no others than \r\n: what is written about it rarely has them.
QByteArray withEndsOf(const QByteArray &file, const QByteArray &text)
{
    const bool returns = file.contains("\r\n") && file.count('\n') == file.count("\r\n");
    if (!returns || text.contains('\r'))
        return text;
    return QByteArray(text).replace("\n", "\r\n");
}

Result<QByteArray> replaced(const FileEdit &edit, QByteArray text, bool again)
{
    const QByteArray old = withEndsOf(text, edit.old);
    const QByteArray wanted = withEndsOf(text, edit.text);
    const qsizetype found = text.count(old);
    // The old text may be part of the new one, and stand there once because the change was made before.
    const qsizetype made = wanted.isEmpty() ? 0 : text.count(wanted);
    if (again && made == 1 && found == wanted.count(old))
        return text;
    if (found != 1)
        return fail(ErrorKind::Conflict, QStringLiteral("replace text in %1").arg(displayable(edit.path)),
                    found == 0 ? QStringLiteral("it does not hold the old text")
                               : QStringLiteral("it holds the old text %1 times, not once").arg(found));
    return text.replace(text.indexOf(old), old.size(), wanted);
}

} // namespace

std::optional<QString> whyNoPath(const QString &path)
{
    if (path.isEmpty() || path.startsWith(u'/') || path.endsWith(u'/'))
        return QStringLiteral("must name a file, relative to the workspace");
    if (path.toUtf8().size() > 1000)
        return QStringLiteral("is too long");
    const auto isControl = [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7f; };
    if (std::ranges::any_of(path, isControl))
        return QStringLiteral("holds a control character");
    for (const QString &part : path.split(u'/')) {
        if (part.isEmpty() || part == QStringLiteral(".") || part == QStringLiteral(".."))
            return QStringLiteral("must not leave or walk around the workspace");
        if (part.compare(QStringLiteral(".git"), Qt::CaseInsensitive) == 0)
            return QStringLiteral("lies in git's own folder");
    }
    return std::nullopt;
}

Result<void> prepareEdit(WorkspaceEdit &workspace, const FileEdit &edit, bool again)
{
    const QByteArray path = edit.path.toUtf8();
    switch (edit.kind) {
    case FileEdit::Kind::Write: return workspace.write(path, edit.text);
    case FileEdit::Kind::Replace: {
        OF_TRY(text, workspace.read(path));
        OF_TRY(changed, replaced(edit, std::move(text), again));
        return workspace.write(path, changed);
    }
    case FileEdit::Kind::Patch: {
        OF_TRY(diff, readUnifiedDiff(edit.text, edit.path));
        QByteArray text;
        if (!diff.fromNothing) {
            OF_TRY(there, workspace.read(path));
            text = std::move(there);
        } else if (workspace.read(path)) {
            return fail(ErrorKind::Conflict, QStringLiteral("patch %1").arg(displayable(edit.path)),
                        QStringLiteral("the diff makes a new file, and it is there already"));
        }
        OF_TRY(changed, applyUnifiedDiff(diff, text, edit.path));
        return workspace.write(path, changed);
    }
    case FileEdit::Kind::Delete: return workspace.remove(path);
    case FileEdit::Kind::Executable: return workspace.makeExecutable(path);
    }
    return {};
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/reports.h"

#include "core/base/text.h"

#include <QDir>
#include <QRegularExpression>

namespace openfactory {

ReportPaths::ReportPaths(const QString &workspace, const QString &folder)
    : m_workspace(QDir::cleanPath(workspace)),
      m_folder(folder.isEmpty() ? QString() : QDir::cleanPath(folder) + u'/')
{}

RepoPath ReportPaths::relative(const QString &path) const
{
    if (path.isEmpty() || path.contains(QChar(0)))
        return {};
    QString inside;
    if (path.startsWith(u'/')) {
        const QString clean = QDir::cleanPath(path);
        if (m_workspace.isEmpty() || !clean.startsWith(m_workspace + u'/'))
            return {};
        inside = clean.mid(m_workspace.size() + 1);
    } else {
        inside = QDir::cleanPath(m_folder + path);
    }
    if (inside == QStringLiteral(".") || inside == QStringLiteral("..") || inside.startsWith(QStringLiteral("../")))
        return {};
    return inside.toUtf8();
}

QString plainText(const QByteArray &bytes)
{
    static const QRegularExpression commands(
        QStringLiteral("\x1b(?:\\[[0-9;:?]*[ -/]*[@-~]|\\][^\x07\x1b]*(?:\x07|\x1b\\\\)|[()][A-Z0-9])"));
    QString text = QString::fromUtf8(bytes);
    if (text.contains(QChar(0x1b)))
        text.remove(commands);
    return text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
}

QString oneLine(const QString &text, qsizetype most)
{
    const QString line = displayable(text.left(most * 2).simplified());
    return line.size() <= most ? line : line.left(most - 1) + u'\u2026';
}

std::pair<RepoPath, int> placeNamedIn(const QString &text, const ReportPaths &paths)
{
    static const QRegularExpression named(
        QStringLiteral("(?:file://)?((?:/|\\b)[^\\s:()\\[\\]'\"<>,;=]{1,1000}\\.\\w{1,10})[:(](\\d{1,9})\\b"));
    for (auto matches = named.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        if (const RepoPath file = paths.relative(match.captured(1)); !file.isEmpty())
            return {file, match.captured(2).toInt()};
    }
    return {};
}

Severity severityOf(QStringView word, Severity otherwise)
{
    if (word.isEmpty())
        return otherwise;
    const auto is = [&](std::initializer_list<QStringView> words) {
        return std::ranges::any_of(words, [&](QStringView one) { return word.compare(one, Qt::CaseInsensitive) == 0; });
    };
    if (is({u"note", u"info", u"low", u"none"}))
        return Severity::Info;
    return is({u"warning", u"medium", u"style", u"performance", u"portability"}) ? Severity::Warning : Severity::Error;
}

Error reportError(const QString &said)
{
    return Error{ErrorKind::Invalid, QStringLiteral("read report"), said, {}};
}

bool nextToken(QXmlStreamReader &xml, int &depth)
{
    if (xml.atEnd() || xml.hasError())
        return false;
    switch (xml.readNext()) {
    case QXmlStreamReader::DTD:
        // Cobertura files name their DTD, which nobody fetches; declarations inside are an attack (entity bombs, XXE).
        if (!xml.entityDeclarations().isEmpty() || xml.text().contains(u'['))
            xml.raiseError(QStringLiteral("declarations of entities are not accepted"));
        break;
    case QXmlStreamReader::StartElement:
        if (++depth > deepestReport)
            xml.raiseError(QStringLiteral("nested deeper than %1 elements").arg(deepestReport));
        break;
    case QXmlStreamReader::EndElement: --depth; break;
    case QXmlStreamReader::EntityReference: xml.raiseError(QStringLiteral("unknown entities are not accepted")); break;
    default: break;
    }
    return !xml.hasError();
}

Result<void> checkXml(const QXmlStreamReader &xml)
{
    if (!xml.hasError())
        return {};
    return std::unexpected(reportError(
        QStringLiteral("not usable XML in line %1: %2").arg(xml.lineNumber()).arg(oneLine(xml.errorString(), 200))));
}

} // namespace openfactory

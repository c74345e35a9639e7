// SPDX-License-Identifier: Apache-2.0
/// Readers of what tools write. The bytes are hostile: size, depth and the number of findings are bounded, nothing
/// outside them is opened, and a report that is cut short is an error, never a pass. Pure functions.
#pragma once

#include "core/toolchain/languagefile.h"

#include <QXmlStreamReader>

namespace openfactory {

/// What a tool called a path, as a path of the repository.
class ReportPaths {
public:
    /// `workspace` as the command saw it; `folder` is where in it the command ran.
    ReportPaths(const QString &workspace, const QString &folder);
    /// Empty where the path lies outside the workspace.
    RepoPath relative(const QString &path) const;

private:
    QString m_workspace;
    QString m_folder;
};

constexpr qint64 mostReportBytes = 64 * 1024 * 1024;
constexpr int deepestReport = 64;

Result<Report> readJunit(const QByteArray &bytes, const ReportPaths &paths);
Result<Report> readCobertura(const QByteArray &bytes, const ReportPaths &paths);
Result<Report> readCoverageJson(const QByteArray &bytes, const ReportPaths &paths);
Result<Report> readBanditJson(const QByteArray &bytes, const ReportPaths &paths);
/// One JSON object per line; other lines (fatal errors) are read with `text`.
Result<Report> readMypyJson(const QByteArray &bytes, const ReportPaths &paths, const TextReader *text);
/// Lines that are no event (build errors) are read with `text`.
Result<Report> readGoTest(const QByteArray &bytes, const ReportPaths &paths, const TextReader *text);
Result<Report> readTap(const QByteArray &bytes, const ReportPaths &paths);
Result<Report> readLcov(const QByteArray &bytes, const ReportPaths &paths);
/// Go's cover profile; `module` is the path that its file names begin with.
Result<Report> readGoCover(const QByteArray &bytes, const ReportPaths &paths, const QString &module);
Result<Report> readSarif(const QByteArray &bytes, const ReportPaths &paths);
Result<Report> readText(const QByteArray &bytes, const ReportPaths &paths, const TextReader &reader);

/// Text without what a terminal takes for commands (colours) and with "\n" line ends.
QString plainText(const QByteArray &bytes);
/// One line of at most `most` characters without control characters.
QString oneLine(const QString &text, qsizetype most = 2000);
/// The first place of the workspace that a text names as FILE:LINE (also "file:///FILE:LINE"); empty: none.
std::pair<RepoPath, int> placeNamedIn(const QString &text, const ReportPaths &paths);
Severity severityOf(QStringView word, Severity otherwise);
Error reportError(const QString &said);
/// Steps to the next token; false at the end or on an error, which is kept in the reader (checkXml() tells it). Refuses
/// entity declarations and deep nesting.
bool nextToken(QXmlStreamReader &xml, int &depth);
Result<void> checkXml(const QXmlStreamReader &xml);

} // namespace openfactory

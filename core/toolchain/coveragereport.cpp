// SPDX-License-Identifier: Apache-2.0
/// Reports of coverage. Counted file by file; totals of a whole report are not looked at.
#include "core/base/text.h"
#include "core/toolchain/reports.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <map>
#include <set>

namespace openfactory {

namespace {

constexpr size_t mostLinesOfFile = 1'000'000;

/// The distinct line numbers of a JSON array.
Result<std::set<int>> linesIn(const QJsonValue &value)
{
    if (!value.isArray())
        return std::unexpected(reportError(QStringLiteral("a list of lines is missing")));
    std::set<int> lines;
    const QJsonArray array = value.toArray();
    for (const auto &entry : array) {
        const int line = entry.toInt(-1);
        if (line < 0 || lines.size() >= mostLinesOfFile)
            return std::unexpected(reportError(QStringLiteral("a line number is not usable")));
        lines.insert(line);
    }
    return lines;
}

/// `found` says for each line that counts whether it is covered.
void add(Coverage &coverage, const RepoPath &path, const std::map<int, bool> &found)
{
    FileCoverage file;
    file.file = path;
    file.lines = int(found.size());
    for (const auto &[line, covered] : found) {
        file.executable.push_back(line);
        if (covered)
            ++file.covered;
        else
            file.missing.push_back(line);
    }
    coverage.lines += file.lines;
    coverage.covered += file.covered;
    coverage.files.push_back(std::move(file));
}

Report reportOf(Coverage coverage)
{
    std::ranges::sort(coverage.files, {}, &FileCoverage::file);
    Report report;
    report.coverage = std::move(coverage);
    return report;
}

} // namespace

Result<Report> readCoverageJson(const QByteArray &bytes, const ReportPaths &paths)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (!document.isObject() || !document.object().value(QStringLiteral("files")).isObject())
        return std::unexpected(
            reportError(QStringLiteral("not a coverage.py JSON file (%1)").arg(error.errorString())));
    Coverage coverage;
    const QJsonObject files = document.object().value(QStringLiteral("files")).toObject();
    for (auto entry = files.begin(); entry != files.end(); ++entry) {
        const QJsonObject file = entry->toObject();
        OF_TRY(executed, linesIn(file.value(QStringLiteral("executed_lines"))));
        OF_TRY(missing, linesIn(file.value(QStringLiteral("missing_lines"))));
        OF_TRY(excluded, linesIn(file.value(QStringLiteral("excluded_lines")).isUndefined()
                                     ? QJsonValue(QJsonArray())
                                     : file.value(QStringLiteral("excluded_lines"))));
        const RepoPath path = paths.relative(entry.key());
        if (path.isEmpty())
            continue;
        std::map<int, bool> found;
        for (const int line : missing)
            found[line] = false;
        for (const int line : executed) {
            if (!excluded.contains(line))
                found[line] = true;
        }
        add(coverage, path, found);
        // Executed lines hold docstrings, which are no statements: the counts are the tool's.
        const QJsonObject summary = file.value(QStringLiteral("summary")).toObject();
        const int statements = summary.value(QStringLiteral("num_statements")).toInt(-1);
        const int covered = summary.value(QStringLiteral("covered_lines")).toInt(-1);
        if (covered < 0 || statements != covered + int(missing.size()) || covered > int(found.size()))
            return std::unexpected(
                reportError(QStringLiteral("the counts of %1 do not fit its lines").arg(displayPath(path))));
        FileCoverage &counted = coverage.files.back();
        coverage.lines += statements - counted.lines;
        coverage.covered += covered - counted.covered;
        counted.lines = statements;
        counted.covered = covered;
    }
    return reportOf(std::move(coverage));
}

Result<Report> readCobertura(const QByteArray &bytes, const ReportPaths &paths)
{
    QXmlStreamReader xml(bytes);
    xml.setEntityExpansionLimit(0);
    QStringList roots;
    std::map<RepoPath, std::map<int, bool>> hits; // several classes may lie in one file
    std::map<int, bool> *lines = nullptr;
    bool sawRoot = false, inSource = false;
    QString source;
    int depth = 0;
    // A file name is relative to the one of the roots that lies in the workspace.
    const auto pathOf = [&](const QString &name) {
        for (const QString &root : roots) {
            if (const RepoPath path = paths.relative(name.startsWith(u'/') || root.isEmpty() ? name
                                                                                             : root + u'/' + name);
                !path.isEmpty())
                return path;
        }
        return paths.relative(name);
    };
    while (nextToken(xml, depth)) {
        const QStringView name = xml.name();
        if (xml.isStartElement()) {
            if (name == u"coverage")
                sawRoot = true;
            inSource = name == u"source";
            source.clear();
            if (name == u"class") {
                const RepoPath path = pathOf(xml.attributes().value(u"filename").toString());
                lines = path.isEmpty() ? nullptr : &hits[path];
            } else if (name == u"line" && lines) {
                bool okNumber = false, okHits = false;
                const int number = xml.attributes().value(u"number").toInt(&okNumber);
                const double count = xml.attributes().value(u"hits").toDouble(&okHits);
                if (!okNumber || !okHits || number < 0 || lines->size() >= mostLinesOfFile)
                    xml.raiseError(QStringLiteral("a line is not usable"));
                else
                    (*lines)[number] |= count > 0;
            }
        } else if (xml.isCharacters() && inSource) {
            source += xml.text();
        } else if (xml.isEndElement()) {
            if (name == u"source" && roots.size() < 100)
                roots += source.trimmed();
            if (name == u"class")
                lines = nullptr;
            inSource = false;
        }
    }
    OF_CHECK(checkXml(xml));
    if (!sawRoot)
        return std::unexpected(reportError(QStringLiteral("not a Cobertura file: it has no coverage element")));
    Coverage coverage;
    for (const auto &[path, found] : hits)
        add(coverage, path, found);
    return reportOf(std::move(coverage));
}

Result<Report> readLcov(const QByteArray &bytes, const ReportPaths &paths)
{
    struct File {
        std::map<int, bool> lines;
        int records = 0; // a file may come once for each test that ran it
        int found = 0, hit = 0;
    };
    std::map<RepoPath, File> files;
    File outside;
    File *file = nullptr;
    bool ended = false;
    for (const QByteArray &raw : bytes.split('\n')) {
        const QByteArray line = raw.trimmed();
        if (line.startsWith("SF:")) {
            if (file)
                return std::unexpected(reportError(QStringLiteral("a record of it has no end")));
            const RepoPath path = paths.relative(QString::fromUtf8(line.sliced(3)));
            file = path.isEmpty() ? &outside : &files[path];
            ++file->records;
        } else if (file && line.startsWith("LF:")) {
            file->found = line.sliced(3).toInt();
        } else if (file && line.startsWith("LH:")) {
            file->hit = line.sliced(3).toInt();
        } else if (line.startsWith("DA:")) {
            const QList<QByteArray> parts = line.sliced(3).split(',');
            bool okNumber = false, okHits = false;
            const int number = parts.value(0).toInt(&okNumber);
            const double count = parts.value(1).toDouble(&okHits);
            if (!file || !okNumber || !okHits || number < 0 || file->lines.size() >= mostLinesOfFile)
                return std::unexpected(
                    reportError(QStringLiteral("a line is not usable: %1").arg(oneLine(QString::fromUtf8(line), 100))));
            file->lines[number] |= count > 0;
        } else if (line == "end_of_record") {
            ended = ended || file;
            file = nullptr;
        }
    }
    if (file || !ended)
        return std::unexpected(reportError(file ? QStringLiteral("it is cut short: a record has no end")
                                                : QStringLiteral("not an lcov file: it has no record")));
    Coverage coverage;
    for (const auto &[path, told] : files) {
        add(coverage, path, told.lines);
        // llvm counts a line once for each function that it is part of. Its own sums are what people see, where they
        // fit to the lines: as many at least, and no fewer uncovered.
        FileCoverage &counted = coverage.files.back();
        const auto missing = std::int64_t(told.found) - told.hit;
        if (told.records != 1 || told.hit < 0 || told.found > int(mostLinesOfFile) || told.found < counted.lines
            || missing < counted.lines - counted.covered)
            continue;
        coverage.lines += told.found - counted.lines;
        coverage.covered += told.hit - counted.covered;
        counted.lines = told.found;
        counted.covered = told.hit;
    }
    return reportOf(std::move(coverage));
}

Result<Report> readGoCover(const QByteArray &bytes, const ReportPaths &paths, const QString &module)
{
    // "example.org/shop/price.go:12.34,14.2 1 0": from line.column to line.column, statements, count
    static const QRegularExpression form(
        QStringLiteral("^(.+):(\\d{1,7})\\.\\d+,(\\d{1,7})\\.\\d+ (\\d{1,7}) (\\d+)$"));
    const QList<QByteArray> all = bytes.split('\n');
    if (!all.front().startsWith("mode: "))
        return std::unexpected(reportError(QStringLiteral("not a cover profile: it does not begin with its mode")));
    struct File {
        std::map<int, bool> lines;
        std::map<QString, std::pair<int, bool>> blocks; // several packages' tests may count one block
    };
    std::map<RepoPath, File> files;
    qint64 work = 0;
    for (const QByteArray &line : all.sliced(1)) {
        if (line.isEmpty() || line.startsWith("mode: "))
            continue;
        const auto match = form.match(QString::fromUtf8(line));
        const int from = match.captured(2).toInt(), to = match.captured(3).toInt();
        work += to - from + 1;
        if (!match.hasMatch() || to < from || work > 10 * qint64(mostLinesOfFile))
            return std::unexpected(
                reportError(QStringLiteral("a line is not usable: %1").arg(oneLine(QString::fromUtf8(line), 100))));
        const QString name = match.captured(1);
        const bool own = !module.isEmpty() && name.startsWith(module + u'/');
        const RepoPath path = paths.relative(own ? name.mid(module.size() + 1) : name);
        if (path.isEmpty())
            continue;
        File &file = files[path];
        if (match.captured(4).toInt() == 0)
            continue; // an empty function
        const bool ran = match.captured(5) != QStringLiteral("0");
        auto &block = file.blocks[match.captured(0).section(u' ', 0, 0)];
        block = {match.captured(4).toInt(), block.second || ran};
        for (int number = from; number <= to; ++number) {
            // Blocks meet in a line ("if x {"): it is covered when anything on it ran.
            const auto known = file.lines.find(number);
            file.lines[number] = known == file.lines.end() ? ran : known->second || ran;
        }
    }
    Coverage coverage;
    for (const auto &[path, file] : files) {
        add(coverage, path, file.lines);
        // Counted in statements, as Go does; lines tell where they are.
        FileCoverage &counted = coverage.files.back();
        coverage.lines -= counted.lines;
        coverage.covered -= counted.covered;
        counted.lines = counted.covered = 0;
        for (const auto &[place, block] : file.blocks) {
            counted.lines += block.first;
            counted.covered += block.second ? block.first : 0;
        }
        coverage.lines += counted.lines;
        coverage.covered += counted.covered;
    }
    return reportOf(std::move(coverage));
}

} // namespace openfactory

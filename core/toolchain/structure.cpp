// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/structure.h"

#include <QDir>

#include <algorithm>

namespace openfactory {

namespace {

/// What stands before a brace and is longer is no head of a function.
constexpr qsizetype longestHead = 4000;
constexpr size_t mostFunctions = 20'000;
constexpr size_t mostImports = 5000;

/// Line numbers of offsets, asked in any order.
class Lines {
public:
    explicit Lines(const QString &text)
    {
        for (qsizetype at = text.indexOf(u'\n'); at >= 0; at = text.indexOf(u'\n', at + 1))
            m_ends.push_back(at);
    }
    int at(qsizetype offset) const { return int(std::ranges::lower_bound(m_ends, offset) - m_ends.begin()) + 1; }

private:
    std::vector<qsizetype> m_ends;
};

std::vector<SourceFunction> bracedFunctions(const QRegularExpression &match, const QString &code)
{
    struct Open {
        QChar bracket;
        std::optional<size_t> function;
        bool expression = false;
    };
    const Lines lines(code);
    std::vector<SourceFunction> found;
    std::vector<Open> open;
    qsizetype head = 0; // where what stands before the next brace begins
    for (qsizetype at = 0; at < code.size(); ++at) {
        const QChar c = code[at];
        if (c == u'(' || c == u'[') {
            open.push_back({c, {}, false});
        } else if (c == u')' || c == u']') {
            if (!open.empty() && open.back().bracket != u'{')
                open.pop_back();
        } else if (c == u';') {
            if (open.empty() || open.back().bracket == u'{')
                head = at + 1;
        } else if (c == u'{') {
            if (at + 1 < code.size() && code[at + 1] == u'}') { // interface{}, or a body with nothing in it
                ++at;
                continue;
            }
            // Right after a word it is an expression's (C++: m_list{1, 2}), and the head goes on.
            if (at > 0 && (code[at - 1].isLetterOrNumber() || code[at - 1] == u'_' || code[at - 1] == u'>')) {
                open.push_back({c, {}, true});
                continue;
            }
            const bool within = !open.empty() && open.back().bracket != u'{'; // a callback, a literal
            Open brace{c, {}, false};
            if (!within && found.size() < mostFunctions) {
                const qsizetype from = std::max(head, at - longestHead);
                const auto hit = match.match(code.mid(from, at - from));
                if (hit.hasMatch()) {
                    brace.function = found.size();
                    found.push_back({QString::fromUtf8(hit.captured(QStringLiteral("name")).toLatin1()),
                                     lines.at(from + hit.capturedStart(QStringLiteral("name"))), 0});
                }
            }
            open.push_back(brace);
            head = at + 1;
        } else if (c == u'}') {
            while (!open.empty() && open.back().bracket != u'{')
                open.pop_back(); // left open: an error of the text
            bool expression = false;
            if (!open.empty()) {
                expression = open.back().expression;
                if (open.back().function) {
                    SourceFunction &function = found[*open.back().function];
                    function.lines = lines.at(at) - function.line + 1;
                }
                open.pop_back();
            }
            if (!expression)
                head = at + 1;
        }
    }
    std::erase_if(found, [](const SourceFunction &function) { return function.lines == 0; });
    return found;
}

/// C's directives are no code: their words are not heads, and their braces stand for themselves.
QString withoutDirectives(QString code)
{
    bool goesOn = false;
    for (qsizetype at = 0; at < code.size();) {
        const qsizetype found = code.indexOf(u'\n', at);
        const qsizetype end = found < 0 ? code.size() : found;
        const QStringView line = QStringView(code).sliced(at, end - at).trimmed();
        const bool directive = goesOn || line.startsWith(u'#');
        goesOn = directive && line.endsWith(u'\\');
        for (qsizetype i = at; directive && i < end; ++i)
            code[i] = u' ';
        at = end + 1;
    }
    return code;
}

std::vector<SourceFunction> indentedFunctions(const QRegularExpression &match, const Lexis &lexis,
                                              const QByteArray &source)
{
    struct Open {
        size_t function;
        qsizetype indent;
    };
    std::vector<SourceFunction> found;
    std::vector<Open> open;
    Lexer lexer(lexis);
    int number = 0, last = 0; // the last line with something on it
    const auto close = [&](qsizetype indent) {
        while (!open.empty() && open.back().indent >= indent) {
            SourceFunction &function = found[open.back().function];
            function.lines = std::max(1, last - function.line + 1);
            open.pop_back();
        }
    };
    for (const QByteArray &line : source.split('\n')) {
        ++number;
        const bool starts = !lexer.joinsNext();
        const QString kinds = lexer.walk(line);
        const QByteArray text = line.trimmed();
        const bool code = kinds.contains(u'c') && !text.isEmpty() && !text.startsWith('#');
        if (starts && code) {
            qsizetype indent = 0;
            for (; indent < line.size() && (line[indent] == ' ' || line[indent] == '\t'); ++indent) {}
            close(indent);
            const auto hit = match.match(
                QString::fromLatin1(line.first(std::min<qsizetype>(line.size(), longestHead))));
            if (hit.hasMatch() && found.size() < mostFunctions) {
                open.push_back({found.size(), indent});
                found.push_back({QString::fromUtf8(hit.captured(QStringLiteral("name")).toLatin1()), number, 0});
            }
        }
        if (code || !starts)
            last = number;
    }
    close(0);
    return found;
}

QString folderOf(const QString &path)
{
    return path.left(std::max<qsizetype>(0, path.lastIndexOf(u'/')));
}

QString nameOf(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

/// Below a folder; nothing where the path leaves the repository.
std::optional<QString> below(const QString &folder, const QString &path)
{
    const QString whole = QDir::cleanPath(folder.isEmpty() ? path : folder + u'/' + path);
    if (whole == QStringLiteral("..") || whole.startsWith(QStringLiteral("../")) || whole.startsWith(u'/'))
        return std::nullopt;
    return whole == QStringLiteral(".") ? QString() : whole;
}

/// "a::{b, c::d}" as "a::b" and "a::c::d"; bounded.
void expand(const QString &text, QStringList &out)
{
    const qsizetype brace = text.indexOf(u'{');
    if (brace < 0 || out.size() > qsizetype(mostImports)) {
        out += text.simplified();
        return;
    }
    const QString before = text.first(brace);
    int depth = 0;
    qsizetype start = brace + 1;
    for (qsizetype at = brace; at < text.size(); ++at) {
        if (text[at] == u'{')
            ++depth;
        const bool ends = text[at] == u'}' && depth == 1;
        if ((text[at] == u',' && depth == 1) || ends) {
            expand(before + text.mid(start, at - start).trimmed(), out);
            start = at + 1;
        }
        if (text[at] == u'}' && --depth == 0)
            return;
    }
}

/// Resolves the imports of one file.
class Resolver {
public:
    Resolver(const LanguageFile &language, const QString &path, const SourceFiles &files)
        : m_rules(*language.imports),
          m_files(files),
          m_folder(folderOf(path)),
          m_module(moduleOf(path)),
          m_project(projectOf(language, m_folder))
    {
        if (const auto text = language.texts.find(m_rules.strip); text != language.texts.end()) {
            const QString file = m_project.isEmpty() ? text->second.file : m_project + u'/' + text->second.file;
            const auto bytes = files.read(file.toUtf8());
            m_strip = bytes ? text->second.matches.match(QString::fromUtf8(*bytes)).captured(1) : QString();
        }
    }

    /// The unit that is meant; empty where it is none of the repository's.
    RepoPath resolve(const QString &up, const QString &module, const QString &name) const
    {
        QString text = module;
        if (!m_rules.strip.isEmpty()) {
            if (m_strip.isEmpty() || (text != m_strip && !text.startsWith(m_strip + u'/')))
                return {};
            text = text.mid(m_strip.size() + 1);
        }
        QStringList parts = text.split(m_rules.separator, Qt::SkipEmptyParts);
        parts += name.section(QStringLiteral(" as "), 0, 0).split(m_rules.separator, Qt::SkipEmptyParts);
        for (QString &part : parts)
            part = part.section(QStringLiteral(" as "), 0, 0).trimmed();
        // "from . import x" may mean the folder's own file; a path that begins at a root is never shortened to nothing.
        const qsizetype least = !up.isEmpty() && !m_rules.fromModule ? 0 : 1;
        for (int dropped = 0;; ++dropped) {
            for (const QString &base : bases(up, text)) {
                if (const auto unit = fileAt(base, parts.join(u'/')); !unit.isEmpty())
                    return related(unit) ? RepoPath() : unit;
            }
            if (dropped == m_rules.shorten || parts.size() <= least)
                break;
            parts.removeLast();
        }
        return {};
    }

private:
    /// Of a module by its file: "a/b" for a/b.rs and for a/b/mod.rs.
    QString moduleOf(const QString &path) const
    {
        return m_rules.index.contains(nameOf(path)) ? folderOf(path) : path.left(path.lastIndexOf(u'.'));
    }

    bool has(const QString &path) const { return m_files.has(path.toUtf8()); }

    /// The nearest folder above that has a project file.
    QString projectOf(const LanguageFile &language, QString folder) const
    {
        while (true) {
            for (const QString &name : language.projectFiles) {
                if (has(folder.isEmpty() ? name : folder + u'/' + name))
                    return folder;
            }
            if (folder.isEmpty())
                return folder;
            folder = folderOf(folder);
        }
    }

    QStringList bases(const QString &up, const QString &module) const
    {
        if (!up.isEmpty()) {
            const auto levels = up.count(m_rules.up);
            QString folder = m_rules.fromModule ? m_module : m_folder;
            const qsizetype steps = m_rules.fromModule ? levels : levels - 1;
            for (qsizetype i = 0; i < std::min<qsizetype>(steps, 64); ++i)
                folder = folderOf(folder);
            return {folder};
        }
        if (module.startsWith(QStringLiteral("./")) || module.startsWith(QStringLiteral("../")))
            return {m_folder};
        QStringList folders;
        if (m_rules.beside)
            folders += m_folder;
        for (const QString &root : m_rules.roots)
            folders += below(m_project, root).value_or(QString());
        return folders;
    }

    RepoPath fileAt(const QString &base, const QString &path) const
    {
        for (const QString &form : m_rules.to) {
            QString filled = form;
            const qsizetype point = path.lastIndexOf(u'.');
            filled.replace(QStringLiteral("{stem}"), point > path.lastIndexOf(u'/') ? path.first(point) : path);
            filled.replace(QStringLiteral("{path}"), path);
            if (filled.startsWith(u'/'))
                filled.remove(0, 1);
            const auto whole = below(base, filled);
            if (whole && m_rules.folders && m_files.hasBelow(whole->toUtf8()))
                return whole->isEmpty() ? RepoPath(".") : whole->toUtf8();
            if (whole && !m_rules.folders && has(*whole))
                return whole->toUtf8();
        }
        return {};
    }

    /// A module and one within it are one thing to their language.
    bool related(const RepoPath &unit) const
    {
        if (!m_rules.fromModule)
            return false;
        const QString other = moduleOf(QString::fromUtf8(unit));
        return other == m_module || other.isEmpty() || m_module.isEmpty() || other.startsWith(m_module + u'/')
               || m_module.startsWith(other + u'/');
    }

    const ImportRules &m_rules;
    const SourceFiles &m_files;
    QString m_folder;
    QString m_module;
    QString m_project;
    QString m_strip;
};

} // namespace

std::vector<SourceFunction> functionsOf(const LanguageFile &language, const QByteArray &source)
{
    if (!language.lexis || language.functions.pattern().isEmpty() || source.size() > mostSourceBytes)
        return {};
    if (language.lexis->indented)
        return indentedFunctions(language.functions, *language.lexis, source);
    const QString code = codeOf(source, *language.lexis);
    return bracedFunctions(language.functions, language.lexis->name == u"c" ? withoutDirectives(code) : code);
}

RepoPath importUnitOf(const LanguageFile &language, const RepoPath &path)
{
    if (!language.imports || !language.imports->folders)
        return path;
    const qsizetype slash = path.lastIndexOf('/');
    return slash < 0 ? RepoPath(".") : path.first(slash);
}

std::vector<SourceImport> importsOf(const LanguageFile &language, const RepoPath &path, const QByteArray &source,
                                    const SourceFiles &files)
{
    std::vector<SourceImport> found;
    if (!language.lexis || !language.imports || source.size() > mostSourceBytes)
        return found;
    const QString code = codeOf(source, *language.lexis, language.imports->strings);
    const Lines lines(code);
    const Resolver resolver(language, QString::fromUtf8(path), files);
    const RepoPath own = importUnitOf(language, path);
    for (const QRegularExpression &pattern : language.imports->matches) {
        auto hits = pattern.globalMatch(code);
        while (hits.hasNext() && found.size() < mostImports) {
            const auto hit = hits.next();
            const auto group = [&](const char *name) {
                return QString::fromUtf8(hit.captured(QLatin1StringView(name)).toLatin1());
            };
            QStringList modules;
            expand(group("module"), modules);
            QStringList names = QString(group("names")).remove(u'(').remove(u')').split(u',', Qt::SkipEmptyParts);
            names.removeIf([](const QString &name) { return name.trimmed().isEmpty(); });
            if (names.isEmpty())
                names += QString();
            const int line = lines.at(
                hit.capturedStart(hit.hasCaptured(u"module") ? QStringLiteral("module") : QStringLiteral("names")));
            for (const QString &module : modules) {
                for (const QString &name : names) {
                    const RepoPath unit = resolver.resolve(group("up"), module, name.simplified());
                    if (!unit.isEmpty() && unit != own
                        && std::ranges::find(found, unit, &SourceImport::unit) == found.end())
                        found.push_back({unit, line, language.imports->cyclesAreUsual});
                }
            }
        }
    }
    std::ranges::stable_sort(found, {}, &SourceImport::line);
    return found;
}

} // namespace openfactory

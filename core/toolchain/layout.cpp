// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/layout.h"

#include <QDir>
#include <QFile>
#include <QSet>

#include <filesystem>

namespace openfactory {

namespace {

constexpr qsizetype mostFiles = 100'000;
constexpr int deepest = 40;

/// `*` and `?` in the name of a file. By hand: it is asked for every file of a repository.
bool nameMatches(QStringView name, QStringView pattern)
{
    qsizetype n = 0, p = 0, star = -1, resume = 0;
    while (n < name.size()) {
        if (p < pattern.size() && (pattern[p] == u'?' || (pattern[p] == name[n] && pattern[p] != u'*'))) {
            ++n;
            ++p;
        } else if (p < pattern.size() && pattern[p] == u'*') {
            star = p++;
            resume = n;
        } else if (star >= 0) {
            p = star + 1;
            n = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == u'*')
        ++p;
    return p == pattern.size();
}

bool nameMatches(const QString &name, const QStringList &patterns)
{
    return std::ranges::any_of(
        patterns, [&](const QString &pattern) { return nameMatches(QStringView(name), QStringView(pattern)); });
}

QString nameOf(const QString &path)
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

QStringList foldersOf(const QString &path)
{
    QStringList parts = path.split(u'/');
    parts.removeLast();
    return parts;
}

QString topOf(const QString &path)
{
    return path.left(path.indexOf(u'/')); // left(-1) is the whole name
}

/// Names that are not UTF-8 or hold control characters are nothing for a command line, and no tool's report is sure of
/// them.
bool canBeArgument(const QString &path, const QByteArray &bytes)
{
    return path.toUtf8() == bytes
           && std::ranges::none_of(path, [](QChar c) { return c.category() == QChar::Other_Control; });
}

class Classifier {
public:
    explicit Classifier(const LanguageFile &language) : m_language(language) {}

    bool isSource(const QString &path) const { return nameMatches(nameOf(path), m_language.sources); }
    bool isTest(const QString &path) const
    {
        return testFolderAt(path) >= 0 || nameMatches(nameOf(path), m_language.testFiles);
    }
    bool isTestData(const QString &path) const
    {
        const int at = testFolderAt(path);
        const QStringList folders = foldersOf(path);
        return at >= 0 && std::any_of(folders.begin() + at + 1, folders.end(), [&](const QString &folder) {
                   return m_language.testDataFolders.contains(folder);
               });
    }
    bool isAside(const QString &path) const { return m_language.aside.contains(topOf(path)); }
    bool isProduct(const QString &path) const { return isSource(path) && !isTest(path) && !isAside(path); }
    /// Which of the folders above the path is the one of tests; -1: none.
    int testFolderAt(const QString &path) const
    {
        const QStringList folders = foldersOf(path);
        const auto found = std::ranges::find_if(
            folders, [&](const QString &folder) { return m_language.testFolders.contains(folder); });
        return found == folders.end() ? -1 : int(found - folders.begin());
    }

private:
    const LanguageFile &m_language;
};

QStringList integrationOf(const LanguageFile &language, const QStringList &files)
{
    const Classifier is(language);
    QStringList found;
    for (const QString &path : files) {
        if (!is.isSource(path) || !nameMatches(nameOf(path), language.testFiles))
            continue;
        for (const QString &ending : language.integration) {
            const QString bracketed = u'/' + path;
            const qsizetype at = bracketed.indexOf(u'/' + ending + u'/');
            if (at < 0)
                continue;
            const QString folder = path.left(at + ending.size());
            if (!found.contains(folder))
                found += folder;
            break;
        }
    }
    return found;
}

bool ruleHolds(const LanguageFile &language, const FactRule &rule, Settings &settings, const QStringList &files)
{
    const Classifier is(language);
    if (!rule.inTests.pattern().isEmpty()) {
        return std::ranges::any_of(files, [&](const QString &path) {
            return is.isSource(path) && is.isTest(path)
                   && rule.inTests.match(QString::fromUtf8(settings.head(path))).hasMatch();
        });
    }
    if (!rule.folder.isEmpty()) {
        return std::ranges::any_of(
            files, [&](const QString &path) { return path.startsWith(rule.folder + u'/') && is.isSource(path); });
    }
    if (!rule.file.isEmpty()) {
        const auto bytes = settings.file(rule.file);
        return bytes && (rule.matches.pattern().isEmpty() || rule.matches.match(QString::fromUtf8(*bytes)).hasMatch());
    }
    for (const auto &place : language.configs.at(rule.config)) {
        const auto section = settings.section(place.file, place.section);
        if (!section && !(place.whole && settings.file(place.file)))
            continue;
        if (rule.key.isEmpty())
            return true;
        return section && section->contains(rule.key)
               && (rule.matches.pattern().isEmpty()
                   || rule.matches.match(section->value(rule.key).join(u'\n')).hasMatch());
    }
    return false;
}

int valueOf(const LanguageFile &language, const ValueRule &rule, Settings &settings)
{
    for (const auto &place : language.configs.at(rule.config)) {
        const auto section = settings.section(place.file, place.section);
        if (!section)
            continue;
        bool ok = false;
        const int value = section->value(rule.key).join(u'\n').toInt(&ok);
        return ok && value >= 0 && value <= 1'000'000 ? value : rule.otherwise;
    }
    return rule.otherwise;
}

} // namespace

Result<FileList> listFiles(const QString &folder, const QStringList &skip)
{
    namespace fs = std::filesystem;
    FileList list;
    std::error_code code;
    const fs::path root(QFile::encodeName(QDir(folder).absolutePath()).toStdString());
    fs::recursive_directory_iterator entry(root, fs::directory_options::skip_permission_denied, code);
    if (code)
        return std::unexpected(errnoError(code.value(), QStringLiteral("read folder %1").arg(folder)));
    for (; entry != fs::recursive_directory_iterator(); entry.increment(code)) {
        const QByteArray bytes = QByteArray::fromStdString(entry->path().lexically_relative(root).native());
        const QString path = QString::fromUtf8(bytes);
        const bool isFolder = entry->is_directory(code) && !entry->is_symlink(code);
        if (isFolder) {
            const QString name = nameOf(path);
            if (name.startsWith(u'.') || skip.contains(name) || entry.depth() >= deepest)
                entry.disable_recursion_pending();
        } else if (entry->is_regular_file(code) && !entry->is_symlink(code) && canBeArgument(path, bytes)) {
            list.files += path;
        }
        if (list.files.size() >= mostFiles) {
            list.truncated = true;
            break;
        }
    }
    list.files.sort();
    return list;
}

std::vector<Project> projectsOf(const LanguageFile &language, const QStringList &files)
{
    const Classifier is(language);
    const bool each = language.nesting == Nesting::Each;
    bool atRoot = false;
    QStringList nested; // folders with a project file, the topmost ones where not each counts
    for (const QString &path : files) {
        const QString folder = path.left(std::max<qsizetype>(0, path.lastIndexOf(u'/')));
        if (is.isTest(path) || is.isAside(path) || !language.projectFiles.contains(nameOf(path)))
            continue;
        atRoot = atRoot || folder.isEmpty();
        if (folder.isEmpty() || nested.contains(folder)
            || (!each
                && std::ranges::any_of(nested, [&](const QString &other) { return folder.startsWith(other + u'/'); })))
            continue;
        if (!each)
            nested.removeIf([&](const QString &other) { return other.startsWith(folder + u'/'); });
        nested += folder;
    }
    if (atRoot && language.nesting == Nesting::Inside)
        nested.clear();
    std::vector<Project> projects;
    Project rest{{}, {}, !(each && atRoot)};
    for (const QString &folder : nested)
        projects.push_back({folder, {}, false});
    std::ranges::stable_sort(projects, std::greater(), // the deepest owner is asked first
                             [](const Project &project) { return project.folder.count(u'/'); });
    for (const QString &path : files) {
        const auto owner = std::ranges::find_if(
            projects, [&](const Project &project) { return path.startsWith(project.folder + u'/'); });
        if (owner == projects.end())
            rest.files += path;
        else
            owner->files += path.mid(owner->folder.size() + 1);
    }
    std::erase_if(projects, [&](const Project &project) { return !holdsSources(language, project.files); });
    std::ranges::sort(projects, {}, &Project::folder);
    const bool rootIsProduct = !each && std::ranges::any_of(rest.files, [&](const QString &path) {
        return is.isProduct(path);
    });
    if (projects.empty() || rootIsProduct)
        return {{{}, files, false}};
    if (holdsSources(language, rest.files))
        projects.push_back(rest);
    return projects;
}

bool isTest(const LanguageFile &language, const QString &path)
{
    return Classifier(language).isTest(path);
}

bool holdsSources(const LanguageFile &language, const QStringList &files)
{
    return std::ranges::any_of(files, [&](const QString &path) { return Classifier(language).isSource(path); });
}

QStringList sourcesOf(const LanguageFile &language, const QStringList &files)
{
    const Classifier is(language);
    QSet<QString> conventional;
    QSet<QString> tops;
    for (const QString &path : files) {
        if (!is.isProduct(path))
            continue;
        const QString top = topOf(path);
        if (top != path && language.sourceFolders.contains(top))
            conventional.insert(top);
        tops.insert(top);
    }
    QStringList sources = (conventional.isEmpty() ? tops : conventional).values();
    sources.sort();
    return sources;
}

QStringList testFoldersOf(const LanguageFile &language, const QStringList &files)
{
    const Classifier is(language);
    QSet<QString> found;
    for (const QString &path : files) {
        if (const int at = is.testFolderAt(path); at >= 0 && is.isSource(path))
            found.insert(foldersOf(path).first(at + 1).join(u'/'));
    }
    QStringList folders = found.values();
    folders.sort();
    return folders;
}

Filling fillingOf(const LanguageFile &language, const QString &workspace, const Project &project,
                  const std::vector<RepoPath> &changed)
{
    const Classifier is(language);
    Filling filling;
    const QStringList sources = sourcesOf(language, project.files);
    const QSet<QString> files(project.files.begin(), project.files.end());
    const QByteArray prefix = project.folder.isEmpty() ? QByteArray() : project.folder.toUtf8() + '/';
    QStringList touched;
    for (const RepoPath &bytes : changed) {
        const QString path = QString::fromUtf8(bytes.startsWith(prefix) ? bytes.sliced(prefix.size()) : QByteArray());
        // Only what is there now and is a file: deleted paths and links are nothing to give to a tool.
        if (files.contains(path) && is.isSource(path) && !touched.contains(path))
            touched += path;
    }
    QStringList product;
    QStringList compiled = sources;
    for (const QString &path : touched) {
        if (!is.isTest(path))
            product += path;
        if (!is.isTestData(path) && !compiled.contains(path))
            compiled += path;
    }
    filling.sourceRoot = sources.size() == 1 && !files.contains(sources.first()) ? sources.first()
                                                                                 : QStringLiteral(".");
    filling.lists = {{QStringLiteral("sources"), sources},
                     {QStringLiteral("changed"), touched},
                     {QStringLiteral("changedSources"), product},
                     {QStringLiteral("compiled"), project.leftover ? touched : compiled},
                     {QStringLiteral("integration"), integrationOf(language, project.files)}};
    Settings settings(project.folder.isEmpty() ? workspace : workspace + u'/' + project.folder);
    for (const auto &[name, rules] : language.facts)
        filling.facts[name] = std::ranges::any_of(
            rules, [&](const FactRule &rule) { return ruleHolds(language, rule, settings, project.files); });
    for (const auto &[name, rule] : language.values)
        filling.values[name] = valueOf(language, rule, settings);
    for (const auto &[name, rule] : language.texts) {
        const auto bytes = settings.file(rule.file);
        filling.texts[name] = rule.matches.match(QString::fromUtf8(bytes.value_or(QByteArray()))).captured(1);
    }
    return filling;
}

} // namespace openfactory

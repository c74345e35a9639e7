// SPDX-License-Identifier: Apache-2.0
#include "core/domain/manifest.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

using Pattern = QRegularExpression;

class PackageJson final : public Manifest {
public:
    QStringList read(const QString &line) override
    {
        static const Pattern token(QStringLiteral("\"([^\"]*)\"\\s*:\\s*(?:\"([^\"]*)\"|(\\{))|(\\})"));
        static const Pattern version(QStringLiteral(
            "^(?:[\\^~<>=*]|v?\\d+(?:\\.|$)|latest$|next$|npm:|git|https?:|file:|link:|workspace:|github:)"));
        static const Pattern section(QStringLiteral("^(?:dev|peer|optional|bundled?)?[dD]ependencies$"));
        static const QStringList none{
            QStringLiteral("version"), QStringLiteral("node"),       QStringLiteral("npm"),
            QStringLiteral("yarn"),    QStringLiteral("pnpm"),       QStringLiteral("homepage"),
            QStringLiteral("url"),     QStringLiteral("repository"), QStringLiteral("packageManager")};
        QStringList found;
        for (auto it = token.globalMatch(line); it.hasNext();) {
            const auto match = it.next();
            if (!match.captured(4).isEmpty())
                m_section = Belongs::No; // back in the object around it, which is no list of dependencies
            else if (!match.captured(3).isEmpty())
                m_section = section.match(match.captured(1)).hasMatch() ? Belongs::Yes : Belongs::No;
            else if (m_section == Belongs::Yes
                     || (m_section == Belongs::Unseen && !none.contains(match.captured(1))
                         && version.match(match.captured(2)).hasMatch()))
                found += match.captured(1);
        }
        return found;
    }
    void begin(const QString &) override { m_section = Belongs::Unseen; }

private:
    Belongs m_section = Belongs::Unseen;
};

class GoMod final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        static const Pattern block(QStringLiteral("^(\\w+)\\s*\\($"));
        static const Pattern verb(
            QStringLiteral("^(module|go|toolchain|godebug|tool|exclude|retract|require|replace)\\s+"));
        static const Pattern module(QStringLiteral("^\"?([A-Za-z0-9._~-]+\\.[A-Za-z0-9._~/-]+)\"?\\s+v\\d"));
        const QString line = raw.section(QStringLiteral("//"), 0, 0).trimmed();
        if (const auto match = block.match(line); match.hasMatch()) {
            m_block = match.captured(1);
            return {};
        }
        if (line == u")") {
            m_block.clear();
            return {};
        }
        const auto named = verb.match(line);
        const QString what = named.hasMatch() ? named.captured(1) : m_block;
        if (what == u"exclude" || what == u"retract")
            return {};
        QString declared = named.hasMatch() ? line.mid(named.capturedEnd()) : line;
        if (declared.contains(QStringLiteral("=>")))
            declared = declared.section(QStringLiteral("=>"), 1).trimmed();
        const auto match = module.match(declared);
        return match.hasMatch() ? QStringList{match.captured(1)} : QStringList();
    }
    void begin(const QString &context) override
    {
        m_block.clear();
        read(context);
    }

private:
    QString m_block;
};

/// Cargo.toml and gleam.toml: tables of name = version.
class TableToml final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        static const Pattern heading(QStringLiteral("^\\[{1,2}\\s*(.+?)\\s*\\]{1,2}$"));
        static const Pattern table(QStringLiteral("(?:^|\\.)(?:dev[-_]|build-)?dependencies$"));
        static const Pattern single(
            QStringLiteral("(?:^|\\.)(?:dev[-_]|build-)?dependencies\\.\"?([A-Za-z0-9_-]+)\"?$"));
        static const Pattern pair(QStringLiteral("^\"?([A-Za-z0-9_-]+)\"?(?:\\.\\w+)?\\s*=\\s*(.+)$"));
        static const Pattern version(
            QStringLiteral("^[\"'](?:[\\^~<>=*]|\\d+(?:\\.\\d+|[\"']))|^\\{.*\\b(?:version|git|path|workspace)\\s*="));
        static const QStringList none{QStringLiteral("version"), QStringLiteral("edition"),
                                      QStringLiteral("rust-version"), QStringLiteral("resolver"),
                                      QStringLiteral("gleam")};
        const QString line = withoutComment(raw).trimmed();
        if (const auto match = heading.match(line); match.hasMatch()) {
            const auto name = single.match(match.captured(1));
            m_table = table.match(match.captured(1)).hasMatch() ? Belongs::Yes : Belongs::No;
            return name.hasMatch() ? QStringList{name.captured(1)} : QStringList();
        }
        const auto match = pair.match(line);
        if (!match.hasMatch() || m_table == Belongs::No)
            return {};
        if (m_table == Belongs::Unseen
            && (none.contains(match.captured(1)) || !version.match(match.captured(2)).hasMatch()))
            return {};
        return {match.captured(1)};
    }
    void begin(const QString &) override { m_table = Belongs::Unseen; }

private:
    Belongs m_table = Belongs::Unseen;
};

/// CMakeLists.txt and *.cmake: what is looked for on the host, and what is fetched.
class CMakeFile final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        static const Pattern command(QStringLiteral("^(\\w+)\\s*\\(\\s*(.*)$"));
        static const QStringList named{QStringLiteral("find_package"), QStringLiteral("find_dependency"),
                                       QStringLiteral("fetchcontent_declare"), QStringLiteral("externalproject_add"),
                                       QStringLiteral("cpmaddpackage")};
        static const QStringList stock{QStringLiteral("Threads"), QStringLiteral("PkgConfig")}; // they come with CMake
        QString rest = withoutComment(raw).trimmed();
        if (const auto match = command.match(rest); match.hasMatch()) {
            const QString name = match.captured(1).toLower();
            m_command = named.contains(name) ? Command::Name
                        : name.startsWith(u"pkg_check_modules") || name.startsWith(u"pkg_search_module")
                            ? Command::Modules
                            : Command::None;
            m_words = 0;
            rest = match.captured(2);
        }
        QStringList found;
        if (m_command != Command::None) {
            for (const QString &part : rest.section(u')', 0, 0).split(space(), Qt::SkipEmptyParts)) {
                const QString word = QString(part).remove(u'"');
                const bool wanted = m_command == Command::Name ? m_words == 0 : m_words > 0 && !isOption(word);
                ++m_words;
                const QString name = word.section(version(), 0, 0).section(u'@', 0, 0);
                if (wanted && !name.isEmpty() && !name.contains(u'$') && !stock.contains(name))
                    found += name;
            }
        }
        if (rest.contains(u')'))
            m_command = Command::None;
        return found;
    }
    void begin(const QString &) override { m_command = Command::None; }

private:
    enum class Command { None, Name, Modules };
    static const Pattern &space()
    {
        static const Pattern form(QStringLiteral("\\s+"));
        return form;
    }
    static const Pattern &version()
    {
        static const Pattern form(QStringLiteral("[<>=]"));
        return form;
    }
    static bool isOption(const QString &word) { return word == word.toUpper() && word.size() > 2; }

    Command m_command = Command::None;
    int m_words = 0; ///< of the command that is open
};

/// vcpkg.json: a list of names, or of objects with a name.
class VcpkgJson final : public Manifest {
public:
    QStringList read(const QString &line) override
    {
        static const Pattern token(
            QStringLiteral("\"(dependencies|overrides|features|default-features|supports)\"\\s*:|"
                           "\"name\"\\s*:\\s*\"([^\"]*)\"|\"[^\"]*\"\\s*:\\s*(?:\"[^\"]*\")?|\"([^\"]*)\"|(\\])"));
        QStringList found;
        for (auto it = token.globalMatch(line); it.hasNext();) {
            const auto match = it.next();
            if (!match.captured(1).isEmpty())
                m_list = match.captured(1) == u"dependencies" ? Belongs::Yes : Belongs::No;
            else if (!match.captured(4).isEmpty())
                m_list = Belongs::No;
            else if (const QString name = match.captured(2) + match.captured(3);
                     !name.isEmpty()
                     && (m_list == Belongs::Yes || (m_list == Belongs::Unseen && match.captured(2).isEmpty())))
                found += name;
        }
        return found;
    }
    void begin(const QString &) override { m_list = Belongs::Unseen; }

private:
    Belongs m_list = Belongs::Unseen;
};

/// conanfile.txt: name/version in sections.
class ConanFile final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        static const Pattern package(QStringLiteral("^([A-Za-z0-9_+.-]+)/[^\\s]+$"));
        const QString line = withoutComment(raw).trimmed();
        if (line.startsWith(u'['))
            m_section = line.contains(QStringLiteral("requires")) ? Belongs::Yes : Belongs::No;
        const auto match = package.match(line);
        return match.hasMatch() && m_section != Belongs::No ? QStringList{match.captured(1)} : QStringList();
    }
    void begin(const QString &) override { m_section = Belongs::Unseen; }

private:
    Belongs m_section = Belongs::Unseen;
};

/// In lower case: some file systems take every case for the manifest.
QByteArray nameOf(const RepoPath &path)
{
    return path.mid(path.lastIndexOf('/') + 1).toLower();
}

bool isRequirementsFile(const QByteArray &path, const QByteArray &name)
{
    static const Pattern form(QStringLiteral("^(?:.*[-_.])?requirements(?:[-_.].*)?\\.(?:txt|in|pip)$"));
    return form.match(QString::fromLatin1(name)).hasMatch()
           || (name.endsWith(".txt") && QByteArray("/" + path.toLower()).contains("/requirements/"));
}

} // namespace

QString ecosystemOf(const RepoPath &path)
{
    const QByteArray name = nameOf(path);
    if (name == "pyproject.toml" || name == "pipfile" || name == "setup.cfg" || name == "setup.py"
        || isRequirementsFile(path, name))
        return QStringLiteral("python");
    if (name == "package.json")
        return QStringLiteral("npm");
    if (name == "go.mod")
        return QStringLiteral("go");
    if (name == "cargo.toml")
        return QStringLiteral("cargo");
    if (name == "cmakelists.txt" || name.endsWith(".cmake"))
        return QStringLiteral("cmake");
    if (name == "vcpkg.json")
        return QStringLiteral("vcpkg");
    if (name == "conanfile.txt")
        return QStringLiteral("conan");
    return name == "gleam.toml" ? QStringLiteral("gleam") : QString();
}

std::unique_ptr<Manifest> manifestOf(const RepoPath &path)
{
    const QByteArray name = nameOf(path);
    const QString ecosystem = ecosystemOf(path);
    if (ecosystem.isEmpty())
        return nullptr;
    if (ecosystem == u"python")
        return pythonManifest(name);
    if (ecosystem == u"npm")
        return std::make_unique<PackageJson>();
    if (ecosystem == u"go")
        return std::make_unique<GoMod>();
    if (ecosystem == u"cmake")
        return std::make_unique<CMakeFile>();
    if (ecosystem == u"vcpkg")
        return std::make_unique<VcpkgJson>();
    if (ecosystem == u"conan")
        return std::make_unique<ConanFile>();
    return std::make_unique<TableToml>();
}

} // namespace openfactory

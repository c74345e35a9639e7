// SPDX-License-Identifier: Apache-2.0
// The manifests of Python: pyproject.toml, Pipfile, requirements files, setup.cfg, setup.py.
#include "core/domain/manifest.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

using Pattern = QRegularExpression;

struct Requirement {
    QString name; ///< empty: it is none
    bool versioned = false;
};

/// PEP 508: "name[extra] >= 1; marker", "name @ url".
Requirement requirementOf(const QString &text)
{
    static const Pattern form(QStringLiteral(
        "^\\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\\s*(?:\\[[^\\]]*\\])?\\s*($|[<>=!~;@(,\\\\])"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    return {canonicalPythonName(match.captured(1)),
            match.hasCaptured(2) && !match.captured(2).isEmpty() && match.captured(2) != u";"};
}

/// The strings in quotes of a line, without those that are keys ("name": ...).
QStringList stringsIn(const QString &line)
{
    static const Pattern form(QStringLiteral("(?:\"([^\"]*)\"|'([^']*)')(\\s*:)?"));
    QStringList out;
    for (auto it = form.globalMatch(line); it.hasNext();) {
        const auto match = it.next();
        if (match.capturedLength(3) == 0)
            out += match.captured(1) + match.captured(2); // one of them is empty
    }
    return out;
}

/// The line with its strings emptied: for counting brackets and finding comments.
QString withoutStrings(QString line)
{
    static const Pattern form(QStringLiteral("\"[^\"]*\"|'[^']*'"));
    return line.replace(form, QStringLiteral("\"\""));
}

/// How many more brackets a line opens than it closes.
int opened(const QString &line)
{
    const QString bare = withoutStrings(line);
    return int(bare.count(u'[') + bare.count(u'{') + bare.count(u'(') - bare.count(u']') - bare.count(u'}')
               - bare.count(u')'));
}

QStringList requirements(const QStringList &texts, bool versionedOnly)
{
    QStringList out;
    for (const auto &text : texts) {
        const auto requirement = requirementOf(text);
        if (!requirement.name.isEmpty() && (requirement.versioned || !versionedOnly))
            out += requirement.name;
    }
    return out;
}

class RequirementsFile final : public Manifest {
public:
    QStringList read(const QString &line) override
    {
        static const Pattern comment(QStringLiteral("(^|\\s)#(?!egg=).*$"));
        static const Pattern further(QStringLiteral("^(?:-r\\s*|--requirement[\\s=]+)([^\\s].*)$"));
        static const Pattern editable(QStringLiteral("^(?:-e|--editable)[\\s=]+"));
        static const Pattern url(QStringLiteral("^(?:(?:git|hg|svn|bzr)\\+|https?:|file:|ssh:)"));
        static const Pattern egg(QStringLiteral("#(?:.*&)?egg=([A-Za-z0-9._-]+)"));
        QString text = line.trimmed();
        text.remove(comment);
        if (const auto match = further.match(text); match.hasMatch())
            // One that is known by its name is read itself; what stands in any other brings dependencies in unseen.
            return ecosystemOf(match.captured(1).trimmed().toUtf8()).isEmpty()
                       ? QStringList{match.captured(1).trimmed()}
                       : QStringList();
        text.remove(editable);
        if (url.match(text).hasMatch()) {
            const auto name = egg.match(text);
            return {name.hasMatch() ? canonicalPythonName(name.captured(1)) : text.trimmed()};
        }
        return requirements({text.trimmed()}, false);
    }
    void begin(const QString &) override {}
};

class PythonToml final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        const QString line = withoutComment(raw).trimmed();
        static const Pattern heading(QStringLiteral("^\\[{1,2}\\s*([^\\[\\]\"]+?)\\s*\\]{1,2}$"));
        static const Pattern pair(QStringLiteral("^\"?([A-Za-z0-9_.-]+)\"?\\s*=\\s*(.*)$"));
        static const Pattern single(QStringLiteral("(?:^|\\.)(?:dev-)?dependencies\\.([A-Za-z0-9_-]+)$"));
        if (const auto match = heading.match(line); match.hasMatch() && !m_open) {
            m_section = match.captured(1);
            m_list = Belongs::No;
            const auto name = single.match(m_section);
            return name.hasMatch() && m_section.startsWith(u"tool.poetry")
                       ? QStringList{canonicalPythonName(name.captured(1))}
                       : QStringList();
        }
        if (const auto match = pair.match(line); match.hasMatch() && !m_open)
            return readPair(match.captured(1), match.captured(2));
        if (!m_open && m_list != Belongs::Unseen)
            return {};
        const QStringList found = m_list == Belongs::No ? QStringList()
                                                        : requirements(stringsIn(line), m_list == Belongs::Unseen);
        if (withoutStrings(line).contains(u']')) {
            m_open = false;
            m_list = Belongs::No;
        }
        return found;
    }
    /// The context may name a list that is still open, but not the section it lies in.
    void begin(const QString &context) override
    {
        *this = PythonToml();
        read(context);
        if (!m_open)
            m_list = Belongs::Unseen;
    }

private:
    QStringList readPair(const QString &key, const QString &value)
    {
        static const Pattern tables(QStringLiteral("(?:^|\\.)(?:dev-)?dependencies$|^(?:dev-)?packages$"));
        static const Pattern versionText(QStringLiteral("^[\"'](?:[\\^~<>=*]|\\d)"));
        static const Pattern source(QStringLiteral("^\\{.*\\b(?:version|git|path|url)\\s*="));
        m_list = Belongs::No;
        if (value.startsWith(u'[')) {
            m_list = listBelongs(key);
            m_open = opened(value) > 0;
            const QStringList found = m_list == Belongs::No ? QStringList()
                                                            : requirements(stringsIn(value), m_list == Belongs::Unseen);
            if (!m_open)
                m_list = m_section.isEmpty() ? Belongs::Unseen : Belongs::No;
            return found;
        }
        if (m_section.isEmpty())
            m_list = Belongs::Unseen; // a list may still come whose opening is not in sight
        static const QStringList none{QStringLiteral("python"),          QStringLiteral("version"),
                                      QStringLiteral("requires-python"), QStringLiteral("python_version"),
                                      QStringLiteral("target-version"),  QStringLiteral("fail_under")};
        if (none.contains(key) || key.contains(u'.'))
            return {};
        const bool here = tables.match(m_section).hasMatch();
        static const Pattern caret(QStringLiteral("^[\"'][\\^~<>=]"));
        const bool maybe = m_section.isEmpty() && (caret.match(value).hasMatch() || source.match(value).hasMatch());
        if (here ? (versionText.match(value).hasMatch() || value.startsWith(u'{')) : maybe)
            return {canonicalPythonName(key)};
        return {};
    }
    Belongs listBelongs(const QString &key) const
    {
        static const Pattern always(QStringLiteral(
            "^(?:project\\.)?(?:dependencies|dev-dependencies|(?:optional-dependencies|dependency-groups)\\..*)$"));
        if (always.match(key).hasMatch())
            return Belongs::Yes;
        if (m_section == u"project.optional-dependencies" || m_section == u"dependency-groups"
            || m_section.startsWith(u"tool.pdm.dev-dependencies"))
            return Belongs::Yes;
        if (key == u"requires" && (m_section.isEmpty() || m_section == u"build-system"))
            return Belongs::Yes;
        return m_section.isEmpty() ? Belongs::Unseen : Belongs::No;
    }

    QString m_section; ///< empty: not seen
    Belongs m_list = Belongs::Unseen;
    bool m_open = false; ///< inside a list whose opening was seen
};

class SetupCfg final : public Manifest {
public:
    QStringList read(const QString &line) override
    {
        static const Pattern heading(QStringLiteral("^\\[([^\\]]+)\\]"));
        static const Pattern pair(QStringLiteral("^([A-Za-z0-9_.-]+)\\s*[=:]\\s*(.*)$"));
        static const Pattern comment(QStringLiteral("(^|\\s)[#;].*$"));
        if (const auto match = heading.match(line); match.hasMatch()) {
            m_section = match.captured(1).trimmed();
            m_list = Belongs::No;
            return {};
        }
        QString value = line;
        if (const auto match = pair.match(line); match.hasMatch()) {
            const QString key = match.captured(1);
            const bool named = key == u"install_requires" || key == u"setup_requires" || key == u"tests_require";
            const bool extra = m_section == u"options.extras_require";
            m_list = named || extra ? Belongs::Yes : m_section.isEmpty() ? Belongs::Unseen : Belongs::No;
            value = match.captured(2);
        }
        value.remove(comment);
        return m_list == Belongs::No ? QStringList() : requirements({value.trimmed()}, m_list == Belongs::Unseen);
    }
    void begin(const QString &context) override
    {
        *this = SetupCfg();
        read(context);
    }

private:
    QString m_section;
    Belongs m_list = Belongs::Unseen;
};

class SetupPy final : public Manifest {
public:
    QStringList read(const QString &raw) override
    {
        static const Pattern start(
            QStringLiteral("(?i)\\b\\w*(?:require\\w*|dependenc\\w*|extras\\w*)\\s*[=:]\\s*(?=[\\[({\"'])"));
        static const Pattern alone(QStringLiteral("^\\s*(?:\"[^\"]*\"|'[^']*')\\s*,?\\s*$"));
        QString line = withoutComment(raw);
        bool listed = m_depth > 0;
        if (!listed) {
            const auto match = start.match(line);
            if (match.hasMatch() && !match.captured().contains(u"python_requires")) {
                line = line.mid(match.capturedEnd());
                listed = true;
            }
        }
        if (!listed)
            return alone.match(line).hasMatch() ? requirements(stringsIn(line), true) : QStringList();
        m_depth = std::max(0, m_depth + opened(line));
        return requirements(stringsIn(line), false);
    }
    void begin(const QString &context) override
    {
        *this = SetupPy();
        read(context);
    }

private:
    int m_depth = 0; ///< brackets open since the list began
};

} // namespace

QString canonicalPythonName(const QString &name)
{
    static const Pattern runs(QStringLiteral("[-_.]+"));
    return name.toLower().replace(runs, QStringLiteral("-"));
}

QString withoutComment(const QString &line)
{
    static const Pattern form(QStringLiteral("^((?:[^#\"']|\"[^\"]*\"|'[^']*')*)#.*$"));
    const auto match = form.match(line);
    return match.hasMatch() ? match.captured(1) : line;
}

std::unique_ptr<Manifest> pythonManifest(const QByteArray &name)
{
    if (name == "setup.cfg")
        return std::make_unique<SetupCfg>();
    if (name == "setup.py")
        return std::make_unique<SetupPy>();
    if (name == "pyproject.toml" || name == "pipfile")
        return std::make_unique<PythonToml>();
    return std::make_unique<RequirementsFile>();
}

} // namespace openfactory

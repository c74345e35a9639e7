// SPDX-License-Identifier: Apache-2.0
#include "core/authors/editsanswer.h"

#include "core/base/jsonschema.h"
#include "core/base/text.h"

#include <QFile>
#include <QJsonArray>

#include <algorithm>
#include <set>

static void initializeResources()
{
    Q_INIT_RESOURCE(author_schemas); // a static library's resources have to be asked for; not inside a namespace
}

namespace openfactory {

namespace {

constexpr qsizetype mostEdits = 200;
constexpr qsizetype mostText = 1024 * 1024;
constexpr qsizetype mostSummary = 200;
constexpr qsizetype mostReasons = 10;

using Kind = FileEdit::Kind;

/// What is seen as something else than it is: a text that a compiler reads in another order than a person.
bool isReordering(QChar c)
{
    return (c.unicode() >= 0x202a && c.unicode() <= 0x202e) || (c.unicode() >= 0x2066 && c.unicode() <= 0x2069);
}

class Judge {
public:
    Judge(WorkspaceEdit &workspace, const EditsAnswer &answer, const EditRules &rules)
        : m_workspace(workspace),
          m_answer(answer),
          m_rules(rules)
    {}

    Result<void> judge()
    {
        for (const FileEdit &edit : m_answer.edits) {
            if (const auto why = whyNot(edit))
                refuse(edit, *why);
        }
        // What is written has to be searched as it will lie there, whatever it was put together from.
        for (const FileEdit &edit : m_reasons.isEmpty() ? m_answer.edits : std::vector<FileEdit>()) {
            if (const auto why = whyNotContent(edit))
                refuse(edit, *why);
        }
        if (m_reasons.isEmpty())
            return {};
        const qsizetype more = m_refused - m_reasons.size();
        return fail(ErrorKind::Conflict, QStringLiteral("apply the edits"),
                    m_reasons.join(QStringLiteral("; "))
                        + (more > 0 ? QStringLiteral("; and %1 more").arg(more) : QString()));
    }

private:
    void refuse(const FileEdit &edit, const QString &why)
    {
        if (++m_refused <= mostReasons)
            m_reasons << QStringLiteral("%1 (%2): %3").arg(edit.place, displayable(edit.path.left(200)), why);
    }

    std::optional<QString> whyNot(const FileEdit &edit)
    {
        if (const auto why = whyNoPath(edit.path))
            return QStringLiteral("the path ") + *why;
        if (const auto why = whyOutside(edit.path))
            return why;
        if (const auto why = whyTwice(edit))
            return why;
        if (edit.text.contains('\0') || edit.old.contains('\0'))
            return QStringLiteral("it holds NUL bytes; only text can be written");
        if (std::ranges::any_of(QString::fromUtf8(edit.text), isReordering))
            return QStringLiteral("it holds characters that show text in another order than it is read");
        if (edit.kind == Kind::Replace && (edit.old.isEmpty() || edit.old == edit.text))
            return QStringLiteral("`old` must not be empty, and differ from `text`");
        if (m_rules.masker && m_rules.masker->holdsSecret(edit.text))
            return QStringLiteral("it holds a secret; read secrets from the environment when the program runs");
        const auto before = contentAt(edit.path);
        if (edit.text.contains("[masked]") && !(before && before->contains("[masked]")))
            return QStringLiteral(
                "it holds [masked], which stands for a secret that was not shown; leave such lines out of "
                "the edit, by replace");
        m_before.try_emplace(edit.path, before.value_or(QByteArray()));
        if (edit.kind == Kind::Delete && !before)
            return QStringLiteral("there is no such file to delete");
        if (const auto prepared = prepareEdit(m_workspace, edit, false); !prepared)
            return prepared.error().said;
        return std::nullopt;
    }

    std::optional<QString> whyOutside(const QString &path) const
    {
        const RepoPath bytes = path.toUtf8();
        if (m_rules.contract) {
            ChangeSet change;
            change.files.emplace_back();
            change.files.back().path = change.files.back().oldPath = bytes;
            const auto breaches = boundaryBreaches(*m_rules.contract, change);
            if (!breaches.empty())
                return breaches.front().message;
        }
        if (m_rules.ticket && std::ranges::none_of(m_rules.ticket->files, [&](const QString &pattern) {
                return matchesGlob(bytes, pattern);
            }))
            return QStringLiteral("it is none of the ticket's files (%1)")
                .arg(displayable(m_rules.ticket->files.join(QStringLiteral(", "))).left(300));
        return std::nullopt;
    }

    /// Several replacements of a file are fine, and so is to make executable what is written.
    std::optional<QString> whyTwice(const FileEdit &edit)
    {
        auto &kinds = m_kinds[edit.path];
        const bool fine = std::ranges::all_of(kinds, [&](Kind earlier) {
            return earlier != edit.kind ? earlier != Kind::Delete && edit.kind != Kind::Delete
                                              && (earlier == Kind::Executable || edit.kind == Kind::Executable)
                                        : edit.kind == Kind::Replace;
        });
        kinds.insert(edit.kind);
        return fine ? std::nullopt
                    : std::optional(
                          QStringLiteral("the file has another edit already; give it one edit, or replacements "
                                         "only"));
    }

    std::optional<QString> whyNotContent(const FileEdit &edit)
    {
        if (!m_rules.secretScan || edit.kind == Kind::Delete || edit.kind == Kind::Executable
            || !m_scanned.insert(edit.path).second)
            return std::nullopt;
        const auto now = contentAt(edit.path);
        if (!now)
            return std::nullopt;
        if (m_rules.masker && m_rules.masker->holdsSecret(*now) && !m_rules.masker->holdsSecret(m_before[edit.path]))
            return QStringLiteral("together with what lies there it makes up a secret");
        const RepoPath path = edit.path.toUtf8();
        const auto found = m_rules.secretScan->scanContent(path, *now);
        const auto known = m_rules.secretScan->scanContent(path, m_before[edit.path]);
        if (found.size() <= known.size())
            return std::nullopt;
        return QStringLiteral(
                   "it adds what looks like a secret (%1); read secrets from the environment when the program "
                   "runs")
            .arg(displayable(found.front().message.left(120)));
    }

    std::optional<QByteArray> contentAt(const QString &path) const
    {
        const auto content = m_workspace.read(path.toUtf8());
        return content ? std::optional(*content) : std::nullopt;
    }

    WorkspaceEdit &m_workspace;
    const EditsAnswer &m_answer;
    const EditRules &m_rules;
    QStringList m_reasons;
    qsizetype m_refused = 0;
    std::map<QString, std::set<Kind>> m_kinds;
    std::map<QString, QByteArray> m_before;
    std::set<QString> m_scanned;
};

std::optional<Kind> kindFrom(const QString &name)
{
    const std::pair<QStringView, Kind> kinds[] = {{u"write", Kind::Write},
                                                  {u"replace", Kind::Replace},
                                                  {u"patch", Kind::Patch},
                                                  {u"delete", Kind::Delete},
                                                  {u"executable", Kind::Executable}};
    for (const auto &[known, kind] : kinds) {
        if (name == known)
            return kind;
    }
    return std::nullopt;
}

} // namespace

QByteArray editsSchema()
{
    initializeResources();
    QFile file(QStringLiteral(":/openfactory/schemas/edits.schema.json"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Result<EditsAnswer> readEditsAnswer(const QByteArray &json)
{
    const auto refuse = [](const QString &why) {
        return fail(ErrorKind::Invalid, QStringLiteral("read the edits"), why);
    };
    static const auto schema = JsonSchema::compile(editsSchema(), QStringLiteral("edits"));
    if (!schema)
        return std::unexpected(schema.error());
    OF_TRY(read, schema->read(json));
    EditsAnswer answer;
    const QString summary = read[QStringLiteral("summary")].toString().trimmed();
    // It becomes a line of a commit message, whose trailers the engine trusts.
    if (summary.isEmpty() || summary.size() > mostSummary || displayable(summary) != summary)
        return refuse(QStringLiteral("/summary: it must be one line of 1 to %1 visible characters").arg(mostSummary));
    answer.summary = summary;
    const QJsonArray edits = read[QStringLiteral("edits")].toArray();
    if (edits.size() > mostEdits)
        return refuse(QStringLiteral("/edits: %1 edits, %2 are the most").arg(edits.size()).arg(mostEdits));
    for (qsizetype i = 0; i < edits.size(); ++i) {
        FileEdit edit;
        edit.place = QStringLiteral("edits[%1]").arg(i);
        edit.kind = kindFrom(edits[i][QStringLiteral("kind")].toString()).value_or(Kind::Write);
        edit.path = edits[i][QStringLiteral("path")].toString();
        edit.text = edits[i][QStringLiteral("text")].toString().toUtf8();
        edit.old = edits[i][QStringLiteral("old")].toString().toUtf8();
        if (edit.text.size() > mostText || edit.old.size() > mostText)
            return refuse(QStringLiteral("/edits/%1: its text is larger than %2 bytes").arg(i).arg(mostText));
        answer.edits.push_back(std::move(edit));
    }
    return answer;
}

Result<void> prepareAnswer(WorkspaceEdit &workspace, const EditsAnswer &answer, const EditRules &rules)
{
    return Judge(workspace, answer, rules).judge();
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/engine/draft.h"

#include "core/base/file.h"
#include "core/base/strictyaml.h"
#include "core/base/text.h"
#include "core/domain/document.h"
#include "core/domain/planning.h"

#include <QFileInfo>
#include <QJsonDocument>

#include <ranges>

namespace openfactory {

namespace {

constexpr auto kSpec = R"(# What the job is to reach. Write it, then: factory retry (or factory run) goes on.
# The form: resources/schemas/spec.schema.json; factory show says what was wrong with it.
scope:
  - ""
non_goals: []
assumptions: []
acceptance_criteria:
  - id: AC-1
    text: ""
constraints: []
risks: []
)";

constexpr auto kArchitecture =
    R"(# How the repository will meet the spec. Write it, then: factory retry (or factory run) goes on.
# The form: resources/schemas/architecture.schema.json; a file's state is exists or new, a folder ends in /.
components:
  - name: ""
    purpose: ""
    files:
      - path: ""
        state: exists
data_flow:
  - ""
interfaces: []
storage: []
test_strategy:
  - ""
)";

constexpr auto kTickets =
    R"(# The pieces of work, each small enough for one change. Write them, then: factory retry (or factory run) goes on.
# The form: resources/schemas/tickets.schema.json. Every acceptance criterion is covered by a ticket.
tickets:
  - number: 1
    name: first-part
    goal: ""
    files: []        # patterns of what the change may touch: src/cart.py, tests/**
    commands: []     # beside those of the language and the contract
    tests: []        # - {name: "tests/test_cart.py::test_total", fails_before: true}
    done:
      - ""
    criteria: [AC-1]
    depends_on: []
)";

/// The same text has the same digest, whoever wrote it.
QString digestOf(const QByteArray &bytes)
{
    return QString::fromLatin1(sha256Hex(bytes));
}

Result<QByteArray> jsonOf(const QByteArray &yaml, const QString &path)
{
    OF_TRY(node, yaml::parse(yaml, path));
    OF_TRY(value, yaml::toJson(node));
    if (!value.isObject())
        return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(path), QStringLiteral("it is no mapping"));
    return QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact);
}

} // namespace

Result<QByteArray> soundDocument(StageKind kind, const QByteArray &yaml, const QString &path)
{
    constexpr size_t mostNamed = 5;
    if (yaml.size() > mostDocumentBytes)
        return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(path),
                    QStringLiteral("it is larger than %1 bytes").arg(mostDocumentBytes));
    OF_TRY(json, jsonOf(yaml, path));
    const std::vector<Finding> faults = kind == StageKind::Spec           ? readSpec(json).faults
                                        : kind == StageKind::Architecture ? readArchitecture(json).faults
                                                                          : readTickets(json).faults;
    if (faults.empty())
        return json;
    QStringList named;
    for (const Finding &fault : faults | std::views::take(mostNamed))
        named << fault.message;
    return fail(ErrorKind::Invalid, QStringLiteral("read %1").arg(path), named.join(QStringLiteral("; ")),
                QStringLiteral("mend that; resources/schemas has the form"));
}

QByteArray draftTemplate(StageKind kind)
{
    return kind == StageKind::Spec ? kSpec : kind == StageKind::Architecture ? kArchitecture : kTickets;
}

Draft::Draft(const JobFolder &folder, const Job &job, StageKind kind)
    : m_path(folder.path()
             + (kind == StageKind::Spec           ? QStringLiteral("/drafts/SPEC.yaml")
                : kind == StageKind::Architecture ? QStringLiteral("/drafts/ARCHITECTURE.yaml")
                                                  : QStringLiteral("/drafts/TICKETS.yaml"))),
      m_slug(job.slug().text()),
      m_kind(kind)
{}

bool Draft::isThere() const
{
    return QFileInfo::exists(m_path);
}

Result<void> Draft::write(const QByteArray &yaml) const
{
    return writeFileAtomically(m_path, yaml);
}

Result<QByteArray> Draft::json() const
{
    OF_TRY(bytes, readSmallFile(m_path, mostDocumentBytes));
    return jsonOf(bytes, m_path);
}

Result<DocumentAnswer> Draft::read(const std::optional<Verdict> &failure) const
{
    DocumentAnswer answer;
    const auto wait = [&](const QString &what) {
        answer.kind = DocumentAnswer::Kind::Wait;
        answer.awaited = QStringLiteral("%1 in %2 (then factory retry -s %3)").arg(what, m_path, m_slug);
        return answer;
    };
    const QString name = toName(m_kind);
    if (!isThere())
        OF_CHECK(write(draftTemplate(m_kind)));
    const auto bytes = readSmallFile(m_path, mostDocumentBytes);
    if (!bytes && bytes.error().kind != ErrorKind::Invalid)
        return std::unexpected(bytes.error());
    if (bytes && *bytes == draftTemplate(m_kind))
        return wait(QStringLiteral("the %1, written").arg(name));
    answer.kind = DocumentAnswer::Kind::Written;
    const auto read = json();
    answer.document = read ? *read : bytes.value_or(toText(bytes ? read.error() : bytes.error()).toUtf8());
    if (!read)
        answer.fault = toText(read.error());
    if (failure && failure->facts[QStringLiteral("document")].toString() == digestOf(answer.document))
        return wait(QStringLiteral("the %1, mended (%2),").arg(name, failure->summary));
    return answer;
}

} // namespace openfactory

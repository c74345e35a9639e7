// SPDX-License-Identifier: Apache-2.0
#include "core/stages/handlers.h"
#include "core/stages/markdown.h"

#include <QDir>
#include <QFileInfo>

namespace openfactory {

namespace {

constexpr qint64 kLeastFree = 256LL * 1024 * 1024; ///< bytes; below it a job is likely to be paused on the way

/// One line of the report.
struct Line {
    enum class State { Good, Warning, Bad } state = State::Good;
    QString name;
    QString said;
    QString fix;
};

/// What a job needs of its surroundings, looked at before anything is asked of anybody.
class Looks {
public:
    explicit Looks(StageContext &context) : m_context(context), m_job(context.job()) {}

    Result<std::vector<Line>> all()
    {
        sandbox();
        OF_CHECK(tools());
        compose();
        secrets();
        OF_CHECK(forge());
        disk();
        author();
        return m_lines;
    }

private:
    void good(const QString &name, const QString &said) { m_lines.push_back({Line::State::Good, name, said, {}}); }
    void warn(const QString &name, const QString &said, const QString &fix)
    {
        m_lines.push_back({Line::State::Warning, name, said, fix});
    }
    void bad(const QString &name, const QString &said, const QString &fix)
    {
        m_lines.push_back({Line::State::Bad, name, said, fix});
    }

    void sandbox()
    {
        const QStringList layers = m_context.sandboxLayers();
        if (layers.isEmpty())
            bad(QStringLiteral("sandbox"), QStringLiteral("commands would run with no sandbox at all"),
                QStringLiteral("factory doctor says what is missing"));
        else
            good(QStringLiteral("sandbox"), layers.join(QStringLiteral(", ")));
    }

    /// The programs of the stages that this job runs.
    Result<void> tools()
    {
        QStringList missing;
        QStringList optional;
        int found = 0;
        for (const StageDefinition &stage : m_context.pipeline().stages) {
            if (!takesCommand(stage.kind) || !stage.command.isEmpty())
                continue;
            const auto plan = m_context.toolchains().plan(m_context.toolchain(), stage.kind, m_context.workspace().path,
                                                          m_context.reportsInside(), {});
            if (!plan)
                return std::unexpected(plan.error());
            for (const PlannedCommand &command : plan->commands) {
                if (m_context.hasProgram(command.needed()))
                    ++found;
                else if (command.optional || stage.failure == FailureClass::Soft)
                    optional += QStringLiteral("%1 for %2 (%3)").arg(command.program, stage.name, command.howToInstall);
                else
                    missing += QStringLiteral("%1 for %2 (%3)").arg(command.program, stage.name, command.howToInstall);
            }
        }
        optional.removeDuplicates();
        missing.removeDuplicates();
        const QString name = QStringLiteral("tools of ") + m_context.toolchain().language;
        if (!missing.isEmpty())
            bad(name, QStringLiteral("missing: ") + missing.join(QStringLiteral("; ")),
                QStringLiteral("install what is named in brackets"));
        if (!optional.isEmpty())
            warn(name, QStringLiteral("missing: ") + optional.join(QStringLiteral("; ")),
                 QStringLiteral("install it, or the stage becomes the risk \"not measured\""));
        if (missing.isEmpty())
            good(name, counted(found, QStringLiteral("command")) + QStringLiteral(" have their program"));
        return {};
    }

    /// A compose file asks for somebody who can bring its services up.
    void compose()
    {
        const QDir folder(m_context.workspace().path);
        QStringList names = folder.entryList({QStringLiteral("compose.yaml"), QStringLiteral("compose.yml"),
                                              QStringLiteral("docker-compose.yaml"),
                                              QStringLiteral("docker-compose.yml")},
                                             QDir::Files);
        const QString name = QStringLiteral("compose");
        if (names.isEmpty())
            return good(name, QStringLiteral("there is no compose file: the language's integration tests are run"));
        for (const auto *program : {"podman-compose", "docker-compose", "docker"}) {
            if (m_context.hasProgram(QString::fromLatin1(program)))
                return good(name, QStringLiteral("%1, with %2").arg(names.front(), QString::fromLatin1(program)));
        }
        warn(name, QStringLiteral("%1 is there, and no program to bring its services up").arg(names.front()),
             QStringLiteral("install podman-compose"));
    }

    void secrets()
    {
        QStringList missing;
        for (const QString &secret : m_context.contract().secrets) {
            if (const auto readable = m_context.secretReadable(secret); !readable)
                missing += secret;
        }
        const QString name = QStringLiteral("secrets");
        if (!missing.isEmpty())
            bad(name, QStringLiteral("cannot be read: ") + missing.join(QStringLiteral(", ")),
                QStringLiteral("put each into a file of its name under secrets/ of the data directory, readable by "
                               "you alone"));
        else if (m_context.contract().secrets.isEmpty())
            good(name, QStringLiteral("the contract names none"));
        else
            good(name, QStringLiteral("%1 can be read").arg(m_context.contract().secrets.join(QStringLiteral(", "))));
    }

    /// Only where the pipeline goes to one.
    Result<void> forge()
    {
        const QString name = QStringLiteral("forge");
        if (!m_context.pipeline().indexOf(StageKind::PullRequest)) {
            good(name, QStringLiteral("the pipeline has no pull request"));
            return {};
        }
        const auto reached = m_context.forge();
        const auto facts = reached ? (*reached)->facts(m_job.identity.target, m_context.stop())
                                   : std::unexpected(reached.error());
        if (!facts && facts.error().kind == ErrorKind::Cancelled)
            return std::unexpected(facts.error());
        if (!facts) {
            bad(name, toText(facts.error()), facts.error().hint);
            return {};
        }
        if (!facts->canPush)
            bad(name, QStringLiteral("nothing may be pushed to %1").arg(facts->name),
                QStringLiteral("give the token the right to write contents and pull requests"));
        else
            good(name, facts->name);
        if (const auto pushable = checkPushable(m_job.identity.branch, m_job.identity.target, facts->protectedBranches);
            !pushable)
            bad(QStringLiteral("branch"), toText(pushable.error()), pushable.error().hint);
        else
            good(QStringLiteral("branch"), QStringLiteral("%1 may be pushed").arg(m_job.identity.branch));
        if (!facts->scopesTooWide.isEmpty())
            bad(QStringLiteral("token"),
                QStringLiteral("it may do what no job needs: ")
                    + displayable(facts->scopesTooWide.join(QStringLiteral(", ")).left(300)),
                QStringLiteral("make a token with the permissions of docs/forges.md"));
        requiredCheck(*facts);
        return {};
    }

    void requiredCheck(const ForgeFacts &facts)
    {
        const QString name = QStringLiteral("required check");
        const QString wanted = requiredCheckName();
        QStringList known;
        for (const RequiredCheck &check : facts.required)
            known += displayable(check.name.left(100));
        if (known.contains(wanted))
            good(name, QStringLiteral("%1 is required on %2").arg(wanted, m_job.identity.target));
        else if (facts.requiredKnown)
            bad(name,
                known.isEmpty() ? QStringLiteral("no check is required on %1").arg(m_job.identity.target)
                                : QStringLiteral("required on %1: %2; %3 is not among them")
                                      .arg(m_job.identity.target, known.join(QStringLiteral(", ")), wanted),
                QStringLiteral("require the check %1 in the branch protection of %2")
                    .arg(wanted, m_job.identity.target));
        else
            warn(name, QStringLiteral("the forge does not let us read what it requires"),
                 QStringLiteral("give the token the right to read the repository's administration; the job waits for "
                                "%1 all the same")
                     .arg(wanted));
    }

    void disk()
    {
        const qint64 free = m_context.freeBytes();
        const QString said = free < 0 ? QStringLiteral("unknown")
                                      : QStringLiteral("%1 MiB free").arg(free / (1024 * 1024));
        if (free >= 0 && free < kLeastFree)
            bad(QStringLiteral("disk"), said, QStringLiteral("free some space in the data directory"));
        else
            good(QStringLiteral("disk"), said);
    }

    void author()
    {
        const QString name = QStringLiteral("author");
        if (const auto ready = m_context.authorReady(); !ready)
            bad(name, toText(ready.error()), ready.error().hint);
        else
            good(name, toName(m_job.identity.author));
    }

    StageContext &m_context;
    const Job &m_job;
    std::vector<Line> m_lines;
};

QString stateText(Line::State state)
{
    switch (state) {
    case Line::State::Good: return QStringLiteral("good");
    case Line::State::Warning: return QStringLiteral("warning");
    case Line::State::Bad: return QStringLiteral("missing");
    }
    return {};
}

QByteArray report(const Job &job, const std::vector<Line> &lines)
{
    QString text = QStringLiteral("# Preflight report\n\nJob %1, repository %2, target %3.\n\n"
                                  "| check | state | found | what to do |\n|---|---|---|---|\n")
                       .arg(markdown::code(job.id().text()), markdown::code(job.identity.repository),
                            markdown::code(job.identity.target));
    for (const Line &line : lines)
        text += QStringLiteral("| %1 | %2 | %3 | %4 |\n")
                    .arg(line.name, stateText(line.state), markdown::cell(line.said),
                         line.fix.isEmpty() ? QString() : markdown::cell(line.fix));
    return text.toUtf8();
}

/// Looks at everything that the job needs from outside, before anybody's time or money is spent.
class Preflight : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(lines, Looks(context).all());
        OF_CHECK(context.keepArtifact(QStringLiteral("PREFLIGHT_REPORT.md"), report(context.job(), lines)));
        Verdict verdict;
        for (const Line &line : lines) {
            if (line.state == Line::State::Good)
                continue;
            Finding finding;
            finding.tool = QStringLiteral("preflight");
            finding.rule = line.name;
            finding.severity = line.state == Line::State::Bad ? Severity::Error : Severity::Warning;
            finding.message = line.said;
            finding.suggestion = line.fix;
            verdict.findings.push_back(finding);
        }
        const auto bad = std::ranges::count(lines, Line::State::Bad, &Line::state);
        std::ranges::stable_sort(verdict.findings, std::ranges::greater(), &Finding::severity);
        verdict.outcome = bad > 0 ? Outcome::Failed : Outcome::Passed;
        verdict.summary = bad > 0 ? QStringLiteral("%1 of %2 checks failed: %3")
                                        .arg(bad)
                                        .arg(lines.size())
                                        .arg(verdict.findings.front().rule)
                                  : QStringLiteral("%1 checks passed").arg(lines.size());
        return verdict;
    }
};

} // namespace

std::unique_ptr<StageHandler> makePreflight()
{
    return std::make_unique<Preflight>();
}

} // namespace openfactory

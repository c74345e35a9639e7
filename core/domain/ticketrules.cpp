// SPDX-License-Identifier: Apache-2.0
// The rules for tickets of planning.h.
#include "core/base/text.h"
#include "core/domain/allowlist.h"
#include "core/domain/planning.h"

#include <algorithm>
#include <map>
#include <set>

namespace openfactory {

namespace {

/// Two paths that a pattern matches, the shortest way and a deeper one. What a ticket may touch is judged on the change
/// itself; this tells a plan that cannot hold before anybody works on it.
std::vector<RepoPath> samplesOf(const QString &pattern)
{
    std::vector<RepoPath> samples;
    for (const char *deep : {"", "x/x/"}) {
        RepoPath path;
        const RepoPath bytes = pattern.toUtf8();
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            const QByteArrayView rest = QByteArrayView(bytes).sliced(i);
            if (rest.startsWith("**/")) {
                path += deep;
                i += 2;
            } else if (rest.startsWith("**")) {
                path += QByteArray(deep) + 'x';
                ++i;
            } else if (bytes[i] == '*' || bytes[i] == '?') {
                path += 'x';
            } else if (bytes[i] == '[' && rest.size() > 2 && bytes.indexOf(']', i + 2) > 0) {
                path += bytes[i + 1] == '!' || bytes[i + 1] == '^' ? '_' : bytes[i + 1];
                i = bytes.indexOf(']', i + 2);
            } else {
                i += bytes[i] == '\\' && i + 1 < bytes.size();
                path += bytes[i];
            }
        }
        if (path.endsWith('/'))
            path += 'x';
        if (matchesGlob(path, pattern) && !std::ranges::contains(samples, path))
            samples.push_back(std::move(path));
    }
    return samples;
}

class Rules {
public:
    Rules(const std::vector<Ticket> &tickets, const Spec &spec, const Contract &contract)
        : m_tickets(tickets),
          m_spec(spec),
          m_contract(contract)
    {}

    std::vector<Finding> judge()
    {
        judgeNumbers();
        for (size_t i = 0; i < m_tickets.size(); ++i) {
            judgeFiles(i);
            judgeCommands(i);
            judgeCriteria(i);
        }
        judgeOrder();
        judgeCover();
        return std::move(m_found);
    }

private:
    void add(const char *rule, size_t ticket, const QString &key, const QString &said, const QString &suggestion = {})
    {
        m_found.push_back(documentFault(QString::fromLatin1(rule),
                                        QStringLiteral("/tickets/%1/%2").arg(ticket).arg(key), said, suggestion));
    }

    void judgeNumbers()
    {
        std::set<QString> names;
        for (size_t i = 0; i < m_tickets.size(); ++i) {
            if (m_tickets[i].number != int(i) + 1)
                add("numbers", i, QStringLiteral("number"),
                    QStringLiteral("%1, where %2 is next").arg(m_tickets[i].number).arg(i + 1),
                    QStringLiteral("number the tickets 1, 2, 3, ..."));
            if (!names.insert(m_tickets[i].name).second)
                add("unique", i, QStringLiteral("name"), QStringLiteral("%1 was given before").arg(m_tickets[i].name));
            std::set<QString> tests;
            for (const RequiredTest &test : m_tickets[i].tests) {
                if (!tests.insert(test.name).second)
                    add("unique", i, QStringLiteral("tests"), QStringLiteral("%1 is named twice").arg(test.name));
            }
        }
    }

    void judgeFiles(size_t i)
    {
        for (const QString &pattern : m_tickets[i].files) {
            if (const QString wrong = patternFault(pattern); !wrong.isEmpty())
                add("files", i, QStringLiteral("files"), wrong,
                    QStringLiteral("keep to what the contract opens: %1")
                        .arg(m_contract.allowedFiles.join(QStringLiteral(", "))));
        }
    }

    QString patternFault(const QString &pattern) const
    {
        if (const QString wrong = globFault(pattern); !wrong.isEmpty())
            return wrong;
        const auto samples = samplesOf(pattern);
        if (samples.empty())
            return QStringLiteral("%1 matches no path").arg(pattern);
        const bool literal = samples.size() == 1 && samples.front() == pattern.toUtf8();
        for (const RepoPath &path : samples) {
            if (isProtectedPath(path)
                || (!m_contract.ownFile.isEmpty() && path.toLower() == m_contract.ownFile.toUtf8().toLower()))
                return QStringLiteral("%1 is protected: no job may touch it").arg(pattern);
            const auto matches = [&](const QString &one) { return matchesGlob(path, one); };
            if (std::ranges::none_of(m_contract.allowedFiles, matches))
                return QStringLiteral("%1 goes beyond the contract's allowed_files").arg(pattern);
            if (literal && std::ranges::any_of(m_contract.forbiddenFiles, matches))
                return QStringLiteral("%1 is in the contract's forbidden_files").arg(pattern);
        }
        return {};
    }

    void judgeCommands(size_t i)
    {
        for (const QString &command : m_tickets[i].commands) {
            const auto words = splitPattern(command);
            if (!words) {
                add("commands", i, QStringLiteral("commands"), words.error().said, words.error().hint);
                continue;
            }
            if (const auto sound = checkPattern({*words}); !sound)
                add("commands", i, QStringLiteral("commands"),
                    QStringLiteral("%1: %2").arg(command, sound.error().said), sound.error().hint);
        }
    }

    void judgeCriteria(size_t i)
    {
        for (const QString &id : m_tickets[i].criteria) {
            if (!std::ranges::contains(m_spec.criteria, id, &Criterion::id))
                add("criteria", i, QStringLiteral("criteria"), QStringLiteral("the spec has no %1").arg(id));
        }
    }

    void judgeOrder()
    {
        for (size_t i = 0; i < m_tickets.size(); ++i) {
            for (const int number : m_tickets[i].dependsOn) {
                if (!std::ranges::contains(m_tickets, number, &Ticket::number))
                    add("depends_on", i, QStringLiteral("depends_on"),
                        QStringLiteral("there is no ticket %1").arg(number));
                else if (number == m_tickets[i].number)
                    add("depends_on", i, QStringLiteral("depends_on"), QStringLiteral("it depends on itself"));
            }
        }
        if (!m_found.empty()) // a circle is told of tickets that are sound otherwise
            return;
        const auto ordered = inOrder(m_tickets);
        QStringList circle;
        for (const Ticket &ticket : m_tickets) {
            if (!std::ranges::contains(ordered, ticket.number, &Ticket::number))
                circle << QString::number(ticket.number);
        }
        if (!circle.isEmpty())
            m_found.push_back(
                documentFault(QStringLiteral("depends_on"), QStringLiteral("/tickets"),
                              QStringLiteral("these wait for one another: %1").arg(circle.join(QStringLiteral(", ")))));
    }

    void judgeCover()
    {
        for (const Criterion &criterion : m_spec.criteria) {
            if (std::ranges::none_of(m_tickets, [&](const Ticket &one) { return one.criteria.contains(criterion.id); }))
                m_found.push_back(
                    documentFault(QStringLiteral("criteria"), QStringLiteral("/tickets"),
                                  QStringLiteral("no ticket covers %1").arg(criterion.id),
                                  QStringLiteral("name it under criteria of the ticket that reaches it")));
        }
    }

    const std::vector<Ticket> &m_tickets;
    const Spec &m_spec;
    const Contract &m_contract;
    std::vector<Finding> m_found;
};

/// tests/test_cart.py::TestCart::test_total[1] and tests.test_cart.TestCart::test_total are
/// tests.test_cart.TestCart.test_total.
QString testName(QString name)
{
    name = name.trimmed();
    if (name.endsWith(u']') && name.contains(u'['))
        name.truncate(name.indexOf(u'['));
    const qsizetype file = name.indexOf(QStringLiteral(".py::"));
    if (file >= 0)
        name = name.first(file).replace(u'/', u'.') + name.sliced(file + 3);
    return name.replace(QStringLiteral("::"), QStringLiteral("."));
}

} // namespace

std::vector<Finding> ticketFaults(const std::vector<Ticket> &tickets, const Spec &spec, const Contract &contract)
{
    return Rules(tickets, spec, contract).judge();
}

std::vector<Ticket> inOrder(std::vector<Ticket> tickets)
{
    std::ranges::sort(tickets, {}, &Ticket::number);
    std::vector<Ticket> ordered;
    std::set<int> done;
    while (true) {
        const auto next = std::ranges::find_if(tickets, [&](const Ticket &ticket) {
            return std::ranges::all_of(ticket.dependsOn, [&](int number) { return done.contains(number); });
        });
        if (next == tickets.end())
            return ordered;
        done.insert(next->number);
        ordered.push_back(std::move(*next));
        tickets.erase(next);
    }
}

std::vector<Finding> ticketBreaches(const Ticket &ticket, const ChangeSet &change)
{
    std::set<RepoPath> paths;
    for (const FileChange &file : change.files) {
        paths.insert(file.path);
        if (file.status == FileStatus::Renamed) // it is taken away from there
            paths.insert(file.oldPath);
    }
    std::vector<Finding> breaches;
    for (const RepoPath &path : paths) {
        if (std::ranges::any_of(ticket.files, [&](const QString &one) { return matchesGlob(path, one); }))
            continue;
        Finding breach;
        breach.tool = QStringLiteral("ticket");
        breach.rule = QStringLiteral("files");
        breach.file = path;
        breach.message =
            QStringLiteral("%1 lies outside the files of ticket %2").arg(displayPath(path)).arg(ticket.number);
        breach.suggestion = QStringLiteral("keep to %1").arg(displayable(ticket.files.join(QStringLiteral(", "))));
        breaches.push_back(std::move(breach));
    }
    return breaches;
}

bool isRequiredTest(const QString &reported, const QString &required)
{
    const QString there = testName(reported);
    const QString wanted = testName(required);
    return !wanted.isEmpty() && (there == wanted || there.endsWith(u'.' + wanted));
}

std::vector<QStringList> ticketCommands(const Ticket &ticket)
{
    std::vector<QStringList> patterns;
    for (const QString &command : ticket.commands) {
        if (const auto words = splitPattern(command); words && checkPattern({*words}))
            patterns.push_back(*words);
    }
    return patterns;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/stages/hiddentests.h"

#include "core/base/lexis.h"

#include <QRegularExpression>

#include <map>

namespace openfactory {

namespace {

/// A definition that another one of the name hides.
struct Hidden {
    QString name;
    int first = 0;
    int line = 0;
};

std::vector<Hidden> hiddenIn(const QByteArray &source)
{
    static const QRegularExpression form(QStringLiteral("^\\s*(?:async\\s+)?(?:def|class)\\s+([Tt]est\\w*)"));
    struct Block {
        qsizetype indent;
        int line;
    };
    std::vector<Block> blocks;                    // the lines that the present one lies below
    std::map<std::pair<int, QString>, int> known; // by block and name: the line of the last one
    std::vector<Hidden> found;
    Lexer lexer(*lexisNamed(u"python"));
    int number = 0;
    bool continues = false;
    for (const QByteArray &line : source.split('\n')) {
        ++number;
        const bool begins = !continues;
        const QString kinds = lexer.walk(line);
        continues = lexer.joinsNext();
        qsizetype indent = 0;
        while (indent < line.size() && (line[indent] == ' ' || line[indent] == '\t'))
            ++indent;
        const bool code = indent < kinds.size() && kinds[indent] != u'#' && line[indent] != '\r';
        if (!begins || !code)
            continue;
        while (!blocks.empty() && blocks.back().indent >= indent)
            blocks.pop_back();
        const int block = blocks.empty() ? 0 : blocks.back().line;
        blocks.push_back({indent, number});
        if (kinds[indent] != u'c')
            continue;
        if (const auto match = form.match(QString::fromUtf8(line)); match.hasMatch()) {
            const QString name = match.captured(1);
            if (const auto [at, isNew] = known.try_emplace({block, name}, number); !isNew) {
                found.push_back({name, at->second, number});
                at->second = number;
            }
        }
    }
    return found;
}

} // namespace

std::vector<Finding> hiddenTests(const RepoPath &path, const QByteArray &source, const QByteArray &before)
{
    if (!path.endsWith(".py"))
        return {};
    std::map<QString, int> old;
    for (const Hidden &hidden : hiddenIn(before))
        ++old[hidden.name];
    std::vector<Finding> findings;
    for (const Hidden &hidden : hiddenIn(source)) {
        if (old[hidden.name]-- > 0)
            continue;
        Finding finding;
        finding.tool = QStringLiteral("boundary");
        finding.rule = QStringLiteral("test-hidden");
        finding.file = path;
        finding.line = hidden.line;
        finding.message = QStringLiteral("%1 is defined again: the one in line %2 does not run any more")
                              .arg(hidden.name)
                              .arg(hidden.first);
        finding.suggestion = QStringLiteral("give it a name of its own");
        findings.push_back(finding);
    }
    return findings;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
// Commands written as one string: splitCommand(), splitPattern() and readCommand() of pipeline.h.
//
//   command  = blank* word (blank+ word)* blank*
//   word     = (plain | '\' any | "'" [^']* "'" | '"' (plain-in-quotes | '\' any)* '"')+
//
// No shell ever runs. What a shell would act on is refused rather than taken literally: the writer meant something
// else.
#include "core/base/text.h"
#include "core/domain/pipeline.h"

namespace openfactory {

namespace {

class Splitter {
public:
    Splitter(const QString &command, bool pattern) : m_command(command), m_pattern(pattern) {}

    Result<QStringList> split()
    {
        while (m_at < m_command.size()) {
            const QChar c = m_command[m_at];
            if (c == u' ' || c == u'\t') {
                endWord();
                ++m_at;
                continue;
            }
            OF_CHECK(part(c));
        }
        endWord();
        if (m_words.isEmpty())
            return refuse(QStringLiteral("it is empty"));
        // "A=1 tool" sets a variable in a shell; here it would be a program of that name.
        if (m_words.first().isEmpty() || m_words.first().section(u'/', 0, 0).contains(u'='))
            return refuse(QStringLiteral("\"%1\" is no program").arg(displayable(m_words.first().left(80))),
                          QStringLiteral("set variables under environment"));
        return m_words;
    }

private:
    std::unexpected<Error> refuse(const QString &said, const QString &hint = {}) const
    {
        return fail(ErrorKind::Invalid,
                    QStringLiteral("split the command \"%1\"").arg(displayable(m_command.left(200))), said, hint);
    }
    std::unexpected<Error> refuseShell(QChar c) const
    {
        if (c.isNull())
            return refuse(QStringLiteral("a command holds no NUL character"));
        return refuse(QStringLiteral("\"%1\" is shell syntax, and no shell runs it").arg(displayable(QString(c))),
                      QStringLiteral("put it into a script in the repository and call that, or quote it with '...'"));
    }
    void endWord()
    {
        if (m_inWord)
            m_words += m_word;
        m_word.clear();
        m_inWord = false;
    }
    void take(QChar c)
    {
        m_word += c;
        m_inWord = true;
    }

    Result<void> part(QChar c)
    {
        if (c == u'\'' || c == u'"')
            return quotedPart(c);
        if (c == u'\\')
            return escaped();
        static const QString always = QStringLiteral("|&;<>$`()\n\r");
        static const QString globs = QStringLiteral("*?");
        if (c.isNull() || always.contains(c) || (!m_pattern && globs.contains(c))
            || (!m_inWord && (c == u'~' || c == u'#')))
            return refuseShell(c);
        take(c);
        ++m_at;
        return {};
    }
    Result<void> escaped()
    {
        if (m_at + 1 < m_command.size() && m_command[m_at + 1].isNull())
            return refuseShell(m_command[m_at + 1]);
        if (m_at + 1 >= m_command.size() || m_command[m_at + 1] == u'\n')
            return refuse(QStringLiteral("a backslash has nothing to stand before"));
        take(m_command[m_at + 1]);
        m_at += 2;
        return {};
    }
    Result<void> quotedPart(QChar quote)
    {
        m_inWord = true;
        for (++m_at; m_at < m_command.size(); ++m_at) {
            const QChar c = m_command[m_at];
            if (c == quote) {
                ++m_at;
                return {};
            }
            // In double quotes a shell still expands these.
            if (c.isNull() || (quote == u'"' && (c == u'$' || c == u'`')))
                return refuseShell(c);
            const QChar next = m_at + 1 < m_command.size() ? m_command[m_at + 1] : QChar();
            if (quote == u'"' && c == u'\\' && (next == u'"' || next == u'\\' || next == u'$' || next == u'`'))
                take(m_command[++m_at]);
            else
                take(c);
        }
        return refuse(QStringLiteral("a quote (%1) is not closed").arg(quote));
    }

    const QString &m_command;
    bool m_pattern;
    qsizetype m_at = 0;
    QStringList m_words;
    QString m_word;
    bool m_inWord = false;
};

} // namespace

Result<QStringList> splitCommand(const QString &command)
{
    return Splitter(command, false).split();
}

Result<QStringList> splitPattern(const QString &pattern)
{
    return Splitter(pattern, true).split();
}

Result<QStringList> readCommand(const yaml::Node &node)
{
    if (node.kind() == yaml::Node::Kind::Scalar) {
        OF_TRY(command, node.text());
        auto words = splitCommand(command);
        return words ? words : std::unexpected(node.error(words.error()));
    }
    OF_TRY(words, node.texts());
    if (words.isEmpty() || words.first().isEmpty())
        return std::unexpected(node.error(QStringLiteral("a command starts with the name of a program")));
    for (const auto &word : words) {
        if (word.contains(QChar(0)))
            return std::unexpected(node.error(QStringLiteral("a command holds no NUL character")));
    }
    return words;
}

} // namespace openfactory

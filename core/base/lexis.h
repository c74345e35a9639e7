// SPDX-License-Identifier: Apache-2.0
/// Which bytes of a source are code, string or comment, for the families of languages that there are. A guess made line
/// by line, without a parser: good enough to tell a keyword from the word in a string, never a proof. Pure; linear in
/// the text; hostile text costs no more.
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace openfactory {

/// How a family of languages writes comments, strings and blocks. Values; the built-in ones live for ever.
struct Lexis {
    QString name{};
    QByteArray lineComment{};
    QByteArray blockOpen{}; ///< empty: no block comments
    QByteArray blockClose{};
    bool blocksNest = false;    ///< comments within comments
    bool indented = false;      ///< blocks by indentation (Python), else by braces
    bool tripleQuotes = false;  ///< """ and '''
    bool singleQuotes = false;  ///< 'text' is a string of any length; else a character, or a lifetime
    bool longStrings = false;   ///< "text" goes on over the end of a line
    bool backQuotes = false;    ///< `text` is a string that goes on over the end of a line
    bool interpolates = false;  ///< ${code} in back quotes, and \ escapes there
    bool rawByR = false;        ///< R"x(text)x"
    bool rawByHashes = false;   ///< r#"text"#
    bool slashPatterns = false; ///< /regular expression/
};

/// "python", "c" (C and C++), "go", "rust", "javascript" (also TypeScript), "gleam"; null for any other name.
const Lexis *lexisNamed(QStringView name);
QStringList lexisNames();

/// Walks over the lines of a source; the state is what a line leaves to the next.
class Lexer {
public:
    explicit Lexer(const Lexis &lexis) : m_lexis(&lexis) {}
    /// The text begins inside of a string that ends with `close`, or of a block comment.
    void beginInString(const QByteArray &close);
    void beginInComment() { m_comments = 1; }

    /// What each byte of the line is: 'c' code, 's' inside of a string, '"' delimiter of a string, '#' comment.
    QString walk(const QByteArray &line);
    /// Whether the next line belongs to the same statement: an open round or square bracket (in Python any), string or
    /// block comment, or a backslash at the end.
    bool joinsNext() const;
    /// Whether a block comment is open.
    bool inComment() const { return m_comments > 0; }
    /// Gives up a statement that does not end; a long string or comment goes on.
    void breakStatement() { m_open.clear(); }

private:
    void walkString(const QByteArray &line, qsizetype &at, QString &kinds);
    void walkComment(const QByteArray &line, qsizetype &at, QString &kinds);
    void walkCode(const QByteArray &line, qsizetype &at, QString &kinds);
    bool startsString(const QByteArray &line, qsizetype &at, QString &kinds);
    bool startsCharacter(const QByteArray &line, qsizetype &at, QString &kinds);
    bool startsPattern(const QByteArray &line, qsizetype &at, QString &kinds);
    void enter(const QByteArray &close, bool escapes, bool goesOn, qsizetype length, qsizetype &at, QString &kinds);

    const Lexis *m_lexis;
    QByteArray m_close; ///< what ends the string that is open; empty: none is
    bool m_escapes = false;
    bool m_goesOn = false; ///< the open string does not end with the line
    int m_comments = 0;    ///< how deep in block comments
    QByteArray m_open;     ///< brackets; '$' for ${ in a string
    bool m_continued = false;
};

/// What each byte of a whole source is, as Lexer::walk() says; line ends are code.
QString kindsOf(const QByteArray &source, const Lexis &lexis);
/// The source as Latin-1 (bytes one to one) with comments, and strings unless they are kept, as blanks; line ends stay.
QString codeOf(const QByteArray &source, const Lexis &lexis, bool keepStrings = false);

} // namespace openfactory

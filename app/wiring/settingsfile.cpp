// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/settingsfile.h"

#include "core/base/file.h"
#include "core/base/strictyaml.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

const QString kAuthor = QStringLiteral("author");

/// As YAML reads it back: a text of ours may hold anything that is one line.
QString written(const SettingRule &rule, const QString &value)
{
    if (rule.form != SettingRule::Form::Text)
        return value;
    QString text = value;
    return u'"' + text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\"")) + u'"';
}

/// "key: value  # comment" in its parts. The tail is a comment with the space before it, or the end of the line.
struct KeyLine {
    QString indent;
    QString value;
    QString tail;

    static std::optional<KeyLine> parse(const QString &line, const QString &key)
    {
        const QRegularExpression form(
            QStringLiteral(R"(^([ ]*)%1[ ]*:(?:[ ]+(%2|\{(?:%2|[^"'{}])*\}|[^ "'#{].*?))?([ ]*\r?|[ ]+#.*)$)")
                .arg(QRegularExpression::escape(key), QStringLiteral(R"("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')")));
        const auto match = form.match(line);
        return match.hasMatch() ? std::optional(KeyLine{match.captured(1), match.captured(2), match.captured(3)})
                                : std::nullopt;
    }
    QString with(const QString &key, const QString &text) const { return indent + key + u": " + text + tail; }
    /// What stays of the line without its key.
    QString comment() const { return tail.trimmed().isEmpty() ? QString() : indent + tail.trimmed(); }
};

bool isBlankOrComment(const QString &line)
{
    return line.trimmed().isEmpty() || line.trimmed().startsWith(u'#');
}

int indentOf(const QString &line)
{
    int indent = 0;
    while (indent < line.size() && line[indent] == u' ')
        ++indent;
    return indent;
}

/// The lines of the file, changed one after another.
class Lines {
public:
    explicit Lines(const QByteArray &text) : m_lines(QString::fromUtf8(text).split(u'\n'))
    {
        if (!m_lines.isEmpty() && m_lines.first().endsWith(u'\r'))
            m_end = QStringLiteral("\r");
    }
    QByteArray text() const { return m_lines.join(u'\n').toUtf8(); }

    /// A key in the lines [from, to) at an indentation.
    int find(const QString &key, int from, int to, int indent) const
    {
        for (int i = from; i < to; ++i) {
            const auto line = KeyLine::parse(m_lines[i], key);
            if (line && line->indent.size() == indent)
                return i;
        }
        return -1;
    }
    void set(int at, const QString &key, const QString &text)
    {
        m_lines[at] = KeyLine::parse(m_lines[at], key)->with(key, text);
    }
    void remove(int at, const QString &key)
    {
        const QString comment = KeyLine::parse(m_lines[at], key)->comment();
        if (comment.isEmpty())
            m_lines.removeAt(at);
        else
            m_lines[at] = comment + m_end;
    }
    void insert(int at, const QString &line) { m_lines.insert(at, line + m_end); }
    void append(const QString &line)
    {
        if (!m_lines.isEmpty() && m_lines.last().trimmed().isEmpty())
            m_lines.removeLast(); // what comes after the last line end
        m_lines << line + m_end << QString();
    }
    int count() const { return int(m_lines.size()); }
    const QString &at(int line) const { return m_lines[line]; }
    /// The line after those that stand below a key: the next one at the left edge.
    int endOfBlock(int key) const
    {
        int end = key + 1;
        for (int i = end; i < count(); ++i) {
            if (isBlankOrComment(m_lines[i]))
                continue;
            if (indentOf(m_lines[i]) == 0)
                break;
            end = i + 1;
        }
        return end;
    }

private:
    QStringList m_lines;
    QString m_end; ///< before the '\n' of each line
};

void changeTop(Lines &lines, const QString &key, const std::optional<QString> &text)
{
    const int at = lines.find(key, 0, lines.count(), 0);
    if (at >= 0 && text)
        lines.set(at, key, *text);
    else if (at >= 0)
        lines.remove(at, key);
    else if (text)
        lines.append(key + u": " + *text);
}

/// The author's keys stand in lines of their own, or between braces on one line.
void changeAuthor(Lines &lines, const SettingsRead &before, const QString &name, const std::optional<QString> &text)
{
    const int at = lines.find(kAuthor, 0, lines.count(), 0);
    if (at < 0) {
        if (text) {
            lines.append(kAuthor + u':');
            lines.append(QStringLiteral("  ") + name + u": " + *text);
        }
        return;
    }
    if (KeyLine::parse(lines.at(at), kAuthor)->value.startsWith(u'{')) {
        QStringList parts;
        for (const SettingRule &rule : settingRules()) {
            const QString one = rule.key.section(u'.', 1);
            if (one == name && text)
                parts << one + u": " + *text;
            else if (one != name && !one.isEmpty() && before.lines.contains(rule.key))
                parts << one + u": " + written(rule, rule.text(before.settings));
        }
        if (parts.isEmpty())
            lines.remove(at, kAuthor);
        else
            lines.set(at, kAuthor, u'{' + parts.join(QStringLiteral(", ")) + u'}');
        return;
    }
    const int end = lines.endOfBlock(at);
    int indent = 2;
    for (int i = at + 1; i < end; ++i) {
        if (!isBlankOrComment(lines.at(i))) {
            indent = indentOf(lines.at(i));
            break;
        }
    }
    const int child = lines.find(name, at + 1, end, indent);
    if (child >= 0 && text)
        lines.set(child, name, *text);
    else if (child >= 0)
        lines.remove(child, name);
    else if (text)
        lines.insert(end, QString(indent, u' ') + name + u": " + *text);
    if (!text && child >= 0 && lines.endOfBlock(at) == at + 1)
        lines.remove(at, kAuthor); // nothing stands below it any more
}

} // namespace

Result<QByteArray> changeSettings(const QByteArray &text, const SettingChanges &changes, const QString &path)
{
    OF_TRY(before, readSettingsText(text, path));
    QByteArray changed = text;
    SettingsRead now = before;
    for (const auto &[key, value] : changes) {
        const SettingRule *rule = settingRule(key);
        if (!rule)
            return fail(ErrorKind::Invalid, QStringLiteral("set %1").arg(key), QStringLiteral("there is no such key"));
        if (value)
            OF_CHECK(rule->check(*value));
        Lines lines(changed);
        const auto wanted = value ? std::optional(written(*rule, *value)) : std::nullopt;
        if (key.startsWith(kAuthor + u'.'))
            changeAuthor(lines, now, key.section(u'.', 1), wanted);
        else
            changeTop(lines, key, wanted);
        changed = lines.text();
        // What the reader makes of it: this key as wanted, every other as before.
        const auto after = readSettingsText(changed, path);
        bool right = after && after->lines.contains(key) == value.has_value();
        for (const SettingRule &other : settingRules()) {
            const QString expected = other.key != key ? other.text(now.settings)
                                     : value          ? *value
                                                      : other.text(FactorySettings());
            right = right && other.text(after->settings) == expected
                    && (other.key == key || after->lines.contains(other.key) == now.lines.contains(other.key));
        }
        if (!right)
            return fail(ErrorKind::Unsupported, QStringLiteral("set %1 in %2").arg(key, path),
                        QStringLiteral("the file is written in a way that cannot be changed here; it stays as it is"),
                        before.lines.contains(key)
                            ? QStringLiteral("change %1 in line %2 by hand").arg(key).arg(before.lines.value(key))
                            : QStringLiteral("write %1 into it by hand").arg(key));
        now = *after;
    }
    return changed;
}

namespace {

Result<void> put(const QString &path, const QByteArray &text)
{
    auto written = writeFileAtomically(path, text);
    if (!written && written.error().kind == ErrorKind::DiskFull)
        written.error().hint = QStringLiteral("make room on its disk; the file stays as it was");
    return written;
}

} // namespace

Result<void> changeSettingsFile(const QString &dataFolder, const SettingChanges &changes)
{
    const QString path = settingsPath(dataFolder);
    OF_TRY(text, settingsText(dataFolder));
    OF_TRY(changed, changeSettings(text, changes, path));
    return changed == text ? Result<void>() : put(path, changed);
}

Result<void> replaceSettingsFile(const QString &dataFolder, const QByteArray &text, const QByteArray &seen)
{
    const QString path = settingsPath(dataFolder);
    OF_CHECK(readSettingsText(text, path));
    OF_TRY(now, settingsText(dataFolder));
    if (now != seen)
        return fail(
            ErrorKind::Conflict, QStringLiteral("save %1").arg(path),
            QStringLiteral("it was changed by somebody else since it was read"),
            QStringLiteral("keep what you typed elsewhere, discard it here, and look at the file as it is now"));
    return put(path, text);
}

} // namespace openfactory

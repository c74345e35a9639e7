// SPDX-License-Identifier: Apache-2.0
#include "app/factory/terminal.h"

#include "core/base/text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cwchar>

namespace openfactory::cli {

bool isTerminal()
{
    return ::isatty(STDOUT_FILENO) == 1;
}

bool canRewrite()
{
    return isTerminal() && qEnvironmentVariable("TERM") != QStringLiteral("dumb");
}

bool wantsColours()
{
    return canRewrite() && qEnvironmentVariableIsEmpty("NO_COLOR");
}

int terminalColumns()
{
    winsize size{};
    return isTerminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

namespace {

int columnsOf(char32_t c)
{
    return std::max(0, ::wcwidth(wchar_t(c)));
}

} // namespace

int columnsOf(const QString &text)
{
    int columns = 0;
    for (const char32_t c : text.toUcs4())
        columns += columnsOf(c);
    return columns;
}

QString padded(const QString &text, int columns)
{
    return text + QString(std::max(0, columns - columnsOf(text)), u' ');
}

QString elided(const QString &text, int columns)
{
    if (columns <= 0 || columnsOf(text) <= columns)
        return text;
    QString kept;
    int taken = 1; // the mark of the cut
    for (const char32_t c : text.toUcs4()) {
        taken += columnsOf(c);
        if (taken > columns)
            break;
        kept += QString::fromUcs4(&c, 1);
    }
    return kept + QChar(0x2026);
}

QString coloured(const QString &name, const QString &shown)
{
    if (!wantsColours())
        return shown;
    const auto in = [&](const char *code) {
        return QStringLiteral("\x1b[%1m").arg(QLatin1String(code)) + shown + QStringLiteral("\x1b[0m");
    };
    if (name == QStringLiteral("passed") || name == QStringLiteral("done"))
        return in("32");
    if (name == QStringLiteral("failed") || name == QStringLiteral("reverted"))
        return in("31");
    if (name == QStringLiteral("soft_failed") || name == QStringLiteral("failed_before")
        || name == QStringLiteral("not_measured") || name == QStringLiteral("waits"))
        return in("33");
    return shown;
}

QString tableText(const std::vector<QStringList> &rows, int columns)
{
    std::vector<int> widths;
    std::vector<QStringList> shown;
    for (const auto &row : rows) {
        QStringList cells;
        for (const QString &cell : row)
            cells << displayable(cell);
        widths.resize(std::max(widths.size(), size_t(cells.size())), 0);
        for (qsizetype i = 0; i < cells.size(); ++i)
            widths[size_t(i)] = std::max(widths[size_t(i)], columnsOf(cells[i]));
        shown.push_back(cells);
    }
    QString text;
    for (const auto &cells : shown) {
        QString line;
        for (qsizetype i = 0; i < cells.size(); ++i)
            line += i + 1 < cells.size() ? padded(cells[i], widths[size_t(i)] + 2) : cells[i];
        text += line.trimmed().isEmpty() ? QStringLiteral("\n") : elided(line, columns) + QLatin1Char('\n');
    }
    return text;
}

} // namespace openfactory::cli

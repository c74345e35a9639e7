// SPDX-License-Identifier: Apache-2.0
/// Text from outside as it may stand in a Markdown document of ours: seen as written, never as markup.
#pragma once

#include "core/base/text.h"

namespace openfactory::markdown {

/// One line, as a code span.
inline QString code(const QString &text)
{
    const QString shown = displayable(text.simplified()).replace(u'`', u'\'');
    return shown.isEmpty() ? QStringLiteral("-") : QLatin1Char('`') + shown + QLatin1Char('`');
}

/// The same in a cell of a table.
inline QString cell(const QString &text)
{
    return code(QString(text).replace(u'|', u'/'));
}

/// Lines, as a block that shows them as they are.
inline QString block(const QString &text)
{
    QString fence = QStringLiteral("```");
    while (text.contains(fence))
        fence += QLatin1Char('`');
    return fence + QStringLiteral("text\n") + displayableLines(text.trimmed()) + QLatin1Char('\n') + fence
           + QLatin1Char('\n');
}

} // namespace openfactory::markdown

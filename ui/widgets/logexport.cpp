// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logexport.h"

#include "core/process/logindex.h"
#include "ui/widgets/ansi.h"
#include "ui/widgets/viewcolours.h"

#include <QFileInfo>
#include <QSaveFile>

#include <algorithm>

namespace openfactory {

namespace {

constexpr qint64 kBlockBytes = 1024 * 1024;

/// Makes of a log's bytes what is written; whole lines where they are not longer than a block.
class LogForming {
public:
    LogForming(LogForm form, const QString &title) : m_form(form), m_title(title), m_colours(QPalette(Qt::white)) {}

    QByteArray head() const
    {
        if (m_form != LogForm::Html)
            return {};
        return QStringLiteral("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>%1</title>\n"
                              "<style>body { color: %2; background: %3 } pre { white-space: pre-wrap; "
                              "overflow-wrap: anywhere }</style>\n</head>\n<body>\n<pre>\n")
            .arg(m_title.toHtmlEscaped(), m_colours[ViewRole::Text].name(), m_colours[ViewRole::Ground].name())
            .toUtf8();
    }

    QByteArray foot() const
    {
        return m_form == LogForm::Html ? QByteArrayLiteral("</pre>\n</body>\n</html>\n") : QByteArray();
    }

    QByteArray formed(QByteArrayView bytes)
    {
        if (m_form == LogForm::Codes)
            return bytes.toByteArray();
        QByteArray shown;
        for (const QByteArrayView line : bytes.toByteArray().split('\n')) {
            const AnsiLine parsed = parseAnsi(line, m_style);
            shown += (m_form == LogForm::Html ? asHtml(parsed) : parsed.text.toUtf8()) + '\n';
        }
        shown.chop(1);
        return shown;
    }

    /// What follows is from another place.
    void startAnew() { m_style = {}; }

private:
    QByteArray asHtml(const AnsiLine &line) const
    {
        QString page;
        qsizetype at = 0;
        const auto plainTo = [&](qsizetype end) {
            page += QStringView(line.text).mid(at, end - at).toString().toHtmlEscaped();
            at = end;
        };
        for (const AnsiSpan &span : line.spans) {
            plainTo(span.start);
            page += QStringLiteral("<span style=\"%1\">").arg(cssOf(span.style));
            plainTo(span.start + span.length);
            page += QStringLiteral("</span>");
        }
        plainTo(line.text.size());
        return page.toUtf8();
    }

    QString cssOf(const AnsiStyle &style) const
    {
        const StyleColours colours = coloursOf(style, m_colours, m_colours[ViewRole::Ground]);
        QString css = u"color: " + colours.text.name();
        if (colours.under.isValid())
            css += u"; background: " + colours.under.name();
        if (style.flags & AnsiStyle::Bold)
            css += u"; font-weight: bold";
        if (style.flags & AnsiStyle::Italic)
            css += u"; font-style: italic";
        if (style.flags & (AnsiStyle::Underline | AnsiStyle::Strike)) {
            css += u"; text-decoration:";
            css += style.flags & AnsiStyle::Underline ? u" underline" : u"";
            css += style.flags & AnsiStyle::Strike ? u" line-through" : u"";
        }
        return css;
    }

    LogForm m_form;
    QString m_title;
    ViewColours m_colours; ///< a page is light, whatever the window is
    AnsiStyle m_style;
};

} // namespace

Result<void> writeLog(const QString &log, const QString &file, const LogExport &what, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("write %1").arg(file);
    QSaveFile to(file);
    if (!to.open(QIODevice::WriteOnly))
        return fail(ErrorKind::Io, doing, to.errorString());
    OF_TRY(index, LogIndex::open(log));
    LogForming forming(what.form, QFileInfo(log).fileName());
    const auto put = [&](const QByteArray &bytes) -> Result<void> {
        if (to.write(bytes) != bytes.size())
            return fail(ErrorKind::Io, doing, to.errorString());
        return {};
    };
    QByteArray block(kBlockBytes, Qt::Uninitialized);
    const auto putLines = [&](qint64 at, qint64 end) -> Result<void> {
        forming.startAnew();
        while (at < end) {
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, doing, QStringLiteral("it was stopped"));
            OF_TRY(n, index.read(at, block.data(), std::min(kBlockBytes, end - at)));
            if (n == 0)
                return {};
            const QByteArrayView got = QByteArrayView(block).first(n);
            const qint64 whole = got.lastIndexOf('\n') + 1;
            const qint64 take = whole > 0 ? whole : n;
            OF_CHECK(put(forming.formed(got.first(take))));
            at += take;
        }
        return {};
    };
    OF_CHECK(put(forming.head()));
    if (what.only) {
        for (qint64 i = 0; i < what.only->lines.count(); ++i) {
            const qint64 line = what.only->lines.at(i);
            OF_CHECK(putLines(index.offsetOf(line), index.offsetOf(line + 1)));
        }
    } else if (what.lines) {
        OF_CHECK(putLines(index.offsetOf(what.lines->first), index.offsetOf(what.lines->second + 1)));
    } else {
        OF_CHECK(putLines(0, index.bytes()));
    }
    OF_CHECK(put(forming.foot()));
    if (!to.commit())
        return fail(ErrorKind::Io, doing, to.errorString());
    return {};
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/markdownview.h"

#include "core/base/text.h"

#include <QPointer>
#include <QTextBlock>
#include <QTextCursor>

#include <ranges>

namespace openfactory {

void SafeDocument::setHostileMarkdown(const QString &text)
{
    clear();
    setMarkdown(displayableLines(text), MarkdownFeatures(MarkdownDialectGitHub) | MarkdownNoHTML);
    struct Part {
        int at;
        int length;
        QString text;
        QTextCharFormat format;
    };
    QList<Part> parts;
    for (QTextBlock block = begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment part = it.fragment();
            const QTextCharFormat format = part.charFormat();
            if (format.isImageFormat()) {
                const QTextImageFormat image = format.toImageFormat();
                const QString alt = image.property(QTextFormat::ImageAltText).toString();
                parts << Part{part.position(),
                              part.length(),
                              displayable(tr("[image, not loaded: %1 %2]").arg(alt, image.name())),
                              {}};
                continue;
            }
            // Signs may have been written as entities, out of reach until they were read.
            QStringList lines;
            const QString written = part.text();
            for (const QString &line : written.split(QChar::LineSeparator))
                lines << displayableLines(line);
            QString words = lines.join(QChar::LineSeparator);
            if (format.isAnchor()) {
                // A link keeps its words and says where it would lead, where they do not.
                if (words != format.anchorHref())
                    words += displayable(QStringLiteral(" (%1)").arg(format.anchorHref()));
                parts << Part{part.position(), part.length(), words, {}};
            } else if (words != written) {
                parts << Part{part.position(), part.length(), words, format};
            }
        }
    }
    QTextCursor cursor(this);
    cursor.beginEditBlock();
    for (const Part &one : parts | std::views::reverse) {
        cursor.setPosition(one.at);
        cursor.setPosition(one.at + one.length, QTextCursor::KeepAnchor);
        cursor.insertText(one.text, one.format);
    }
    cursor.endEditBlock();
    setUndoRedoEnabled(false);
}

QVariant SafeDocument::loadResource(int, const QUrl &)
{
    ++m_asked;
    return {};
}

MarkdownView::MarkdownView(QWidget *parent) : QTextBrowser(parent)
{
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setReadOnly(true);
}

void MarkdownView::setHostileMarkdown(const QString &text)
{
    auto *document = new SafeDocument(this);
    document->setHostileMarkdown(text); // before the view lays it out
    const QPointer<QTextDocument> old = this->document();
    setDocument(document);
    delete old; // the view has deleted its own
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Text from outside, shown as Markdown: headings, lists, tables, code. Nothing in it is ever loaded, followed or run:
/// an image stands as its words and its address, HTML as it is written, a link as text. GUI thread.
#pragma once

#include <QTextBrowser>
#include <QTextDocument>

namespace openfactory {

/// A document that has no resources, wherever a name of one may come from.
class SafeDocument : public QTextDocument {
    Q_OBJECT
public:
    using QTextDocument::QTextDocument;
    /// Reads the text; images have become text before anybody can lay it out.
    void setHostileMarkdown(const QString &text);
    /// How often something was to be loaded: nothing ever is.
    int asked() const { return m_asked; }

protected:
    QVariant loadResource(int type, const QUrl &name) override;

private:
    int m_asked = 0;
};

class MarkdownView : public QTextBrowser {
    Q_OBJECT
public:
    explicit MarkdownView(QWidget *parent = nullptr);
    void setHostileMarkdown(const QString &text);
    /// Longer text is for a plain view: reading it as Markdown may take too long.
    static constexpr qsizetype kMost = 128 * 1024;

protected:
    QVariant loadResource(int, const QUrl &) override { return {}; }
};

} // namespace openfactory

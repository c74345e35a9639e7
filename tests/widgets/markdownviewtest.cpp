// SPDX-License-Identifier: Apache-2.0
/// Markdown from outside: it is read, and nothing that it names is loaded, followed or hidden.
#include "ui/widgets/markdownview.h"

#include <QImage>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>

using namespace openfactory;

class MarkdownViewTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void showsWhatMarkdownSays()
    {
        MarkdownView view;
        view.setHostileMarkdown(QStringLiteral("# Plan\n\n- one\n- **two**\n\n```\na <b>\tc\n```\n"));
        const QTextDocument &document = *view.document();
        QCOMPARE(document.begin().text(), QStringLiteral("Plan"));
        QCOMPARE(document.begin().blockFormat().headingLevel(), 1);
        QVERIFY(document.begin().next().textList());
        QVERIFY(document.toPlainText().contains(QStringLiteral("a <b>\tc")));
    }

    void loadsNoImage()
    {
        QTemporaryDir folder;
        QImage image(40, 40, QImage::Format_RGB32);
        image.fill(Qt::red);
        const QString file = folder.filePath(QStringLiteral("red.png"));
        QVERIFY(image.save(file));
        MarkdownView view;
        view.resize(600, 400);
        view.document()->setBaseUrl(QUrl::fromLocalFile(folder.path() + u'/'));
        view.setHostileMarkdown(
            QStringLiteral("![local](%1) ![url](file://%1) ![near](red.png) ![far](http://127.0.0.1/x.png)\n\n"
                           "![data](data:image/png;base64,AAAA) ![inside](:/qt-project.org/a.png)\n\n"
                           "[![both](%1)](http://127.0.0.1/)\n\n<img src=\"%1\">\n\n[ref]: %1\n\n![ref]\n")
                .arg(file));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QCOMPARE(static_cast<SafeDocument *>(view.document())->asked(), 0);
        QVERIFY(view.toPlainText().contains(file)); // it says what was not loaded
        QVERIFY(view.toPlainText().contains(QStringLiteral("<img src=")));
        QVERIFY(view.toPlainText().contains(QStringLiteral("http://127.0.0.1/x.png")));
        const QImage shown = view.grab().toImage();
        for (int y = 0; y < shown.height(); ++y) {
            for (int x = 0; x < shown.width(); ++x)
                QVERIFY(shown.pixelColor(x, y) != QColor(Qt::red));
        }
        for (QTextBlock block = view.document()->begin(); block.isValid(); block = block.next()) {
            for (auto it = block.begin(); !it.atEnd(); ++it)
                QVERIFY(!it.fragment().charFormat().isImageFormat() && !it.fragment().charFormat().isAnchor());
        }
    }

    void saysWhereALinkLeadsAndHidesNothing()
    {
        MarkdownView view;
        view.setHostileMarkdown(
            QStringLiteral("[safe.example](file:///etc/passwd) a&#x202e;b \u202ec\u200bd \x1b[31m"));
        const QString text = view.toPlainText();
        QVERIFY(text.contains(QStringLiteral("safe.example (file:///etc/passwd)")));
        QVERIFY2(text.contains(QStringLiteral("a\\u202eb")), qPrintable(text));
        for (const char16_t hidden : {u'\u202e', u'\u200b', u'\x1b'})
            QVERIFY(!text.contains(QChar(hidden)));
    }
};

QTEST_MAIN(MarkdownViewTest)
#include "markdownviewtest.moc"

// SPDX-License-Identifier: Apache-2.0
/// Markdown from outside: whatever it says, nothing is loaded, no image and no link is left, and it can be laid out.
#include "tests/fuzz/fuzz.h"
#include "ui/widgets/markdownview.h"

#include <QGuiApplication>
#include <QTextBlock>

using namespace openfactory;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int argc = 1;
    static char name[] = "fuzz_markdown";
    static char *argv[] = {name, nullptr};
    static const auto *app = new QGuiApplication(argc, argv); // it outlives the targets
    Q_UNUSED(app)
    SafeDocument document;
    document.setHostileMarkdown(QString::fromUtf8(reinterpret_cast<const char *>(data), qsizetype(size)));
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextCharFormat format = it.fragment().charFormat();
            require(!format.isImageFormat(), "an image is left");
            require(!format.isAnchor(), "a link is left");
        }
        for (const QChar c : block.text()) {
            require(c < u'\u202a' || c > u'\u202e', "a bidirectional control is shown");
            require(c < u'\u2066' || c > u'\u2069', "a bidirectional isolate is shown");
        }
    }
    document.setTextWidth(600); // lays it out, which is when images would be looked for
    document.size();
    require(document.asked() == 0, "something was to be loaded");
    return 0;
}

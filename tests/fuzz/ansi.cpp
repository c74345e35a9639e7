// SPDX-License-Identifier: Apache-2.0
/// Lines of a log: nothing that a terminal would obey or that hides text comes through, and styles go on as they ended.
#include "ui/widgets/ansi.h"

#include "tests/fuzz/fuzz.h"

using namespace openfactory;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArrayView line(data, qsizetype(size));
    for (const AnsiControls controls : {AnsiControls::Obey, AnsiControls::Show, AnsiControls::Literal}) {
        AnsiStyle style;
        const AnsiLine parsed = parseAnsi(line, style, controls);
        for (const QChar c : parsed.text) {
            require(c == u'\t' || (c >= u' ' && (c < u'\x7f' || c > u'\x9f')), "a control character is shown");
            require(c < u'\u202a' || c > u'\u202e', "a bidirectional control is shown");
            require(c < u'\u2066' || c > u'\u2069', "a bidirectional isolate is shown");
        }
        qsizetype end = 0;
        for (const AnsiSpan &span : parsed.spans) {
            require(span.start >= end && span.length > 0, "spans are sorted and apart");
            end = span.start + span.length;
        }
        require(end <= parsed.text.size(), "spans lie inside the text");
        require(controls == AnsiControls::Obey || !parsed.overwritten, "nothing is hidden where all is shown");
        if (controls == AnsiControls::Obey)
            require(styleAfter(line) == style, "the style after a line is the same however it is asked for");
    }
    return 0;
}

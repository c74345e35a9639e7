// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/syntaxcolours.h"

#include "core/base/text.h"
#include "ui/widgets/ansi.h"

#include <KSyntaxHighlighting/AbstractHighlighter>
#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/FoldingRegion>
#include <KSyntaxHighlighting/Format>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/State>
#include <KSyntaxHighlighting/Theme>
#include <QColor>
#include <QFileInfo>

namespace openfactory {

namespace {

constexpr qsizetype lineMost = 1000;       ///< characters of a line that is coloured
constexpr qsizetype fileMost = 512 * 1024; ///< bytes of a file that is coloured from its begin

} // namespace

struct SyntaxColours::Engine : KSyntaxHighlighting::AbstractHighlighter {
    KSyntaxHighlighting::Repository repository;
    std::vector<SyntaxSpan> *spans = nullptr;

    using AbstractHighlighter::highlightLine;
    void applyFormat(int offset, int length, const KSyntaxHighlighting::Format &format) override
    {
        if (spans && length > 0)
            spans->push_back({offset, length, quint8(format.textStyle())});
    }
    void applyFolding(int, int, KSyntaxHighlighting::FoldingRegion) override {}

    KSyntaxHighlighting::State colour(const QString &line, const KSyntaxHighlighting::State &state,
                                      std::vector<SyntaxSpan> *into)
    {
        spans = into;
        return line.size() <= lineMost ? highlightLine(line, state) : state;
    }
};

SyntaxColours::SyntaxColours() : m_engine(std::make_unique<Engine>())
{
    using KSyntaxHighlighting::Repository;
    using KSyntaxHighlighting::Theme;
    const auto take = [&](Repository::DefaultTheme which, std::array<SyntaxPalette::Style, 32> &styles) {
        const Theme theme = m_engine->repository.defaultTheme(which);
        for (int style = 0; style <= int(Theme::Others); ++style) {
            const auto s = Theme::TextStyle(style);
            styles[size_t(style)] = {theme.textColor(s), theme.isBold(s), theme.isItalic(s)};
        }
    };
    take(Repository::LightTheme, m_palette.light);
    take(Repository::DarkTheme, m_palette.dark);
}

SyntaxColours::~SyntaxColours() = default;

void SyntaxColours::addTo(DiffPresentation &made, const DiffParts &parts)
{
    const QString name = QFileInfo(displayPath(parts.change.path)).fileName();
    const auto definition = m_engine->repository.definitionForFileName(name);
    if (!definition.isValid() || parts.change.binary)
        return;
    m_engine->setDefinition(definition);
    // Which text shows which line of a side; a line in pieces is too long to be coloured.
    const auto colourSide = [&](bool newSide, const std::optional<QByteArray> &bytes) {
        QHash<int, int> texts;
        int last = 0;
        for (const DiffRow &row : made.split) {
            const int line = newSide ? row.newLine : row.oldLine;
            const int text = newSide ? row.right : row.left;
            if (row.kind == DiffRow::Kind::Gap || row.kind == DiffRow::Kind::Note || line == 0 || text < 0
                || row.goesOn)
                continue;
            texts.insert(line, text);
            last = std::max(last, line);
        }
        const auto take = [&](int text, const KSyntaxHighlighting::State &state) {
            DiffText &to = made.texts[size_t(text)];
            to.syntax.clear();
            return m_engine->colour(to.cells.text(), state, &to.syntax);
        };
        KSyntaxHighlighting::State state;
        if (bytes && bytes->size() <= fileMost) {
            // From the begin of the file, so that a string or comment that began before the change is one.
            QByteArrayView rest = *bytes;
            for (int line = 1; line <= last && !rest.isEmpty(); ++line) {
                const qsizetype end = rest.indexOf('\n');
                const QByteArrayView text = end < 0 ? rest : rest.first(end);
                rest = end < 0 ? QByteArrayView() : rest.sliced(end + 1);
                if (const auto shown = texts.constFind(line); shown != texts.constEnd())
                    state = take(*shown, state);
                else
                    state = m_engine->colour(QString::fromUtf8(text), state, nullptr);
            }
            return;
        }
        int before = 0;
        for (const DiffRow &row : made.split) {
            const int line = newSide ? row.newLine : row.oldLine;
            const auto shown = texts.constFind(line);
            if (line == 0 || shown == texts.constEnd())
                continue;
            state = take(*shown, line == before + 1 ? state : KSyntaxHighlighting::State());
            before = line;
        }
    };
    colourSide(false, parts.oldBytes);
    colourSide(true, parts.newBytes);
}

} // namespace openfactory

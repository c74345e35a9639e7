// SPDX-License-Identifier: Apache-2.0
/// The colours of source text, by KSyntaxHighlighting. Bounded: of very large files only what is shown is coloured, and
/// very long lines are not.
#pragma once

#include "ui/widgets/diffpresenter.h"

#include <QRgb>

#include <array>
#include <memory>

namespace openfactory {

/// What each style looks like in a theme; a value.
struct SyntaxPalette {
    struct Style {
        QRgb colour = 0; ///< 0: as other text
        bool bold = false;
        bool italic = false;
    };
    std::array<Style, 32> light;
    std::array<Style, 32> dark;
};

/// One thread, the one that made it.
class SyntaxColours {
public:
    SyntaxColours();
    ~SyntaxColours();

    const SyntaxPalette &palette() const { return m_palette; }
    /// Colours the texts of a file's change.
    void addTo(DiffPresentation &presentation, const DiffParts &parts);

private:
    struct Engine;
    std::unique_ptr<Engine> m_engine;
    SyntaxPalette m_palette;
};

} // namespace openfactory

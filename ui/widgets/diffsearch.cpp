// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/diffsearch.h"

#include <QElapsedTimer>

#include <algorithm>

namespace openfactory {

namespace {

constexpr int kSliceMs = 6; ///< of a frame's 16

bool holds(const DiffPresentation &shown, const DiffRow &row, const QString &text)
{
    if (row.kind == DiffRow::Kind::Gap || row.kind == DiffRow::Kind::Note)
        return false;
    const auto has = [&](int index) {
        return index >= 0 && shown.texts[size_t(index)].cells.text().contains(text, Qt::CaseInsensitive);
    };
    return has(row.left) || (row.right != row.left && has(row.right));
}

} // namespace

DiffSearch::DiffSearch(DiffDocument *document, QObject *parent) : QObject(parent), m_document(document)
{
    m_slice.setSingleShot(true);
    m_slice.setInterval(0);
    connect(&m_slice, &QTimer::timeout, this, &DiffSearch::slice);
    connect(m_document, &DiffDocument::reset, this, &DiffSearch::begin);
    connect(m_document, &DiffDocument::loaded, this, &DiffSearch::note);
}

void DiffSearch::find(const QString &text, bool split)
{
    if (text == m_text && split == m_split)
        return;
    m_text = text;
    m_split = split;
    begin();
}

void DiffSearch::begin()
{
    m_rows.assign(size_t(m_document->count()), {});
    m_count = 0;
    m_file = -1;
    m_pending.clear();
    for (int file = 0; !m_text.isEmpty() && file < m_document->count(); ++file)
        m_pending.insert(m_pending.end(), file);
    m_slice.start();
}

/// The file's text is another one, or gone.
void DiffSearch::note(int file)
{
    if (m_text.isEmpty())
        return;
    if (file == m_file)
        m_file = -1;
    m_pending.insert(file);
    m_slice.start();
}

void DiffSearch::slice()
{
    QElapsedTimer time;
    time.start();
    while (!m_pending.empty() && time.elapsed() < kSliceMs) {
        const int file = *m_pending.begin();
        auto &found = m_rows[size_t(file)];
        if (std::exchange(m_file, file) != file) {
            m_count -= int(found.size());
            found.clear();
            m_row = 0;
        }
        const DiffDocument::File &from = m_document->file(file);
        if (from.state == DiffDocument::State::Loaded && from.shown) {
            const auto &rows = m_split ? from.shown->split : from.shown->unified;
            for (; m_row < int(rows.size()) && time.elapsed() < kSliceMs; ++m_row) {
                if (!holds(*from.shown, rows[size_t(m_row)], m_text))
                    continue;
                found.push_back(m_row);
                ++m_count;
            }
            if (m_row < int(rows.size()))
                break;
        }
        m_pending.erase(m_pending.begin());
        m_file = -1;
    }
    if (!m_pending.empty())
        m_slice.start();
    Q_EMIT changed();
}

int DiffSearch::unsearched() const
{
    return int(std::ranges::count_if(m_document->files(), [](const DiffDocument::File &file) {
        return file.state != DiffDocument::State::Loaded || !file.shown;
    }));
}

std::optional<DiffPane::RowRef> DiffSearch::next(const DiffPane::RowRef &from, bool forward) const
{
    const int files = int(m_rows.size());
    for (int step = 0; m_count > 0 && step <= files; ++step) {
        const int file = (from.file + files + (forward ? step : -step)) % files;
        const auto &rows = m_rows[size_t(file)];
        // Of the file itself what lies beyond, and, when all others were asked, the rest.
        if (forward) {
            const auto at = std::ranges::upper_bound(rows, step == 0 ? from.row : -1);
            if (at != rows.end())
                return DiffPane::RowRef{file, *at};
        } else {
            const auto at = std::ranges::lower_bound(rows, step == 0 ? from.row : INT_MAX);
            if (at != rows.begin())
                return DiffPane::RowRef{file, *std::prev(at)};
        }
    }
    return {};
}

int DiffSearch::rank(const DiffPane::RowRef &spot) const
{
    if (spot.file < 0 || spot.file >= int(m_rows.size()))
        return 0;
    const auto &rows = m_rows[size_t(spot.file)];
    const auto at = std::ranges::lower_bound(rows, spot.row);
    if (at == rows.end() || *at != spot.row)
        return 0;
    int before = 0;
    for (int file = 0; file < spot.file; ++file)
        before += int(m_rows[size_t(file)].size());
    return before + int(at - rows.begin()) + 1;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Finds a text in the lines of a diff that are loaded, in slices, so that the GUI thread stays free: which rows hold
/// it, file by file. What is loaded later is looked through then. GUI thread.
#pragma once

#include "ui/widgets/diffpane.h"

#include <QTimer>

#include <set>

namespace openfactory {

class DiffSearch : public QObject {
    Q_OBJECT
public:
    explicit DiffSearch(DiffDocument *document, QObject *parent = nullptr);

    /// Whatever the case of its letters; empty: nothing. `split`: in the rows that are shown side by side.
    void find(const QString &text, bool split);
    const QString &text() const { return m_text; }
    bool isDone() const { return m_pending.empty(); }
    int count() const { return m_count; } ///< rows
    /// Files whose text is not there, so that nothing is known of it.
    int unsearched() const;
    /// The row after or before a place, from the other end again where there is none; nothing where there is none at
    /// all.
    std::optional<DiffPane::RowRef> next(const DiffPane::RowRef &from, bool forward) const;
    /// The how many-th of the rows it is, from 1; 0: none of them.
    int rank(const DiffPane::RowRef &spot) const;

Q_SIGNALS:
    void changed();

private:
    void begin();
    void note(int file);
    void slice();

    DiffDocument *m_document;
    QString m_text;
    bool m_split = false;
    std::vector<std::vector<int>> m_rows; ///< that hold the text, by file, ascending
    int m_count = 0;
    std::set<int> m_pending; ///< files
    int m_file = -1;         ///< that is looked through now, up to m_row
    int m_row = 0;
    QTimer m_slice;
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// One scroll of all files of a diff, each with a header that stays in sight, foldable; unified or side by side. Only
/// what is seen is loaded and painted. GUI thread.
#pragma once

#include "ui/widgets/cellpainter.h"
#include "ui/widgets/diffdocument.h"
#include "ui/widgets/spokenrows.h"
#include "ui/widgets/viewcolours.h"

#include <QAbstractScrollArea>
#include <QSet>

namespace openfactory {

class DiffPane : public QAbstractScrollArea, public SpokenRows {
    Q_OBJECT
public:
    /// A row of a file; row -1 is its header.
    struct RowRef {
        int file = 0;
        int row = -1;
        auto operator<=>(const RowRef &) const = default;
    };
    /// A line of a file that a comment can be on.
    struct LineRef {
        int file = -1;
        DiffSide side = DiffSide::New;
        int line = 0;
        QString code;
    };

    /// The document stays the owner's and must live longer.
    explicit DiffPane(DiffDocument *document, QWidget *parent = nullptr);

    void setSplit(bool on);
    bool isSplit() const { return m_split; }
    void setWrap(bool on);
    void setNotes(const DiffNotes &notes);
    /// Lines that have comments, for the gutter.
    void setComments(const std::vector<DiffComment> &comments);
    void setViewed(const QSet<QString> &keys);
    bool isViewed(int file) const;
    void toggleViewed(int file);
    void setFolded(int file, bool folded);
    bool isFolded(int file) const { return m_sections[size_t(file)].folded; }
    /// Whether a file was on the screen with all that is said of it apart from its text.
    bool wasSeen(int file) const { return m_sections[size_t(file)].seen; }

    RowRef current() const { return m_cursor; }
    void goToFile(int file);
    bool goToLine(int file, DiffSide side, int line); ///< false where it is not on a row
    bool goToChange(bool forward);
    bool goToFinding(bool forward);
    /// Whether goToFinding() would go anywhere.
    bool hasFinding(bool forward) const { return findingFrom(forward).has_value(); }
    /// A row with the text that is looked for, which is brought into sight.
    void goToFound(const RowRef &spot);
    /// What is looked for gets a frame wherever it is seen; empty: nothing is.
    void setFindText(const QString &text);
    std::optional<LineRef> currentLine() const;
    QString selectedText() const;
    const ViewColours &colours() const { return m_colours; }
    QString stateText() const;

    QString spokenState() const override { return stateText(); }
    QStringList spokenRows() const override;
    Spot spokenCursor() const override;
    std::pair<Spot, Spot> spokenSelection() const override;
    void moveSpokenCursor(Spot spot, bool keepAnchor) override;
    QRect rectOfSpoken(Spot spot) const override;
    Spot spokenAt(QPoint point) const override;

Q_SIGNALS:
    void viewedToggled(int file, bool viewed);
    void currentChanged(); ///< the cursor is elsewhere
    void commentWanted();
    void currentFileChanged(int file);
    void fileSeen(int file); ///< for the first time
    void lineActivated(int file, int newLine);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    std::optional<std::pair<int, int>> findingFrom(bool forward) const; ///< file, line
    struct Section {
        bool folded = false;
        bool seen = false;
        int rows = 0;            ///< without the header
        int height = 0;          ///< on the screen, with header and the blank row after it
        std::vector<int> starts; ///< of each row on the screen, where lines are wrapped
    };
    /// Where a side of a row is painted.
    struct Column {
        int gutter = 0; ///< left edge
        int text = 0;
        int right = 0;
        int cells = 1; ///< that fit
    };
    const std::vector<DiffRow> *rowsOf(int file) const;
    void layOut();
    void measure(int file);
    void keepTop(const std::function<void()> &change);
    void syncScrollBars();
    void setTop(int top);
    void showSpot(const RowRef &spot, int above);
    void setCurrent(const RowRef &spot, bool keepAnchor);
    void moveBy(int rows, bool keepAnchor);
    int topOf(const RowRef &spot) const;
    RowRef spotAt(int screenRow, int *part = nullptr) const;
    int imageRows(const DiffPresentation &shown) const;
    int pageRows() const;
    Column column(bool right) const;
    int digits() const { return 6; }
    RowRef under(const QPoint &point) const;
    void activate(const RowRef &spot);
    /// Whether a row is a gap with more lines than are shown by one step.
    bool opensByStep(const RowRef &spot) const;
    void openGap(const RowRef &spot, DiffDocument::Opening how);
    void followGap(int file);
    static QString openingText(DiffDocument::Opening how);
    QString textOf(const RowRef &spot) const;
    QStringList notesOn(int file, int newLine) const;
    QString uncoveredIn(int file) const; ///< "12 not covered"; empty for none
    bool isUncovered(int file, int newLine) const;

    void paintHeader(QPainter &painter, int file, int y);
    void paintRow(QPainter &painter, const RowRef &spot, int y, int part, int height);
    void paintSide(QPainter &painter, int file, const DiffRow &row, bool right, int y, int part, int height);
    void paintImages(QPainter &painter, const DiffPresentation &shown, int y, int rows);
    void paintBand(QPainter &painter, int y, const QString &text, ViewRole role, bool current, int edge = 24);
    void paintFound(QPainter &painter, const CellPainter &cells, const CellText &text, qsizetype from,
                    qsizetype to) const;
    std::vector<PaintSpan> spansOf(const DiffText &text, const QColor &ground, bool added, qsizetype from,
                                   qsizetype to) const;
    QRect viewedBox(int y) const;
    QRect openingBox(int y, DiffDocument::Opening how) const; ///< in the gutter of a gap

    DiffDocument *m_document;
    ViewColours m_colours;
    CellGrid m_grid;
    bool m_split = false;
    bool m_wrap = false;
    std::vector<Section> m_sections;
    std::vector<int> m_tops; ///< of each section, and the end
    int m_top = 0;           ///< screen rows above the screen
    int m_widest = 0;
    bool m_syncing = false;
    RowRef m_cursor;
    RowRef m_anchor;
    int m_steppedGap = -1; ///< the cursor is on its row and stays there while it opens
    int m_steppedRow = -1;
    QString m_find;
    int m_wheel = 0;
    QSet<QString> m_viewed;
    DiffNotes m_notes;
    QHash<RepoPath, std::vector<std::pair<DiffSide, int>>> m_commented;
};

} // namespace openfactory

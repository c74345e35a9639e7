// SPDX-License-Identifier: Apache-2.0
/// Shows a log of any size: only what is seen is read and painted. Gutter (fold, mark, time, line number, stream), text
/// with a terminal's colours, an overview bar. Follow is a state that only its button, End and setFollow() set, and any
/// movement upwards, a selection or a search clears. GUI thread.
#pragma once

#include "ui/widgets/cellpainter.h"
#include "ui/widgets/logdocument.h"
#include "ui/widgets/loglinks.h"
#include "ui/widgets/rowmap.h"
#include "ui/widgets/spokenrows.h"
#include "ui/widgets/viewcolours.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>

#include <set>

class QToolButton;

namespace openfactory {

class LogOverview;

class LogView : public QAbstractScrollArea, public SpokenRows {
    Q_OBJECT
public:
    enum class Rows { All, MatchesOnly, ErrorsOnly };
    enum class Times { Off, Wall, Elapsed, Delta };
    enum class Landing { Top, Tail, FirstError };
    /// A place in the text.
    struct Place {
        qint64 row = 0;
        qsizetype index = 0;
        auto operator<=>(const Place &) const = default;
    };

    /// The document stays the owner's and must live longer.
    explicit LogView(LogDocument *document, Rows rows = Rows::All, QWidget *parent = nullptr);
    ~LogView() override;

    LogDocument *document() const { return m_document; }
    Rows rows() const { return m_rows; }
    void setRows(Rows rows); ///< of a pane that lists some lines; not between these and All
    bool isFollowing() const { return m_follow; }
    void setFollow(bool on);
    void setWrap(bool on);
    bool wraps() const { return m_wrap; }
    void setTimes(Times times);
    Times times() const { return m_times; }
    /// Whether a link can lead to a line of what is shown.
    void setLinkable(bool on) { m_linkable = on; }
    /// What is said while the log has no line yet, such as "No output yet, command started 14:02:11".
    void setEmptyText(const QString &text);
    /// Where to stand once the log that was opened last is there; FirstError: eight lines above it, or at the end where
    /// there is none.
    void land(Landing landing);

    /// Ascending by first line; a fold that is shut shows its first line and what it hides.
    void setFolds(std::vector<LogFold> folds);
    const std::vector<LogFold> &folds() const { return m_folds; }
    void setFoldsOpen(bool open);

    const std::set<qint64> &marks() const { return m_marks; } ///< line numbers from 0
    void setMarks(std::set<qint64> marks);

    /// Goes to the next match, or the one before; round at the ends. False where there is none.
    bool findNext(bool forward);
    bool goToError(bool forward);
    /// Whether goToError() would go anywhere.
    bool hasError(bool forward) const { return errorFrom(forward) >= 0; }
    bool goToMark(bool forward);
    void goToLine(qint64 line); ///< from 0; opens folds around it
    qint64 currentLine() const;
    void toggleMark();
    /// The line where the last findNext() ended; -1 for none.
    qint64 foundLine() const;

    bool hasSelection() const { return m_anchor != m_cursor; }
    LogDocument::Range selection() const;
    /// The first and the last line that the selection touches.
    std::optional<std::pair<qint64, qint64>> selectedLines() const;
    void copy();
    void selectAll();
    void activateLink(); ///< the first place in a source file that the current line names

    // For the overview bar and for tests.
    qint64 seenRows() const;
    qint64 topRow() const { return m_top; } ///< counted in seen rows
    int pageRows() const;
    qint64 rowAtSeen(qint64 seen) const;
    qint64 seenOfRow(qint64 row) const;
    const ViewColours &colours() const { return m_colours; }
    /// The rows now on the screen as text.
    QStringList visibleText() const;
    QString stateText() const;                   ///< what is said instead of a text; empty where there is one
    std::pair<qint64, int> visibleRange() const; ///< first seen row and how many
    QRect rectOf(const Place &place) const;
    Place placeAt(QPoint point) const;
    Place cursorPlace() const { return m_cursor; }
    void setCursor(const Place &place, bool keepAnchor);
    using QAbstractScrollArea::setCursor;

    QString spokenState() const override { return stateText(); }
    QStringList spokenRows() const override { return visibleText(); }
    Spot spokenCursor() const override { return spotOf(m_cursor); }
    std::pair<Spot, Spot> spokenSelection() const override;
    void moveSpokenCursor(Spot spot, bool keepAnchor) override;
    QRect rectOfSpoken(Spot spot) const override { return rectOf({rowAtSeen(m_top + spot.first), spot.second}); }
    Spot spokenAt(QPoint point) const override { return spotOf(placeAt(point)); }

Q_SIGNALS:
    void followChanged(bool on);
    void linkActivated(const QString &path, int line);
    void lineActivated(qint64 line); ///< Enter or double click on a line of the filter pane
    void currentLineChanged(qint64 line);
    void marksChanged();
    void foldsChanged();
    void linkToLineWanted(qint64 line);  ///< from 0
    void copied(const QString &problem); ///< empty where all of it was copied

protected:
    bool event(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void timerEvent(QTimerEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    qint64 errorFrom(bool forward) const; ///< negative: there is none
    const LineSet *listed() const;        ///< null: every line is
    static constexpr int patienceMs = 6;  ///< that the GUI thread waits for rows in one go
    static constexpr int linesAboveError = 8;
    Spot spotOf(const Place &place) const;
    void onChanged(bool anew);
    void buildMap();
    void placeWidgets();
    void syncScrollBars();
    void setTop(qint64 top, int part);
    void scrollBy(qint64 screenRows);
    void showRow(qint64 row, int above);
    int heightOf(qint64 seen, QDeadlineTimer deadline) const; ///< in screen rows
    void toEnd();
    void tellNewLines();
    void moveCursor(qint64 rows, bool keepAnchor);
    void openFoldsAt(qint64 line);
    const LogFold *foldStartingAt(qint64 line) const;
    void toggleFold(qint64 line);
    void tryLanding();
    std::shared_ptr<const LogRow> row(qint64 row, int patienceMs) const;
    std::vector<LogMatcher::Match> matchesOf(const LogRow &row) const;
    std::vector<LogMatcher::Match> matchesOf(const LogRow &row, qsizetype from, qsizetype to) const;

    int gutterCells() const;
    int textLeft() const;
    int textColumns() const;
    QString timeText(const LogRow &row) const;
    void paintGutter(QPainter &painter, const LogRow &row, int y, qint64 number) const;
    void paintRow(QPainter &painter, const LogRow &row, int y, int screenRows, int part);
    std::vector<PaintSpan> spansOf(const LogRow &row, const QColor &ground, qsizetype from, qsizetype to) const;
    std::optional<LogLink> linkAt(QPoint point) const;

    LogDocument *m_document;
    Rows m_rows;
    ViewColours m_colours;
    CellGrid m_grid;
    LogOverview *m_overview = nullptr;
    QToolButton *m_pill = nullptr;
    QString m_emptyText;

    qint64 m_top = 0;   ///< the first row on the screen, among the seen ones
    int m_part = 0;     ///< how many screen rows of it are above the screen, where lines are wrapped
    qint64 m_scale = 1; ///< seen rows for each step of the scroll bar
    int m_widest = 0;
    bool m_syncing = false;
    bool m_follow = false;
    bool m_wrap = false;
    bool m_linkable = false;
    Times m_times = Times::Off;
    qint64 m_linesAtPause = 0;
    std::optional<Landing> m_landing;

    std::vector<LogFold> m_folds;
    RowMap m_map;
    std::set<qint64> m_marks;
    Place m_cursor;
    Place m_anchor;
    std::optional<std::pair<qint64, int>> m_found; ///< row, and which match in it
    qint64 m_startMs = 0;
    QBasicTimer m_autoScroll;
    QPoint m_mouse;
    bool m_selecting = false;
    int m_wheelPixels = 0; ///< that make no whole row yet
    int m_wheelAngle = 0;
    std::optional<LogLink> m_pressedLink;
};

} // namespace openfactory

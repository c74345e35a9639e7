// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logpanel.h"

#include "ui/widgets/findbar.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spokenrows.h"

#include <QAction>
#include <QCheckBox>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace openfactory {

namespace {
const QString kWrap = QStringLiteral("log/wrap");
const QString kTimes = QStringLiteral("log/times");
} // namespace

LogPanel::LogPanel(QWidget *parent) : QWidget(parent), m_document(new LogDocument(this))
{
    AccessibleRows::install();
    setObjectName(QStringLiteral("logPanel"));
    setAccessibleName(tr("Log"));
    m_view = new LogView(m_document, LogView::Rows::All, this);
    m_filter = new LogView(m_document, LogView::Rows::MatchesOnly, this);
    m_filter->hide();
    m_tools = new QToolBar(this);
    m_tools->setObjectName(QStringLiteral("logTools"));
    m_tools->setAccessibleName(tr("Log tools"));
    m_tools->setToolButtonStyle(Qt::ToolButtonTextOnly);

    m_followAction = ui::toolAction(m_tools, QStringLiteral("logFollow"), tr("Follow"),
                                    tr("Stay at the end as the log grows (End)"), true);
    connect(m_followAction, &QAction::triggered, m_view, &LogView::setFollow);
    connect(m_view, &LogView::followChanged, m_followAction, &QAction::setChecked);
    auto *wrap = ui::toolAction(m_tools, QStringLiteral("logWrap"), tr("Wrap"), tr("Break long lines at the edge"),
                                true);
    connect(wrap, &QAction::toggled, m_view, &LogView::setWrap);
    connect(wrap, &QAction::triggered, this, [](bool on) { QSettings().setValue(kWrap, on); });
    wrap->setChecked(QSettings().value(kWrap).toBool());
    auto *times = ui::toolAction(m_tools, QStringLiteral("logTimes"), tr("Times: off"),
                                 tr("Time of day, since the start, since the line before"), false);
    const auto showTimes = [this, times](int kind) {
        const auto next = LogView::Times(kind % 4);
        m_view->setTimes(next);
        m_filter->setTimes(next);
        const QString names[] = {tr("Times: off"), tr("Times: of day"), tr("Times: since start"), tr("Times: between")};
        times->setText(names[int(next)]);
    };
    connect(times, &QAction::triggered, this, [this, showTimes] {
        showTimes(int(m_view->times()) + 1);
        QSettings().setValue(kTimes, int(m_view->times()));
    });
    showTimes(std::max(0, QSettings().value(kTimes).toInt()));
    auto *raw = ui::toolAction(m_tools, QStringLiteral("logControls"), tr("Control characters"),
                               tr("Show carriage returns and erases instead of obeying them"), true);
    connect(raw, &QAction::toggled, this,
            [this](bool on) { m_document->setControls(on ? AnsiControls::Show : AnsiControls::Obey); });
    auto *folds = ui::toolAction(m_tools, QStringLiteral("logFolds"), tr("Close folds"),
                                 tr("Close or open the part of each command"), true);
    folds->setEnabled(false);
    connect(folds, &QAction::triggered, this, [this](bool shut) { m_view->setFoldsOpen(!shut); });
    connect(m_view, &LogView::foldsChanged, folds, [this, folds] {
        const bool anyOpen = std::ranges::any_of(m_view->folds(), &LogFold::open);
        folds->setEnabled(!m_view->folds().empty());
        folds->setChecked(folds->isEnabled() && !anyOpen);
        folds->setText(folds->isChecked() ? tr("Open folds") : tr("Close folds"));
    });
    m_tools->addSeparator();
    auto *error = ui::toolAction(m_tools, QStringLiteral("logFirstError"), tr("First error"),
                                 tr("Go to the first line that tells of an error"), false);
    connect(error, &QAction::triggered, this, [this] { m_view->land(LogView::Landing::FirstError); });
    auto *find = ui::toolAction(m_tools, QStringLiteral("logFind"), tr("Find"), tr("Find in the log"), false);
    ui::tipWithKey(*find, tr("Find in the log"), "logFind");
    connect(find, &QAction::triggered, this, [this] { showFind(); });
    m_filterAction = ui::toolAction(m_tools, QStringLiteral("logFilter"), tr("Matches"),
                                    tr("List the lines that match below the log"), true);
    ui::tipWithKey(*m_filterAction, tr("List the lines that match below the log"), "logFilter");
    connect(m_filterAction, &QAction::toggled, this, &LogPanel::setFilterShown);
    m_errorsAction = ui::toolAction(m_tools, QStringLiteral("logErrors"), tr("Errors"),
                                    tr("List the lines that tell of an error below the log"), true);
    connect(m_errorsAction, &QAction::toggled, this, &LogPanel::setErrorsShown);
    m_tools->addWidget(makeExport());

    makeFindBar();
    m_note = new QLabel(this);
    m_note->setObjectName(QStringLiteral("logNote"));
    m_note->setTextFormat(Qt::PlainText);
    m_note->hide();
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(QStringLiteral("logSplitter"));
    m_splitter->addWidget(m_view);
    m_splitter->addWidget(m_filter);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    ui::keepSplit(*m_splitter);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_tools);
    layout->addWidget(m_find);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_note);

    for (LogView *view : {m_view, m_filter}) {
        connect(view, &LogView::linkActivated, this, &LogPanel::linkActivated);
        connect(view, &LogView::copied, this, [this](const QString &problem) {
            m_note->setText(problem);
            m_note->setVisible(!problem.isEmpty());
        });
    }
    connect(m_view, &LogView::marksChanged, this, &LogPanel::marksChanged);
    connect(m_view, &LogView::linkToLineWanted, this, &LogPanel::linkToLineWanted);
    connect(m_view, &LogView::currentLineChanged, this, &LogPanel::tellFind);
    const auto showInView = [this](qint64 line) { m_view->goToLine(line); };
    connect(m_filter, &LogView::lineActivated, this, showInView);
    connect(m_filter, &LogView::currentLineChanged, this, showInView);
    connect(m_document, &LogDocument::hitsChanged, this, &LogPanel::tellFind);
    setFocusProxy(m_view);
}

LogPanel::~LogPanel() = default;

QToolButton *LogPanel::makeExport()
{
    auto *exports = new QToolButton(this);
    exports->setObjectName(QStringLiteral("logExport"));
    exports->setText(tr("Export"));
    exports->setAccessibleName(tr("Export the log"));
    exports->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(exports);
    std::array<QAction *, 3> heads;
    const std::pair<ExportPart, QString> parts[] = {{ExportPart::All, tr("&All")},
                                                    {ExportPart::Matches, tr("&Matching lines")},
                                                    {ExportPart::Selection, tr("&Selected lines")}};
    const std::pair<LogForm, QString> forms[] = {{LogForm::Text, tr("As &text…")},
                                                 {LogForm::Codes, tr("With &colour codes…")},
                                                 {LogForm::Html, tr("As an &HTML page…")}};
    for (const auto &[part, title] : parts) {
        QMenu *below = menu->addMenu(title);
        heads[size_t(part)] = below->menuAction();
        for (const auto &[form, name] : forms)
            below->addAction(name, this, [this, form, part] { Q_EMIT exportWanted(form, part); });
    }
    connect(menu, &QMenu::aboutToShow, this, [this, heads] {
        heads[size_t(ExportPart::Matches)]->setEnabled(m_document->hits()->lines.count() > 0);
        heads[size_t(ExportPart::Selection)]->setEnabled(m_view->hasSelection());
    });
    exports->setMenu(menu);
    return exports;
}

void LogPanel::makeFindBar()
{
    m_find = new ui::FindBar("log", tr("Find in the log"), "logNext", "logPrevious", this);
    m_regex = m_find->addOption("Regex", tr("Pa&ttern"));
    m_case = m_find->addOption("Case", tr("&Case"));
    m_word = m_find->addOption("Word", tr("&Word"));
    connect(m_find, &ui::FindBar::edited, this, &LogPanel::startFind);
    connect(m_find, &ui::FindBar::nextWanted, this, &LogPanel::findNext);
    connect(m_find, &ui::FindBar::ended, m_view, qOverload<>(&QWidget::setFocus));
}

void LogPanel::setLog(const QString &path)
{
    m_note->hide();
    m_document->open(path);
}

void LogPanel::refresh()
{
    m_document->refresh();
}

void LogPanel::showFind(const QString &text)
{
    m_find->open(text);
}

void LogPanel::findNext(bool forward)
{
    m_view->findNext(forward);
    tellFind();
}

void LogPanel::setFilterShown(bool on)
{
    showPane(LogView::Rows::MatchesOnly, on);
    if (on && !m_find->isVisible())
        showFind();
}

void LogPanel::setErrorsShown(bool on)
{
    showPane(LogView::Rows::ErrorsOnly, on);
}

void LogPanel::showPane(LogView::Rows rows, bool on)
{
    if (!on && m_filter->rows() != rows)
        return; // the other one is shown by now
    if (on && m_filter->rows() != rows)
        m_filter->setRows(rows);
    m_filter->setVisible(on);
    m_filter->setAccessibleName(rows == LogView::Rows::ErrorsOnly ? tr("Lines that tell of an error")
                                                                  : tr("Lines that match"));
    m_filterAction->setChecked(on && rows == LogView::Rows::MatchesOnly);
    m_errorsAction->setChecked(on && rows == LogView::Rows::ErrorsOnly);
}

void LogPanel::askLine()
{
    const qint64 lines = m_document->shape().lines;
    if (lines == 0)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setObjectName(QStringLiteral("logGoToLine"));
    dialog->setAccessibleName(tr("Go to line"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Go to line"));
    dialog->setInputMode(QInputDialog::IntInput);
    dialog->setIntRange(1, int(std::min<qint64>(lines, INT_MAX)));
    dialog->setIntValue(int(std::min<qint64>(m_view->currentLine() + 1, INT_MAX)));
    dialog->setLabelText(tr("Line, 1 to %1:").arg(QLocale().toString(lines)));
    connect(dialog, &QInputDialog::intValueSelected, this, [this](int line) {
        m_view->goToLine(line - 1);
        m_view->setFocus();
    });
    dialog->open();
}

void LogPanel::startFind()
{
    const auto bad = m_document->find({m_find->text(), m_regex->isChecked(), m_case->isChecked(), m_word->isChecked()});
    if (bad)
        m_find->tell(tr("Bad pattern: %1").arg(bad->said), false);
    else
        tellFind();
}

QString LogPanel::findStatus() const
{
    if (!m_document->matcher())
        return {};
    const auto hits = m_document->hits();
    const QLocale locale;
    const qint64 lines = hits->lines.count();
    if (!hits->done) {
        const qint64 all = std::max<qint64>(1, m_document->shape().bytes);
        return tr("%1 so far, %2 %")
            .arg(locale.toString(hits->matches))
            .arg(std::min<qint64>(100, hits->bytes * 100 / all));
    }
    if (lines == 0)
        return tr("No match");
    QString said = hits->matches == 1 ? tr("1 match")
                   : lines == 1
                       ? tr("%1 matches in 1 line").arg(locale.toString(hits->matches))
                       : tr("%1 matches in %2 lines").arg(locale.toString(hits->matches), locale.toString(lines));
    if (const qint64 found = m_view->foundLine(); found >= 0 && hits->lines.contains(found))
        said = tr("line %1 of %2 · %3 matches")
                   .arg(locale.toString(hits->lines.rank(found) + 1), locale.toString(lines),
                        locale.toString(hits->matches));
    return said;
}

void LogPanel::tellFind()
{
    m_find->tell(findStatus(), m_document->matcher() && m_document->hits()->done);
}

void LogPanel::exportTo(const QString &file, LogForm form, ExportPart part)
{
    LogExport what{.form = form, .only = nullptr};
    if (part == ExportPart::Matches)
        what.only = m_document->hits();
    else if (part == ExportPart::Selection)
        what.lines = m_view->selectedLines();
    m_document->writeTo(file, what, [this](const Result<void> &result) {
        const QString problem = result ? QString() : tr("Not exported: %1").arg(result.error().said);
        m_note->setText(problem);
        m_note->setVisible(!problem.isEmpty());
        Q_EMIT exportDone(problem);
    });
}

bool LogPanel::event(QEvent *event)
{
    // Behind the last error the key is the window's: it goes on to what else was found.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto &key = static_cast<QKeyEvent &>(*event);
        if ((ui::isKey(key, "logNextError") && !m_view->hasError(true))
            || (ui::isKey(key, "logPreviousError") && !m_view->hasError(false)))
            return QWidget::event(event);
    }
    return ui::keepsKey(*event, ui::KeyPlace::Log) || QWidget::event(event);
}

void LogPanel::keyPressEvent(QKeyEvent *event)
{
    if (ui::isKey(*event, "logFind"))
        return showFind();
    if (ui::isKey(*event, "logLine"))
        return askLine();
    if (ui::isKey(*event, "logFilter"))
        return setFilterShown(true);
    if (ui::isKey(*event, "logNext") || ui::isKey(*event, "logPrevious"))
        return findNext(ui::isKey(*event, "logNext"));
    if (event->key() == Qt::Key_Escape && m_find->isVisible())
        return m_find->end();
    QWidget::keyPressEvent(event);
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logpanel.h"

#include "ui/widgets/keptsplit.h"
#include "ui/widgets/keys.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spokenrows.h"

#include <QAccessible>
#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

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
    m_filterAction = ui::toolAction(m_tools, QStringLiteral("logFilter"), tr("Matching lines"),
                                    tr("List the lines that match below the log"), true);
    ui::tipWithKey(*m_filterAction, tr("List the lines that match below the log"), "logFilter");
    connect(m_filterAction, &QAction::toggled, this, &LogPanel::setFilterShown);
    auto *exports = new QToolButton(this);
    exports->setObjectName(QStringLiteral("logExport"));
    exports->setText(tr("Export"));
    exports->setAccessibleName(tr("Export the log"));
    exports->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(exports);
    menu->addAction(tr("All, as text…"), this, [this] { Q_EMIT exportWanted(true, false); });
    menu->addAction(tr("All, with colour codes…"), this, [this] { Q_EMIT exportWanted(false, false); });
    menu->addAction(tr("Matching lines, as text…"), this, [this] { Q_EMIT exportWanted(true, true); });
    exports->setMenu(menu);
    m_tools->addWidget(exports);

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
    layout->addWidget(m_findBar);
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
    connect(m_view, &LogView::currentLineChanged, this, &LogPanel::tellFind);
    const auto showInView = [this](qint64 line) { m_view->goToLine(line); };
    connect(m_filter, &LogView::lineActivated, this, showInView);
    connect(m_filter, &LogView::currentLineChanged, this, showInView);
    connect(m_document, &LogDocument::hitsChanged, this, &LogPanel::tellFind);
    setFocusProxy(m_view);
}

LogPanel::~LogPanel() = default;

void LogPanel::makeFindBar()
{
    m_findBar = new QWidget(this);
    m_findBar->setObjectName(QStringLiteral("logFindBar"));
    auto *layout = new QHBoxLayout(m_findBar);
    layout->setContentsMargins(6, 3, 6, 3);
    auto *label = new QLabel(tr("F&ind:"), m_findBar);
    m_findText = new QLineEdit(m_findBar);
    m_findText->setObjectName(QStringLiteral("logFindText"));
    m_findText->setAccessibleName(tr("Find in the log"));
    m_findText->setClearButtonEnabled(true);
    label->setBuddy(m_findText);
    layout->addWidget(label);
    layout->addWidget(m_findText, 1);
    const auto option = [&](const QString &name, const QString &text) {
        auto *box = new QCheckBox(text, m_findBar);
        box->setObjectName(name);
        box->setAccessibleName(QString(text).remove(QLatin1Char('&')));
        layout->addWidget(box);
        connect(box, &QCheckBox::toggled, this, &LogPanel::startFind);
        return box;
    };
    m_regex = option(QStringLiteral("logFindRegex"), tr("Pa&ttern"));
    m_case = option(QStringLiteral("logFindCase"), tr("&Case"));
    m_word = option(QStringLiteral("logFindWord"), tr("&Word"));
    const auto button = [&](const QString &name, const QString &text, const QString &tip, auto act) {
        auto *made = new QToolButton(m_findBar);
        made->setObjectName(name);
        made->setText(text);
        made->setAccessibleName(tip);
        made->setToolTip(tip);
        made->setFocusPolicy(Qt::TabFocus);
        layout->addWidget(made);
        connect(made, &QToolButton::clicked, this, act);
        return made;
    };
    auto *previous = button(QStringLiteral("logFindPrevious"), QStringLiteral("▲"), tr("Previous match"), [this] {
        m_view->findNext(false);
        tellFind();
    });
    ui::tipWithKey(*previous, tr("Previous match"), "logPrevious");
    auto *next = button(QStringLiteral("logFindNext"), QStringLiteral("▼"), tr("Next match"), [this] {
        m_view->findNext(true);
        tellFind();
    });
    ui::tipWithKey(*next, tr("Next match"), "logNext");
    m_findStatus = new QLabel(m_findBar);
    m_findStatus->setObjectName(QStringLiteral("logFindStatus"));
    m_findStatus->setTextFormat(Qt::PlainText);
    m_findStatus->setMinimumWidth(fontMetrics().averageCharWidth() * 30);
    layout->addWidget(m_findStatus);
    button(QStringLiteral("logFindClose"), QStringLiteral("✕"), tr("Close and end the search (Esc)"), [this] {
        m_findBar->hide();
        m_findText->clear();
        m_view->setFocus();
    });
    connect(m_findText, &QLineEdit::textChanged, this, &LogPanel::startFind);
    connect(m_findText, &QLineEdit::returnPressed, this, [this] {
        m_view->findNext(true);
        tellFind();
    });
    m_findBar->hide();
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
    m_findBar->show();
    if (!text.isNull())
        m_findText->setText(text);
    m_findText->setFocus();
    m_findText->selectAll();
}

void LogPanel::setFilterShown(bool on)
{
    m_filter->setVisible(on);
    m_filterAction->setChecked(on);
    if (on && !m_findBar->isVisible())
        showFind();
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
    const auto bad = m_document->find(
        {m_findText->text(), m_regex->isChecked(), m_case->isChecked(), m_word->isChecked()});
    if (bad)
        m_findStatus->setText(tr("Bad pattern: %1").arg(bad->said));
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
    const QString said = findStatus();
    if (said == m_findStatus->text())
        return;
    m_findStatus->setText(said);
    if (m_document->matcher() && m_document->hits()->done)
        announce(said);
}

void LogPanel::announce(const QString &text)
{
    if (!QAccessible::isActive())
        return;
    QAccessibleAnnouncementEvent event(m_findStatus, text);
    QAccessible::updateAccessibility(&event);
}

void LogPanel::exportTo(const QString &file, bool plain, bool matchesOnly)
{
    m_document->writeTo(file, plain, matchesOnly ? m_document->hits() : nullptr, [this](const Result<void> &result) {
        const QString problem = result ? QString() : tr("Not exported: %1").arg(result.error().said);
        m_note->setText(problem);
        m_note->setVisible(!problem.isEmpty());
        Q_EMIT exportDone(problem);
    });
}

bool LogPanel::event(QEvent *event)
{
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
    if (ui::isKey(*event, "logNext") || ui::isKey(*event, "logPrevious")) {
        m_view->findNext(ui::isKey(*event, "logNext"));
        return tellFind();
    }
    if (event->key() == Qt::Key_Escape && m_findBar->isVisible()) {
        m_findBar->hide();
        m_findText->clear();
        return m_view->setFocus();
    }
    QWidget::keyPressEvent(event);
}

} // namespace openfactory

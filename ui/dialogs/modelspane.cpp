// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/modelspane.h"

#include "core/base/text.h"
#include "ui/models/aside.h"
#include "ui/models/words.h"
#include "ui/widgets/keptsplit.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSplitter>
#include <QTextBlock>

namespace openfactory::ui {

namespace {

constexpr int kJudgeAfterMs = 250; ///< of quiet

/// Put behind what is there, for people who have described none yet. Comments are the reader's to skip.
const QString kExample = QStringLiteral("models:\n"
                                        "  local:\n"
                                        "    url: http://127.0.0.1:8080/v1\n"
                                        "    model: qwen3-coder\n"
                                        "    # key: MODEL_KEY   # name of a secret, never the key itself\n"
                                        "    # price: {input: 0, output: 0, currency: EUR}\n"
                                        "model: local\n");

/// Where in the file an error of its reader lies; line 0: it names no place.
std::pair<int, int> placeOf(const Error &error)
{
    static const QRegularExpression form(QStringLiteral(":([1-9][0-9]{0,7}):([1-9][0-9]{0,7})(?![0-9])"));
    const auto match = form.match(error.doing);
    return {match.captured(1).toInt(), match.captured(2).toInt()};
}

QString triedText(const QString &name, const ModelTried &tried)
{
    const QLocale locale;
    const QString tokens = tried.inputTokens && tried.outputTokens
                               ? ModelsPane::tr("%1 + %2 tokens")
                                     .arg(locale.toString(*tried.inputTokens), locale.toString(*tried.outputTokens))
                               : ModelsPane::tr("tokens not counted");
    return ModelsPane::tr("%1 answers as %2 in %3; %4; %5")
        .arg(name, displayable(tried.model), spanText(tried.latencyMs), tokens,
             tried.structured ? ModelsPane::tr("it keeps to a JSON schema by itself")
                              : ModelsPane::tr("it is asked for JSON in words"));
}

} // namespace

ModelsPane::ModelsPane(Console &console, QWidget *parent)
    : QWidget(parent),
      m_console(console),
      m_rows({tr("Name"), tr("Model"), tr("Address"), tr("Key"), tr("Price"), tr("Last call")}),
      m_table(makeTable("modelsTable", tr("Models and agents"), m_rows, this)),
      m_budget(plainLabel("modelsBudget", {}, this)),
      m_try(plainButton("modelsTry", tr("&Try"), this)),
      m_tried(plainLabel("modelsTried", {}, this)),
      m_text(named(new QPlainTextEdit(this), "modelsText", tr("Text of openfactory.yaml"))),
      m_state(plainLabel("modelsState", {}, this)),
      m_goTo(plainButton("modelsGoTo", tr("&Go there"), this)),
      m_example(plainButton("modelsExample", tr("&Add an example"), this)),
      m_discard(plainButton("modelsDiscard", tr("D&iscard"), this)),
      m_save(plainButton("modelsSave", tr("&Save"), this))
{
    named(this, "modelsPane", tr("Models and agents"));
    const int widths[]{165, 105, 160, 165, 90};
    for (int column = 0; column < 5; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setReadOnly(true);
    auto *tried = new QHBoxLayout;
    tried->addWidget(m_try, 0, Qt::AlignTop);
    tried->addWidget(m_tried, 1);
    auto *upper = new QWidget(this);
    auto *upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 0, 0, 0);
    upperLayout->addWidget(m_table, 1);
    upperLayout->addLayout(tried);
    upperLayout->addWidget(m_budget);
    auto *lower = new QWidget(this);
    auto *lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 0, 0, 0);
    auto *about = plainLabel("modelsAbout",
                             tr("%1: every key is explained in docs/models.md and docs/agents.md. What is saved holds "
                                "from the next start on.")
                                 .arg(displayable(console.models.path)),
                             lower);
    about->setBuddy(m_text);
    lowerLayout->addWidget(about);
    lowerLayout->addWidget(m_text, 1);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(QStringLiteral("modelsSplitter"));
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(upper);
    splitter->addWidget(lower);
    splitter->setSizes({200, 320});
    keepSplit(*splitter);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_state, 1);
    buttons->addWidget(m_goTo);
    buttons->addWidget(m_example);
    buttons->addWidget(m_discard);
    buttons->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(splitter, 1);
    layout->addLayout(buttons);

    m_typed.setSingleShot(true);
    m_typed.setInterval(kJudgeAfterMs);
    connect(&m_typed, &QTimer::timeout, this, &ModelsPane::judge);
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        m_told.clear();
        m_judging = true;
        if (!m_trying)
            m_result.clear(); // it was said of another text
        m_typed.start();
        showState();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (!m_trying)
            m_result.clear();
        showState();
    });
    connect(m_try, &QPushButton::clicked, this, &ModelsPane::tryOut);
    connect(m_example, &QPushButton::clicked, this, &ModelsPane::addExample);
    connect(m_goTo, &QPushButton::clicked, this, [this] {
        QTextCursor cursor(m_text->document()->findBlockByNumber(m_place.first - 1));
        cursor.movePosition(QTextCursor::Right, QTextCursor::MoveAnchor,
                            std::min(m_place.second - 1, int(cursor.block().length()) - 1));
        m_text->setTextCursor(cursor);
        m_text->setFocus();
    });
    connect(m_discard, &QPushButton::clicked, this, &ModelsPane::load);
    connect(m_save, &QPushButton::clicked, this, &ModelsPane::save);
    showState();
    load();
    if (console.reader)
        console.reader->ask(
            this, [](ReadSide &side) { return side.lastCalls(); },
            [this](const Result<std::map<QString, AuthorCallRecord>> &calls) {
                if (!calls)
                    return;
                m_calls = *calls;
                fill();
            });
}

ModelsPane::~ModelsPane()
{
    m_stop.request_stop();
}

bool ModelsPane::isChanged() const
{
    return m_read && m_text->toPlainText().toUtf8() != m_saved;
}

void ModelsPane::load()
{
    if (!m_console.models.read)
        return;
    aside(this, "models read", m_console.models.read, [this](const Result<ModelsText> &read) {
        if (!read) { // it is shown as it is where it can be read at all, so that it can be mended here
            m_error = errorText(read.error());
            m_told.clear();
            showState();
            return;
        }
        m_read = true;
        m_saved = read->text;
        m_text->setReadOnly(false);
        m_text->setPlainText(QString::fromUtf8(read->text));
        m_told.clear();
        judge();
    });
}

void ModelsPane::judge()
{
    m_typed.stop();
    const QByteArray text = m_text->toPlainText().toUtf8();
    aside(
        this, "models judge", [judge = m_console.models.judge, text] { return judge(text); },
        [this, text](const Result<ModelsText> &judged) {
            if (m_text->toPlainText().toUtf8() != text)
                return; // something was typed meanwhile, and is judged in its turn
            m_judging = false;
            m_place = judged ? std::pair(0, 0) : placeOf(judged.error());
            m_error = judged ? QString() : errorText(judged.error());
            if (m_place.first > 0)
                m_error = tr("Line %1, column %2: %3").arg(m_place.first).arg(m_place.second).arg(m_error);
            if (judged)
                take(*judged);
            showState();
        });
}

void ModelsPane::take(const ModelsText &text)
{
    m_good = text;
    fill();
}

QString ModelsPane::lastCallText(const ModelEntry &entry) const
{
    const auto call = m_calls.find(entry.name);
    if (call == m_calls.end())
        return tr("none yet");
    const AuthorCallRecord &last = call->second;
    const QString when = agoText(last.startedMs, m_console.clock->wallMs());
    return last.note.isEmpty() ? tr("%1, %2, in %3").arg(last.ending, when, spanText(last.latencyMs))
                               : tr("%1, %2: %3").arg(last.ending, when, displayable(last.note.left(300)));
}

void ModelsPane::fill()
{
    std::vector<TableRow> rows;
    for (const ModelEntry &entry : m_good.entries) {
        QStringList marks;
        if (entry.agent)
            marks << tr("agent");
        if (entry.standard)
            marks << tr("default");
        if (entry.repairs)
            marks << tr("for failed gates");
        const auto call = m_calls.find(entry.name);
        const bool answered = call != m_calls.end() && call->second.ending == u"answered";
        const QString name = displayable(entry.name);
        rows.push_back({entry.name,
                        {marks.isEmpty() ? name : tr("%1 (%2)").arg(name, marks.join(QStringLiteral(", "))),
                         displayable(entry.model), displayable(entry.address),
                         entry.keys.isEmpty() ? tr("none")
                         : !entry.keysThere   ? tr("%1: not there").arg(displayable(entry.keys))
                                              : displayable(entry.keys),
                         entry.price.isEmpty() ? tr("none") : displayable(entry.price), lastCallText(entry)},
                        !entry.keysThere        ? Mark::Failed
                        : call == m_calls.end() ? Mark::NotStarted
                        : answered              ? Mark::Passed
                                                : Mark::Failed,
                        displayable(entry.address),
                        {}});
    }
    m_rows.setRows(std::move(rows));
    if (!m_table->currentIndex().isValid() && m_rows.rowCount() > 0)
        m_table->setCurrentIndex(m_rows.index(0, 0));
    QStringList limits;
    if (m_good.budgetTokens)
        limits << tr("%1 tokens").arg(QLocale().toString(*m_good.budgetTokens));
    if (!m_good.budgetCost.isEmpty())
        limits << m_good.budgetCost;
    m_budget->setText(limits.isEmpty() ? tr("The calls of a job have no limit (job_budget).")
                                       : tr("The calls of a job may take %1.").arg(limits.join(QStringLiteral(", "))));
}

const ModelEntry *ModelsPane::chosen() const
{
    const QString key = m_table->currentIndex().siblingAtColumn(0).data(KeyRole).toString();
    const auto entry = std::ranges::find(m_good.entries, key, &ModelEntry::name);
    return entry == m_good.entries.end() ? nullptr : &*entry;
}

void ModelsPane::showState()
{
    const ModelEntry *entry = chosen();
    const bool good = m_read && m_error.isEmpty() && !m_judging;
    m_try->setEnabled(entry && !entry->agent && good && !m_trying);
    m_tried->setText(!m_result.isEmpty()  ? m_result
                     : !m_error.isEmpty() ? tr("Nothing can be tried while the text has a fault.")
                     : !entry             ? tr("No model is described yet.")
                     : entry->agent       ? tr("An agent is tried by its first run.")
                                          : tr("One small call, as the text below describes the model; it may cost a "
                                                     "little."));
    const bool changed = isChanged();
    m_state->setText(!m_told.isEmpty()    ? m_told
                     : !m_error.isEmpty() ? QStringLiteral("✗ ") + m_error
                     : changed            ? tr("Not saved yet.")
                                          : QString());
    m_goTo->setVisible(m_told.isEmpty() && !m_error.isEmpty() && m_place.first > 0);
    m_save->setEnabled(good && changed && !m_busy);
    m_discard->setEnabled(m_read && changed && !m_busy);
    m_example->setEnabled(good && m_good.entries.empty());
}

void ModelsPane::tryOut()
{
    const ModelEntry *entry = chosen();
    if (!entry || m_trying)
        return;
    m_trying = true;
    m_result = tr("Asking %1…").arg(displayable(entry->name));
    showState();
    aside(
        this, "model try",
        [tryOut = m_console.models.tryOut, text = m_good.text, name = entry->name, stop = m_stop.get_token()] {
            return tryOut(text, name, stop);
        },
        [this, name = displayable(entry->name)](const Result<ModelTried> &tried) {
            m_trying = false;
            m_result = tried ? triedText(name, *tried) : errorText(tried.error());
            QAccessibleAnnouncementEvent event(this, m_result);
            QAccessible::updateAccessibility(&event);
            showState();
        });
}

void ModelsPane::save()
{
    const QByteArray text = m_text->toPlainText().toUtf8();
    m_busy = true;
    showState();
    aside(
        this, "models save", [save = m_console.models.save, text, seen = m_saved] { return save(text, seen); },
        [this, text](const Result<void> &done) {
            m_busy = false;
            if (done) {
                m_saved = text;
                m_told = tr("Saved; it holds from the next start of the console and of each worker.");
                Q_EMIT said(m_told);
            } else {
                m_told = errorText(done.error());
            }
            QAccessibleAnnouncementEvent event(this, m_told);
            QAccessible::updateAccessibility(&event);
            showState();
        });
}

void ModelsPane::addExample()
{
    QString text = m_text->toPlainText();
    if (!text.isEmpty() && !text.endsWith(u'\n'))
        text += u'\n';
    m_text->setPlainText(text + kExample);
    m_text->moveCursor(QTextCursor::End);
    m_text->setFocus();
}

} // namespace openfactory::ui

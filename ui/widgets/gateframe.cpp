// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/gateframe.h"

#include "core/base/text.h"
#include "ui/widgets/documentreview.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QAction>
#include <QButtonGroup>
#include <QCheckBox>
#include <QFrame>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QTreeView>

namespace openfactory::ui {

namespace {

void empty(QLayout *layout)
{
    while (QLayoutItem *item = layout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
}

QLabel *markLabel(Mark mark, int size)
{
    auto *label = new QLabel;
    label->setPixmap(markIcon(mark).pixmap(QSize(size, size), label->devicePixelRatio()));
    label->setAccessibleName(markText(mark));
    label->setToolTip(markText(mark).toHtmlEscaped());
    label->setFixedWidth(size + 2);
    return label;
}

constexpr int kLeastRisks = 90; ///< pixels

/// As high as what is in it where there is room for that, and scrolled where there is none.
class RiskScroll : public QScrollArea {
public:
    using QScrollArea::QScrollArea;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        const bool done = QScrollArea::eventFilter(watched, event);
        if (watched == widget() && event->type() == QEvent::LayoutRequest)
            fit();
        else if (event->type() == QEvent::FocusIn && watched->isWidgetType() && watched != widget())
            ensureWidgetVisible(static_cast<QWidget *>(watched)); // the Tab key came to it from outside
        return done;
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        QScrollArea::resizeEvent(event);
        fit();
    }
    void showEvent(QShowEvent *event) override
    {
        QScrollArea::showEvent(event);
        fit();
    }

private:
    void fit()
    {
        const QWidget *held = widget();
        const int wanted = held->hasHeightForWidth() ? held->heightForWidth(viewport()->width())
                                                     : held->sizeHint().height();
        if (wanted <= 0)
            return; // nothing in it is shown yet
        setMinimumHeight(std::min(wanted, kLeastRisks));
        setMaximumHeight(wanted);
    }
};

} // namespace

GateFrame::GateFrame(GatePresenter &presenter, QWidget *parent)
    : QWidget(parent),
      m_presenter(presenter),
      m_mark(new QLabel(this)),
      m_title(headingLabel("gateTitle", {}, this)),
      m_instructions(plainLabel("gateInstructions", {}, this)),
      m_stale(new QFrame(this)),
      m_staleText(plainLabel("gateStaleText", {}, this)),
      m_cards(new QVBoxLayout)
{
    setObjectName(QStringLiteral("gateFrame"));
    setAccessibleName(tr("Gate"));
    m_mark->setObjectName(QStringLiteral("gateMark"));

    auto *reload = plainButton("gateReload", tr("&Reload evidence"), m_stale);
    connect(reload, &QPushButton::clicked, &m_presenter, &GatePresenter::reload);
    auto *staleLine = new QHBoxLayout(m_stale);
    m_stale->setObjectName(QStringLiteral("gateStale"));
    static_cast<QFrame *>(m_stale)->setFrameShape(QFrame::StyledPanel);
    staleLine->addWidget(markLabel(Mark::Interrupted, 16));
    staleLine->addWidget(m_staleText, 1);
    staleLine->addWidget(reload);

    auto *evidence = new QWidget;
    evidence->setObjectName(QStringLiteral("gateEvidence"));
    auto *evidenceLayout = new QVBoxLayout(evidence);
    evidenceLayout->setContentsMargins(0, 0, 6, 0);
    m_cards->setSpacing(6);
    evidenceLayout->addLayout(m_cards);
    m_document = new DocumentReview(m_presenter, evidence);
    evidenceLayout->addWidget(m_document, 10);
    auto *findings = makeTable("gateFindings", tr("Findings"), m_presenter.findings());
    findings->setColumnWidth(0, 110);
    findings->setColumnWidth(2, 170);
    findings->setColumnWidth(3, 120);
    findings->setColumnWidth(4, 90);
    fitRows(*findings, 12, 1);
    findings->setToolTip(tr("Enter opens the place of a finding, Shift+Enter the log of its attempt"));
    connect(findings, &QTreeView::activated, this, &GateFrame::findingWanted);
    auto *log = new QAction(tr("Show in the log"), findings);
    log->setObjectName(QStringLiteral("gateFindingInLog"));
    log->setShortcut(QKeySequence(Qt::SHIFT | Qt::Key_Return));
    log->setShortcutContext(Qt::WidgetShortcut);
    connect(log, &QAction::triggered, this, [this, findings] { Q_EMIT logWanted(findings->currentIndex()); });
    findings->addAction(log);
    findings->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_findings = findings;
    evidenceLayout->addWidget(findings);
    evidenceLayout->addStretch(1);
    m_scroll = named(new QScrollArea(this), "gateEvidenceScroll", tr("Evidence"));
    m_scroll->setWidget(evidence);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    setFocusProxy(m_scroll); // one reads before one decides

    m_decision = makeDecision();
    m_handBack = makeHandBack();
    auto *column = new QVBoxLayout;
    column->addWidget(m_decision);
    column->addWidget(m_handBack, 0, Qt::AlignTop);

    auto *head = new QHBoxLayout;
    head->addWidget(m_mark, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    m_openJob = plainButton("gateOpenJob", tr("Open &job"), this);
    connect(m_openJob, &QPushButton::clicked, this, &GateFrame::jobWanted);
    m_contract = plainButton("gateContract", tr("View c&ontract…"), this);
    connect(m_contract, &QPushButton::clicked, this, [this] { Q_EMIT contractWanted(m_presenter.contractText()); });
    head->addWidget(m_contract, 0, Qt::AlignTop);
    head->addWidget(m_openJob, 0, Qt::AlignTop);
    auto *body = new QHBoxLayout;
    body->addWidget(m_scroll, 1);
    body->addLayout(column);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_instructions);
    layout->addWidget(m_stale);
    layout->addLayout(body, 1);

    auto *shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    shortcut->setContext(Qt::WidgetWithChildrenShortcut);
    connect(shortcut, &QShortcut::activated, &m_presenter, &GatePresenter::submit);

    connect(&m_presenter, &GatePresenter::changed, this, &GateFrame::show);
    connect(&m_presenter, &GatePresenter::inputChanged, this, &GateFrame::showInput);
    connect(&m_presenter, &GatePresenter::pendingChanged, this, &GateFrame::showInput);
    show();
}

QWidget *GateFrame::makeDecision()
{
    auto *box = new QGroupBox(tr("Decision"), this);
    box->setObjectName(QStringLiteral("gateDecision"));
    box->setAccessibleName(tr("Decision"));
    box->setFixedWidth(340);
    auto *layout = new QVBoxLayout(box);
    m_kinds = new QButtonGroup(box);
    const std::tuple<const char *, QString, DecisionKind> kinds[]{
        {"gateApprove", tr("&Approve"), DecisionKind::Approve},
        {"gateRequestChanges", tr("Request &changes"), DecisionKind::RequestChanges},
        {"gateReject", tr("&Reject"), DecisionKind::Reject}};
    for (const auto &[name, text, kind] : kinds) {
        auto *radio = new QRadioButton(text, box);
        named(radio, name, QString(text).remove(u'&'));
        m_kinds->addButton(radio, int(kind));
        layout->addWidget(radio);
    }
    connect(m_kinds, &QButtonGroup::idToggled, this, [this](int id, bool on) {
        if (on)
            m_presenter.setDecision(DecisionKind(id));
    });
    m_risksTitle = plainLabel("gateRisksTitle", tr("Risks, each accepted by name:"), box);
    layout->addWidget(m_risksTitle);
    auto *risks = new QWidget;
    risks->setObjectName(QStringLiteral("gateRisks"));
    m_risks = new QVBoxLayout(risks);
    m_risks->setContentsMargins(0, 0, 0, 0);
    m_riskScroll = named(new RiskScroll(box), "gateRiskScroll", tr("Risks"));
    m_riskScroll->setWidget(risks);
    risks->setAutoFillBackground(false); // it is a part of the column
    m_riskScroll->viewport()->setAutoFillBackground(false);
    m_riskScroll->setWidgetResizable(true);
    m_riskScroll->setFrameShape(QFrame::NoFrame);
    m_riskScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_riskScroll->setFocusPolicy(Qt::NoFocus); // the Tab key goes to what is in it
    layout->addWidget(m_riskScroll, 3);

    auto *label = plainLabel("gateCommentLabel", tr("Co&mment"), box);
    label->setTextInteractionFlags(Qt::NoTextInteraction);
    m_comment = named(new QPlainTextEdit(box), "gateComment", tr("Comment"));
    m_comment->setTabChangesFocus(true);
    m_comment->setPlaceholderText(tr("Why; at least %n characters where a risk is accepted or the change goes back",
                                     nullptr, GatePresenter::kLeastComment));
    m_comment->setMinimumHeight(70);
    label->setBuddy(m_comment);
    layout->addWidget(label);
    layout->addWidget(m_comment, 1);
    connect(m_comment, &QPlainTextEdit::textChanged, this,
            [this] { m_presenter.setComment(m_comment->toPlainText()); });

    m_summary = plainLabel("gateSummary", {}, box);
    layout->addWidget(m_summary);
    m_whyNot = plainLabel("gateWhyNot", {}, box);
    layout->addWidget(m_whyNot);
    m_submit = plainButton("gateSubmit", tr("Submit"), box);
    m_submit->setToolTip(tr("Ctrl+Return"));
    connect(m_submit, &QPushButton::clicked, &m_presenter, &GatePresenter::submit);
    layout->addWidget(m_submit);
    m_undo = plainButton("gateUndo", tr("&Undo: take the decision back"), box);
    connect(m_undo, &QPushButton::clicked, &m_presenter, &GatePresenter::undo);
    layout->addWidget(m_undo);
    return box;
}

QWidget *GateFrame::makeHandBack()
{
    auto *box = new QGroupBox(tr("What you can do"), this);
    box->setObjectName(QStringLiteral("gateHandBack"));
    box->setAccessibleName(tr("What you can do"));
    box->setFixedWidth(340);
    auto *layout = new QVBoxLayout(box);
    m_handBackText = plainLabel("gateHandBackText", {}, box);
    m_openFolder = plainButton("gateOpenFolder", tr("Open the &workspace"), box);
    m_goOn = plainButton("gateGoOn", tr("I am &done: go on"), box);
    m_answer = named(new QPlainTextEdit(box), "gateAnswer", tr("Your answer"));
    m_answer->setPlaceholderText(tr("Your answer"));
    m_answer->setTabChangesFocus(true);
    m_answer->setMaximumHeight(110);
    m_sendAnswer = plainButton("gateSendAnswer", tr("Send the a&nswer"), box);
    m_sendAnswer->setEnabled(false);
    connect(m_answer, &QPlainTextEdit::textChanged, this,
            [this] { m_sendAnswer->setEnabled(!m_answer->toPlainText().trimmed().isEmpty()); });
    connect(m_sendAnswer, &QPushButton::clicked, this, [this] { m_presenter.answer(m_answer->toPlainText()); });
    m_retry = plainButton("gateRetry", tr("&Try again from the start"), box);
    m_archive = plainButton("gateArchive", tr("&Archive the job"), box);
    m_cancel = plainButton("gateCancelJob", tr("&End the job"), box);
    connect(m_openFolder, &QPushButton::clicked, this, [this] {
        if (m_presenter.details())
            Q_EMIT folderWanted(m_presenter.details()->job.progress.workspace);
    });
    connect(m_goOn, &QPushButton::clicked, &m_presenter, &GatePresenter::goOn);
    connect(m_retry, &QPushButton::clicked, &m_presenter, &GatePresenter::retryFromStart);
    connect(m_archive, &QPushButton::clicked, &m_presenter, &GatePresenter::archive);
    connect(m_cancel, &QPushButton::clicked, &m_presenter, &GatePresenter::cancelJob);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_handBackText, m_openFolder, m_answer, m_sendAnswer,
                                                            m_goOn, m_retry, m_archive, m_cancel})
        layout->addWidget(widget);
    layout->addStretch(1);
    return box;
}

void GateFrame::show()
{
    using Kind = GatePresenter::Kind;
    const Kind kind = m_presenter.kind();
    m_title->setText(m_presenter.isRead() ? m_presenter.title() : tr("Reading the evidence…"));
    m_instructions->setText(m_presenter.instructions());
    m_instructions->setVisible(!m_presenter.instructions().isEmpty());
    const Mark mark = kind == Kind::HardStop ? Mark::Blocked : kind == Kind::None ? Mark::Skipped : Mark::Waiting;
    m_mark->setPixmap(markIcon(mark).pixmap(QSize(24, 24), devicePixelRatio()));
    m_mark->setAccessibleName(markText(mark));
    m_mark->setVisible(m_presenter.isRead());
    m_decision->setVisible(m_presenter.mayDecide());
    m_kinds->button(int(DecisionKind::Approve))->setVisible(m_presenter.mayApprove());
    const bool handBack = kind != Kind::Approval && kind != Kind::None;
    m_handBack->setVisible(handBack);
    const bool change = kind == Kind::Change || kind == Kind::Conflict;
    m_openFolder->setVisible(change);
    const bool document = kind == Kind::Document;
    m_document->setVisible(document);
    const bool writes = document && !m_presenter.draft()->review;
    const bool question = kind == Kind::Clarification;
    m_goOn->setVisible(change || question || writes);
    m_goOn->setText(question ? tr("&Go on without an answer") : tr("I am &done: go on"));
    m_answer->setVisible(question);
    m_sendAnswer->setVisible(question);
    if (!question)
        m_answer->clear();
    m_retry->setVisible(kind == Kind::HardStop);
    m_archive->setVisible(kind == Kind::HardStop);
    m_handBackText->setText(
        kind == Kind::HardStop ? tr("The change has to come back inside the contract. Nothing that "
                                    "was made is lost.")
        : document ? (writes ? tr("Write the document, save it, then go on: it is judged before anything is "
                                  "planned on it.")
                             : tr("The author wrote this spec. Edit it until it says what you want, then "
                                  "accept it: nothing is planned before."))
        : change   ? tr("Make the change in the workspace, save it, then go on. What does not pass is "
                          "taken back and kept.")
                   : tr("The author asks once, before the spec is frozen. Without an answer it states "
                          "assumptions instead."));
    // A gate starts with nothing chosen; what was chosen for the same gate stays.
    m_kinds->setExclusive(false);
    for (QAbstractButton *button : m_kinds->buttons())
        button->setChecked(m_presenter.decision() == DecisionKind(m_kinds->id(button)));
    m_kinds->setExclusive(true);
    m_findings->setVisible(m_presenter.findings().rowCount() > 0);
    showCards();
    showRisks();
    showInput();
}

void GateFrame::setChanges(QWidget *changes)
{
    m_changes = changes;
    m_changes->setParent(this);
    m_changes->hide();
    show();
}

QWidget *GateFrame::makeCard(const EvidenceCard &card)
{
    auto *frame = new QFrame;
    frame->setObjectName(QStringLiteral("card-") + card.key);
    frame->setAccessibleName(tr("%1: %2, %3").arg(card.title, markText(card.mark), card.text));
    frame->setFrameShape(QFrame::StyledPanel);
    auto *line = new QHBoxLayout(frame);
    line->setContentsMargins(8, 4, 8, 4);
    line->addWidget(markLabel(card.mark, 16), 0, Qt::AlignTop);
    auto *title = plainLabel("cardTitle", card.title);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    title->setFixedWidth(title->fontMetrics().horizontalAdvance(tr("Earlier decisions")) + 24);
    line->addWidget(title, 0, Qt::AlignTop);
    QStringList lines{card.text};
    lines += card.details;
    line->addWidget(plainLabel("cardText", lines.join(u'\n')), 1, Qt::AlignTop);
    if (card.key == u"change" && m_changes) {
        m_viewed = plainLabel("cardViewed");
        m_viewed->setWordWrap(false);
        m_viewed->setContentsMargins(8, 0, 4, 0);
        line->addWidget(m_viewed, 0, Qt::AlignTop);
        m_changesButton = plainButton("cardReview", {});
        m_changesButton->setCheckable(true);
        connect(m_changesButton, &QPushButton::toggled, this, &GateFrame::openChanges);
        line->addWidget(m_changesButton, 0, Qt::AlignTop);
    }
    if (!card.tab.isEmpty()) {
        auto *more = plainButton("cardShow", tr("Show"));
        more->setAccessibleName(tr("Show %1").arg(card.title));
        connect(more, &QPushButton::clicked, this, [this, tab = card.tab] { Q_EMIT sourceWanted(tab); });
        line->addWidget(more, 0, Qt::AlignTop);
    }
    return frame;
}

QWidget *GateFrame::makeMeters()
{
    auto *boundary = new QFrame;
    boundary->setObjectName(QStringLiteral("boundaryMeter"));
    boundary->setAccessibleName(tr("Boundary"));
    auto *grid = new QGridLayout(boundary);
    grid->setContentsMargins(34, 0, 8, 0);
    int row = 0;
    for (const Meter &meter : m_presenter.meters()) {
        grid->addWidget(plainLabel("meterLabel", meter.label), row, 0);
        if (meter.limit > 0) {
            auto *bar = named(new QProgressBar, "meter", tr("%1: %2").arg(meter.label, meter.text));
            bar->setTextVisible(false);
            bar->setMaximumHeight(10);
            bar->setRange(0, int(meter.limit));
            bar->setValue(int(std::min(meter.value, meter.limit)));
            grid->addWidget(bar, row, 1);
        }
        auto *text = plainLabel("meterText", meter.text);
        text->setWordWrap(false);
        grid->addWidget(text, row, 2);
        ++row;
    }
    grid->setColumnStretch(1, 1);
    return boundary;
}

void GateFrame::showCards()
{
    if (m_changes)
        m_cards->removeWidget(m_changes); // it is not made anew: a person may be in the middle of it
    empty(m_cards);
    const bool approval = m_presenter.kind() == GatePresenter::Kind::Approval;
    if (m_changes && !approval)
        m_changes->hide();
    if (approval) {
        for (const EvidenceCard &card : m_presenter.cards()) {
            m_cards->addWidget(makeCard(card));
            if (card.key != u"change")
                continue;
            if (m_changes) {
                m_cards->addWidget(m_changes);
                m_changesButton->setChecked(m_changesOpen);
                openChanges(m_changesOpen);
            }
            if (!m_presenter.meters().empty())
                m_cards->addWidget(makeMeters());
        }
    }
    orderTabs();
}

/// The change below its card, as high as what is seen at once.
void GateFrame::openChanges(bool open)
{
    const bool opens = open && !m_changesOpen;
    m_changesOpen = open;
    m_changes->setFixedHeight(std::max(320, m_scroll->viewport()->height() - 60));
    m_changes->setVisible(open);
    m_changesButton->setText(open ? tr("Fold the change") : tr("Review here"));
    m_changesButton->setAccessibleName(m_changesButton->text());
    if (!opens)
        return;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_scroll->widget()->layout()->activate();
            if (m_changesButton)
                m_scroll->verticalScrollBar()->setValue(m_changesButton->mapTo(m_scroll->widget(), QPoint()).y()
                                                        - 8); // the card stays in sight
        },
        Qt::QueuedConnection);
    m_changes->setFocus();
}

void GateFrame::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_changes && m_changesOpen)
        m_changes->setFixedHeight(std::max(320, m_scroll->viewport()->height() - 60));
}

/// The Tab key goes as one reads: what the gate is, the evidence from the top, the decision.
void GateFrame::orderTabs()
{
    QWidget *before = m_openJob;
    setTabOrder(m_contract, before);
    const auto next = [&](QWidget *widget) {
        setTabOrder(before, widget);
        before = widget;
    };
    for (int i = 0; i < m_cards->count(); ++i) {
        QWidget *card = m_cards->itemAt(i)->widget();
        if (card == m_changes) {
            // In its own order, as the chain has it; only its place is another.
            QList<QWidget *> stops;
            for (QWidget *stop = m_changes->nextInFocusChain(); stop != m_changes; stop = stop->nextInFocusChain()) {
                const bool tab = (stop->focusPolicy() & Qt::TabFocus) == Qt::TabFocus && !stop->focusProxy();
                if (tab && m_changes->isAncestorOf(stop) && stop->window() == window())
                    stops << stop;
            }
            for (QWidget *stop : std::as_const(stops))
                next(stop);
            continue;
        }
        for (auto *button : card->findChildren<QPushButton *>())
            next(button);
    }
    next(m_findings);
    for (QAbstractButton *kind : m_kinds->buttons())
        next(kind);
}

void GateFrame::showRisks()
{
    empty(m_risks);
    const auto risks = m_presenter.openRisks();
    QWidget *before = m_kinds->button(int(DecisionKind::Reject));
    m_risksTitle->setVisible(!risks.empty());
    m_riskScroll->setVisible(!risks.empty());
    for (const Risk &risk : risks) {
        const QString text = displayable(risk.text.left(300));
        auto *box = new QCheckBox(tr("I accept: %1").arg(QString(risk.name).replace(u'&', QStringLiteral("&&"))));
        box->setObjectName(QStringLiteral("risk-") + risk.name);
        box->setAccessibleName(tr("I accept the risk %1: %2").arg(risk.name, text));
        box->setChecked(m_presenter.isAccepted(risk.name));
        connect(box, &QCheckBox::toggled, this,
                [this, name = risk.name](bool on) { m_presenter.setAccepted(name, on); });
        box->installEventFilter(m_riskScroll);
        m_risks->addWidget(box);
        setTabOrder(before, box);
        before = box;
        auto *label = plainLabel("riskText", text);
        label->setIndent(22);
        m_risks->addWidget(label);
    }
    setTabOrder({before, m_comment, m_submit, m_undo});
}

void GateFrame::showInput()
{
    const QString why = m_presenter.whyNot();
    const bool stale = m_presenter.isStale();
    m_stale->setVisible(stale);
    m_staleText->setText(stale ? tr("The evidence is stale: %1").arg(m_presenter.staleText()) : QString());
    const bool locked = stale || m_presenter.isPending();
    for (QAbstractButton *button : m_kinds->buttons())
        button->setEnabled(!locked);
    m_comment->setEnabled(!locked);
    for (int i = 0; i < m_risks->count(); ++i)
        m_risks->itemAt(i)->widget()->setEnabled(!locked);
    if (m_comment->toPlainText() != m_presenter.comment()) // remarks on lines came into it
        m_comment->setPlainText(m_presenter.comment());
    if (m_viewed)
        m_viewed->setText(m_presenter.viewedText());
    m_summary->setText(m_presenter.summary());
    m_whyNot->setText(why);
    m_whyNot->setVisible(!why.isEmpty());
    m_submit->setEnabled(why.isEmpty());
    m_submit->setAccessibleDescription(why.isEmpty() ? m_presenter.summary() : why);
    QString act = tr("Submit");
    if (const auto decision = m_presenter.decision())
        act = *decision == DecisionKind::Approve          ? tr("Approve")
              : *decision == DecisionKind::RequestChanges ? tr("Request changes")
                                                          : tr("Reject");
    m_submit->setText(act);
    m_submit->setAccessibleName(act);
    m_undo->setVisible(m_presenter.isPending());
}

} // namespace openfactory::ui

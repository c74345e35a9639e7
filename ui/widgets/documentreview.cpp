// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/documentreview.h"

#include "core/base/text.h"
#include "ui/widgets/markdownview.h"
#include "ui/widgets/named.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QSettings>
#include <QStackedWidget>

namespace openfactory::ui {

namespace {

QString keyOf(const JobId &job)
{
    return QStringLiteral("documents/") + job.text();
}

} // namespace

DocumentReview::DocumentReview(GatePresenter &presenter, QWidget *parent)
    : QWidget(parent),
      m_presenter(presenter),
      m_stack(new QStackedWidget(this)),
      m_read(named(new MarkdownView(this), "documentText", tr("The document"))),
      m_edit(named(new QPlainTextEdit(this), "documentEdit", tr("The document, to be edited"))),
      m_fault(plainLabel("documentFault", {}, this)),
      m_accept(plainButton("documentAccept", tr("&Accept the spec"), this)),
      m_change(plainButton("documentChange", tr("Ed&it…"), this)),
      m_save(plainButton("documentSave", tr("&Save"), this)),
      m_drop(plainButton("documentDrop", tr("&Drop my edits"), this))
{
    named(this, "documentReview", tr("The document"));
    m_edit->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_edit->setTabChangesFocus(true);
    m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_stack->addWidget(m_read);
    m_stack->addWidget(m_edit);
    auto *acts = new QHBoxLayout;
    for (QPushButton *button : {m_accept, m_change, m_save, m_drop})
        acts->addWidget(button);
    acts->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_fault);
    layout->addLayout(acts);
    connect(m_accept, &QPushButton::clicked, &m_presenter, &GatePresenter::acceptSpec);
    connect(m_change, &QPushButton::clicked, this, [this] { edit(true); });
    connect(m_drop, &QPushButton::clicked, this, [this] {
        forget();
        edit(false);
    });
    m_keep.setSingleShot(true);
    m_keep.setInterval(500);
    connect(&m_keep, &QTimer::timeout, this, &DocumentReview::keep);
    connect(m_edit, &QPlainTextEdit::textChanged, &m_keep, qOverload<>(&QTimer::start));
    connect(m_save, &QPushButton::clicked, this, [this] { m_presenter.editDraft(m_edit->toPlainText().toUtf8()); });
    connect(&m_presenter, &GatePresenter::changed, this, &DocumentReview::show);
    connect(&m_presenter, &GatePresenter::draftSaved, this, [this] {
        forget();
        edit(false);
    });
    connect(&m_presenter, &GatePresenter::draftRefused, this, [this](const QString &why) {
        m_fault->setText(why);
        show();
    });
    edit(false);
}

bool DocumentReview::isEditing() const
{
    return m_stack->currentWidget() == m_edit;
}

void DocumentReview::keep()
{
    if (!isEditing())
        return;
    QSettings settings;
    settings.setValue(keyOf(m_job), m_edit->toPlainText());
    settings.sync(); // a kill must not take it
}

void DocumentReview::forget()
{
    m_keep.stop();
    QSettings().remove(keyOf(m_job));
}

void DocumentReview::edit(bool editing)
{
    const DraftView *draft = m_presenter.draft();
    m_job = m_presenter.job();
    m_fault->clear();
    if (editing && draft)
        m_edit->setPlainText(QSettings().value(keyOf(m_job), QString::fromUtf8(draft->yaml)).toString());
    m_keep.stop();
    m_stack->setCurrentWidget(editing ? static_cast<QWidget *>(m_edit) : m_read);
    show();
    if (editing)
        m_edit->setFocus();
}

void DocumentReview::show()
{
    const DraftView *draft = m_presenter.draft();
    if (isEditing() && (!draft || m_job != m_presenter.job())) {
        if (m_keep.isActive())
            keep();
        return edit(false); // another gate, or nobody waits for it any more
    }
    const bool editing = isEditing();
    m_accept->setVisible(draft && draft->review && !editing);
    m_change->setVisible(draft && !editing);
    m_change->setText(draft && QSettings().contains(keyOf(m_presenter.job())) ? tr("Go on ed&iting…") : tr("Ed&it…"));
    m_save->setVisible(editing);
    m_drop->setVisible(editing);
    m_fault->setVisible(editing && !m_fault->text().isEmpty());
    if (!draft || editing)
        return;
    const QString markdown = m_presenter.draftMarkdown();
    if (markdown.isEmpty() || markdown.size() > MarkdownView::kMost)
        m_read->setPlainText(displayableLines(QString::fromUtf8(draft->yaml)));
    else
        m_read->setHostileMarkdown(markdown);
}

} // namespace openfactory::ui

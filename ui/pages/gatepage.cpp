// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/gatepage.h"

#include "ui/dialogs/ask.h"
#include "ui/widgets/gateframe.h"

#include <QDesktopServices>
#include <QSettings>
#include <QUrl>
#include <QVBoxLayout>

namespace openfactory::ui {

namespace {

QString draftKey(const JobId &job)
{
    return QStringLiteral("drafts/") + job.text();
}

} // namespace

GatePage::GatePage(Console &console, QWidget *parent)
    : QWidget(parent),
      m_presenter(*console.reader, *console.desk, *console.clock),
      m_frame(new GateFrame(m_presenter, this))
{
    setObjectName(QStringLiteral("gatePage"));
    setAccessibleName(tr("Gate"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_frame);
    m_presenter.setGrace(std::chrono::milliseconds(QSettings().value(QStringLiteral("graceMs"), 5000).toInt()));
    m_draft.setSingleShot(true);
    m_draft.setInterval(1000);
    connect(&m_draft, &QTimer::timeout, this, &GatePage::saveDraft);
    connect(&m_presenter, &GatePresenter::inputChanged, &m_draft, qOverload<>(&QTimer::start));
    connect(&m_presenter, &GatePresenter::changed, this, &GatePage::restoreDraft);
    connect(&m_presenter, &GatePresenter::decided, this, [this](const QString &text) {
        QSettings().remove(draftKey(m_presenter.job()));
        Q_EMIT said(text);
    });
    connect(&m_presenter, &GatePresenter::refused, this, &GatePage::refused);
    connect(console.feed, &ChangeFeed::changed, &m_presenter, &GatePresenter::noteChanged);
    connect(m_frame, &GateFrame::sourceWanted, this,
            [this](const QString &tab) { Q_EMIT jobWanted(m_presenter.job(), tab); });
    connect(m_frame, &GateFrame::jobWanted, this, [this] { Q_EMIT jobWanted(m_presenter.job(), {}); });
    connect(m_frame, &GateFrame::folderWanted, this,
            [](const QString &path) { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    connect(m_frame, &GateFrame::contractWanted, this,
            [this](const QString &text) { showText(this, tr("Contract of the job"), text); });
}

void GatePage::setJob(const JobId &job)
{
    if (job == m_presenter.job()) {
        m_presenter.reload();
        return;
    }
    saveDraft();
    m_presenter.setJob(job);
}

void GatePage::takeRemarks(const JobId &job, const QString &text)
{
    if (job != m_presenter.job() || text.isEmpty() || m_presenter.comment().contains(text))
        return;
    const QString before = m_presenter.comment().trimmed();
    m_presenter.setComment(before.isEmpty() ? text : before + QStringLiteral("\n\n") + text);
    Q_EMIT m_presenter.changed(); // the frame shows it
    Q_EMIT said(tr("Your remarks on the change are in the comment"));
}

void GatePage::restoreDraft()
{
    if (!m_presenter.mayDecide() || m_restored == m_presenter.job())
        return;
    m_restored = m_presenter.job();
    const QString draft = QSettings().value(draftKey(m_presenter.job())).toString();
    if (draft.isEmpty() || !m_presenter.comment().isEmpty())
        return;
    m_presenter.setComment(draft);
    Q_EMIT m_presenter.changed(); // the frame shows it
    Q_EMIT said(tr("Your unfinished comment is back"));
}

void GatePage::saveDraft()
{
    if (!m_presenter.mayDecide() || m_restored != m_presenter.job())
        return;
    QSettings settings;
    if (m_presenter.comment().trimmed().isEmpty())
        settings.remove(draftKey(m_presenter.job()));
    else
        settings.setValue(draftKey(m_presenter.job()), m_presenter.comment());
    settings.sync(); // a kill must not take it
}

GateDialog::GateDialog(Console &console, const JobId &job, QWidget *parent)
    : QDialog(parent),
      m_page(new GatePage(console, this))
{
    setObjectName(QStringLiteral("gateDialog"));
    setAccessibleName(tr("Gate"));
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_page);
    resize(1000, 640);
    connect(&m_page->presenter(), &GatePresenter::changed, this,
            [this] { setWindowTitle(m_page->presenter().title()); });
    m_page->setJob(job);
}

} // namespace openfactory::ui

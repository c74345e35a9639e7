// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/gatepage.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/editor.h"
#include "ui/models/jobpresenter.h"
#include "ui/models/words.h"
#include "ui/pages/changespane.h"
#include "ui/widgets/gateframe.h"

#include <QDesktopServices>
#include <QFile>
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
      m_frame(new GateFrame(m_presenter, this)),
      m_changes(new ChangesPane(console, this))
{
    setObjectName(QStringLiteral("gatePage"));
    setAccessibleName(tr("Gate"));
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_frame);
    setFocusProxy(m_frame);
    m_changes->setReadsAhead(true);
    m_frame->setChanges(m_changes);
    m_presenter.setGrace(std::chrono::milliseconds(QSettings().value(QStringLiteral("graceMs"), 5000).toInt()));
    m_draft.setSingleShot(true);
    m_draft.setInterval(1000);
    connect(&m_draft, &QTimer::timeout, this, &GatePage::saveDraft);
    connect(&m_presenter, &GatePresenter::inputChanged, &m_draft, qOverload<>(&QTimer::start));
    connect(&m_presenter, &GatePresenter::changed, this, &GatePage::restoreDraft);
    connect(&m_presenter, &GatePresenter::changed, this, &GatePage::showChange);
    connect(m_changes, &ChangesPane::commentsChanged, this, &GatePage::takeRemarks);
    connect(m_changes, &ChangesPane::said, this, &GatePage::said);
    connect(m_changes, &ChangesPane::refused, this, &GatePage::refused);
    connect(m_changes, &ChangesPane::readingChanged, this, [this] {
        const auto reading = m_changes->reading().value_or(ChangesPane::Reading());
        m_presenter.setReading(reading.files, reading.viewed, reading.unseen);
    });
    connect(&m_presenter, &GatePresenter::decided, this, [this](const QString &text) {
        QSettings().remove(draftKey(m_presenter.job()));
        m_remarks.clear(); // they went with it
        m_changes->forgetComments();
        Q_EMIT said(text);
    });
    connect(&m_presenter, &GatePresenter::refused, this, &GatePage::refused);
    connect(console.feed, &ChangeFeed::changed, &m_presenter, &GatePresenter::noteChanged);
    connect(m_frame, &GateFrame::sourceWanted, this,
            [this](const QString &tab) { Q_EMIT jobWanted(m_presenter.job(), tab); });
    connect(m_frame, &GateFrame::jobWanted, this, [this] { Q_EMIT jobWanted(m_presenter.job(), {}); });
    connect(m_frame, &GateFrame::folderWanted, this,
            [](const QString &path) { QDesktopServices::openUrl(QUrl::fromLocalFile(path)); });
    connect(m_frame, &GateFrame::findingWanted, this, &GatePage::openFinding);
    connect(m_frame, &GateFrame::logWanted, this, &GatePage::openLog);
    connect(m_frame, &GateFrame::contractWanted, this,
            [this](const QString &text) { showText(this, tr("Contract of the job"), text); });
}

/// Its place in the editor; a finding without one, its log.
void GatePage::openFinding(const QModelIndex &row)
{
    const JobDetails *details = m_presenter.details();
    const RepoPath file = row.data(DataRole).toByteArray();
    if (!details || file.isEmpty())
        return openLog(row);
    const QString place = row.siblingAtColumn(JobPresenter::kPlaceColumn).data().toString();
    const auto opened = openInEditor(details->job.progress.workspace, QFile::decodeName(file),
                                     place.mid(displayPath(file).size() + 1).toInt());
    opened ? Q_EMIT said(*opened) : Q_EMIT refused(errorText(opened.error()));
}

void GatePage::openLog(const QModelIndex &row)
{
    const NodeRef node = NodeRef::fromKey(row.data(KeyRole).toString());
    if (node.stage.isEmpty())
        return;
    Q_EMIT jobWanted(m_presenter.job(), QStringLiteral("log"));
    Q_EMIT linkWanted(QStringLiteral("openfactory://job/%1/%2/%3#log")
                          .arg(m_presenter.job().text(), QString::fromLatin1(QUrl::toPercentEncoding(node.stage)),
                               QString::number(node.attempt)));
}

void GatePage::setJob(const JobId &job)
{
    if (job == m_presenter.job()) {
        m_presenter.reload();
        return;
    }
    saveDraft();
    m_remarks.clear();
    m_presenter.setJob(job);
}

/// The change as the gate has read it, which is what is decided on; it stays when the evidence becomes stale.
void GatePage::showChange()
{
    const JobDetails *details = m_presenter.mayDecide() ? m_presenter.details() : nullptr;
    if (details)
        m_changes->showRange(*details, {details->job.progress.base, details->job.progress.head});
    else
        m_changes->clear();
}

void GatePage::takeRemarks()
{
    const QString text = m_changes->commentsAsText();
    if (!m_presenter.mayDecide() || text == m_remarks)
        return;
    QString comment = m_presenter.comment();
    if (!m_remarks.isEmpty() && comment.contains(m_remarks))
        comment.replace(m_remarks, text);
    else if (!text.isEmpty() && !comment.contains(text))
        comment = comment.trimmed().isEmpty() ? text : comment.trimmed() + QStringLiteral("\n\n") + text;
    m_remarks = text;
    if (comment == m_presenter.comment())
        return;
    m_presenter.setComment(comment);
    if (!text.isEmpty())
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

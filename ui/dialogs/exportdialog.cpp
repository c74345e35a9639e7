// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/exportdialog.h"

#include "core/base/text.h"
#include "ui/models/words.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QProgressBar>
#include <QRadioButton>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

namespace openfactory::ui {

namespace {

const QString kFolder = QStringLiteral("export/folder");

/// Where the last one went, if that is still there.
QString folderFor()
{
    const QString last = QSettings().value(kFolder).toString();
    return !last.isEmpty() && QDir(last).exists() ? last
                                                  : QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

} // namespace

ExportDialog::ExportDialog(Console &console, const JobId &job, const QString &slug, QWidget *parent)
    : QDialog(parent),
      m_exporter(console.exportJob),
      m_job(job),
      m_slug(slug),
      m_archive(new QRadioButton(tr("An &archive (tar)"), this)),
      m_page(new QRadioButton(tr("One &HTML page"), this)),
      m_progress(named(new QProgressBar(this), "exportProgress", tr("Progress of the export"))),
      m_mark(new QLabel(this)),
      m_said(plainLabel("exportSaid", {}, this)),
      m_choose(plainButton("exportChoose", {}, this)),
      m_cancel(plainButton("exportCancel", tr("&Cancel the export"), this)),
      m_open(plainButton("exportOpenFolder", tr("&Open the folder"), this)),
      m_close(plainButton("exportClose", tr("Close"), this))
{
    setObjectName(QStringLiteral("exportDialog"));
    setAccessibleName(tr("Export"));
    setWindowTitle(tr("Export %1").arg(slug));
    setAttribute(Qt::WA_DeleteOnClose);
    named(m_archive, "exportArchive", tr("An archive"));
    named(m_page, "exportPage", tr("One HTML page"));
    m_archive->setChecked(true);
    const auto about = [this](const char *name, const QString &text) {
        auto *label = plainLabel(name, text, this);
        label->setIndent(24);
        return label;
    };
    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(m_choose, QDialogButtonBox::ActionRole);
    buttons->addButton(m_open, QDialogButtonBox::ActionRole);
    buttons->addButton(m_cancel, QDialogButtonBox::ActionRole);
    buttons->addButton(m_close, QDialogButtonBox::RejectRole);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_archive);
    layout->addWidget(about("exportAboutArchive", tr("Everything: the record, the contract, every change, every log "
                                                     "in full, the artifacts and the audit entries.")));
    layout->addWidget(m_page);
    layout->addWidget(about("exportAboutPage", tr("To read in a browser or to send: nothing is loaded from elsewhere, "
                                                  "and of long logs only the end is in it.")));
    layout->addWidget(plainLabel("exportMasked", tr("Secrets are masked in both."), this));
    layout->addWidget(m_progress);
    m_mark->setObjectName(QStringLiteral("exportMark"));
    auto *result = new QHBoxLayout;
    result->addWidget(m_mark, 0, Qt::AlignTop);
    result->addWidget(m_said, 1);
    layout->addLayout(result);
    layout->addStretch(1);
    layout->addWidget(buttons);
    resize(520, 300);

    connect(m_choose, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_exporter.cancel();
    });
    connect(m_open, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_exporter.file()).absolutePath())); });
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(&m_exporter, &JobExporter::progressed, this, [this](int done, int all) {
        m_progress->setRange(0, all);
        m_progress->setValue(done);
    });
    connect(&m_exporter, &JobExporter::done, this, [this] {
        m_closing = false; // it was whole before it heard of that
        enter(State::Done, tr("Exported to %1 (%2)")
                               .arg(displayable(m_exporter.file()), sizeText(QFileInfo(m_exporter.file()).size())));
    });
    connect(&m_exporter, &JobExporter::cancelled, this, [this] {
        if (m_closing)
            QDialog::reject();
        else
            enter(State::Cancelled, tr("Cancelled; nothing was written."));
    });
    connect(&m_exporter, &JobExporter::failed, this, [this](const QString &why) {
        m_closing = false; // a failure is to be read
        enter(State::Failed, tr("Nothing was written to %1. %2").arg(displayable(m_exporter.file()), why));
    });
    enter(State::Choosing);
}

void ExportDialog::enter(State state, const QString &said)
{
    m_state = state;
    const bool writing = state == State::Writing;
    for (QWidget *choice : std::initializer_list<QWidget *>{m_archive, m_page})
        choice->setEnabled(!writing);
    m_progress->setVisible(writing);
    m_cancel->setVisible(writing);
    m_cancel->setEnabled(writing);
    m_open->setVisible(state == State::Done);
    m_choose->setVisible(!writing);
    m_choose->setText(state == State::Choosing ? tr("Choose a &file and export…") : tr("Choose another &file…"));
    m_choose->setAccessibleName(m_choose->text().remove(u'&'));
    m_close->setVisible(!writing);
    const Mark mark = state == State::Done        ? Mark::Passed
                      : state == State::Failed    ? Mark::Failed
                      : state == State::Cancelled ? Mark::Cancelled
                                                  : Mark::Running;
    m_mark->setPixmap(markIcon(mark).pixmap(QSize(16, 16), devicePixelRatio()));
    m_mark->setAccessibleName(markText(mark));
    m_mark->setVisible(!said.isEmpty());
    m_said->setText(said);
    m_said->setVisible(!said.isEmpty());
    (writing ? m_cancel : state == State::Done ? m_open : m_choose)->setFocus();
    if (said.isEmpty())
        return;
    QAccessibleAnnouncementEvent event(this, said);
    QAccessible::updateAccessibility(&event);
}

void ExportDialog::chooseFile()
{
    const bool page = m_page->isChecked();
    auto *chooser = new QFileDialog(this, tr("Export to"), folderFor(),
                                    page ? tr("HTML pages (*.html)") : tr("Archives (*.tar)"));
    chooser->setObjectName(QStringLiteral("exportFile"));
    chooser->setAcceptMode(QFileDialog::AcceptSave); // asks before it takes a file that is there
    chooser->setDefaultSuffix(page ? QStringLiteral("html") : QStringLiteral("tar"));
    chooser->selectFile(JobExporter::nameFor(m_slug, page));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    connect(chooser, &QFileDialog::fileSelected, this, &ExportDialog::writeInto);
    chooser->open();
}

void ExportDialog::writeInto(const QString &file)
{
    if (m_exporter.isRunning() || file.isEmpty())
        return;
    QSettings().setValue(kFolder, QFileInfo(file).absolutePath());
    m_progress->setRange(0, 0); // until it is known how much there is
    enter(State::Writing, tr("Writing %1").arg(displayable(file)));
    m_exporter.start(m_job, m_page->isChecked(), file);
}

void ExportDialog::reject()
{
    if (!m_exporter.isRunning())
        return QDialog::reject();
    m_closing = true;
    m_exporter.cancel(); // cancelled() closes it
}

} // namespace openfactory::ui

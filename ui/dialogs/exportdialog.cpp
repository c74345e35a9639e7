// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/exportdialog.h"

#include "core/base/text.h"
#include "ui/models/words.h"
#include "ui/widgets/markicon.h"
#include "ui/widgets/named.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QButtonGroup>
#include <QDesktopServices>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QProgressBar>
#include <QRadioButton>
#include <QSettings>
#include <QStandardPaths>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace openfactory::ui {

namespace {

const QString kFolder = QStringLiteral("export/folder");
constexpr int kParts = 1000;      ///< of the bar, for each of several jobs
constexpr int kFailuresShown = 3; ///< of several jobs

/// Where the last one went, if that is still there.
QString folderFor()
{
    const QString last = QSettings().value(kFolder).toString();
    return !last.isEmpty() && QDir(last).exists() ? last
                                                  : QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

} // namespace

ExportDialog::ExportDialog(Console &console, std::vector<Exported> jobs, QWidget *parent)
    : QDialog(parent),
      m_exporter(console.exportJob),
      m_jobs(std::move(jobs)),
      m_forms(new QButtonGroup(this)),
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
    setWindowTitle(areSeveral() ? tr("Export %n job(s)", nullptr, int(m_jobs.size()))
                                : tr("Export %1").arg(m_jobs.front().slug));
    setAttribute(Qt::WA_DeleteOnClose);
    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(m_choose, QDialogButtonBox::ActionRole);
    buttons->addButton(m_open, QDialogButtonBox::ActionRole);
    buttons->addButton(m_cancel, QDialogButtonBox::ActionRole);
    buttons->addButton(m_close, QDialogButtonBox::RejectRole);
    auto *layout = new QVBoxLayout(this);
    const auto offer = [&](ExportForm form, const char *name, const QString &text, const QString &meaning) {
        auto *choice = new QRadioButton(text, this);
        m_forms->addButton(named(choice, name, choice->text().remove(u'&')), int(form));
        auto *label = plainLabel(QByteArray(QByteArray(name) + "About").constData(), meaning, this);
        label->setIndent(24);
        layout->addWidget(choice);
        layout->addWidget(label);
    };
    const bool several = areSeveral();
    offer(ExportForm::Archive, "exportArchive", several ? tr("An &archive for each (tar)") : tr("An &archive (tar)"),
          tr("Everything: the record, the contract, every change, every log in full, the artifacts and the audit "
             "entries."));
    offer(ExportForm::Page, "exportPage", several ? tr("An &HTML page for each") : tr("One &HTML page"),
          tr("To read in a browser or to send: nothing is loaded from elsewhere, and of long logs only the end is in "
             "it."));
    offer(ExportForm::Sarif, "exportSarif", tr("&Findings (SARIF)"),
          tr("What the newest attempts found, for editors and code scanning."));
    offer(ExportForm::Tasks, "exportTasks", tr("Findings as a &task list"), tr("The same, as Qt Creator reads it."));
    m_forms->button(int(ExportForm::Archive))->setChecked(true);
    layout->addWidget(plainLabel("exportMasked", tr("Secrets are masked in all of them."), this));
    layout->addWidget(m_progress);
    m_mark->setObjectName(QStringLiteral("exportMark"));
    auto *result = new QHBoxLayout;
    result->addWidget(m_mark, 0, Qt::AlignTop);
    result->addWidget(m_said, 1);
    layout->addLayout(result);
    layout->addStretch(1);
    layout->addWidget(buttons);
    resize(540, 380);

    connect(m_choose, &QPushButton::clicked, this, &ExportDialog::choosePlace);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        m_stopping = true;
        m_exporter.cancel();
    });
    connect(m_open, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_exporter.file()).absolutePath())); });
    connect(m_close, &QPushButton::clicked, this, &ExportDialog::reject);
    connect(&m_exporter, &JobExporter::progressed, this, &ExportDialog::noteProgress);
    connect(&m_exporter, &JobExporter::done, this, [this] {
        ++m_written;
        writeNext();
    });
    connect(&m_exporter, &JobExporter::failed, this, [this](const QString &why) {
        // What one job fails by is no reason to leave out the others.
        m_failed << (areSeveral() ? tr("%1: %2").arg(m_jobs[m_at].slug, why) : why);
        writeNext();
    });
    connect(&m_exporter, &JobExporter::cancelled, this, &ExportDialog::cancelled);
    enter(State::Choosing);
}

void ExportDialog::enter(State state, const QString &said)
{
    m_state = state;
    const bool writing = state == State::Writing;
    for (QAbstractButton *choice : m_forms->buttons())
        choice->setEnabled(!writing);
    m_progress->setVisible(writing);
    m_cancel->setVisible(writing);
    m_cancel->setEnabled(writing);
    m_open->setVisible(state == State::Done);
    m_choose->setVisible(!writing);
    const bool first = state == State::Choosing;
    m_choose->setText(areSeveral() ? (first ? tr("Choose a &folder and export…") : tr("Choose another &folder…"))
                                   : (first ? tr("Choose a &file and export…") : tr("Choose another &file…")));
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

ExportForm ExportDialog::form() const
{
    return ExportForm(m_forms->checkedId());
}

void ExportDialog::choosePlace()
{
    auto *chooser = new QFileDialog(this, tr("Export to"), folderFor());
    chooser->setObjectName(QStringLiteral("exportFile"));
    if (areSeveral()) {
        chooser->setFileMode(QFileDialog::Directory);
        chooser->setOption(QFileDialog::ShowDirsOnly);
    } else {
        const QString name = JobExporter::nameFor(m_jobs.front().slug, form());
        const QString suffix = QFileInfo(name).suffix();
        const QString kind = form() == ExportForm::Page      ? tr("HTML pages")
                             : form() == ExportForm::Archive ? tr("Archives")
                                                             : tr("Findings");
        chooser->setNameFilter(QStringLiteral("%1 (*.%2)").arg(kind, suffix));
        chooser->setAcceptMode(QFileDialog::AcceptSave); // asks before it takes a file that is there
        chooser->setDefaultSuffix(suffix);
        chooser->selectFile(name);
    }
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    connect(chooser, &QFileDialog::fileSelected, this, &ExportDialog::writeInto);
    chooser->open();
}

void ExportDialog::writeInto(const QString &place)
{
    if (m_exporter.isRunning() || place.isEmpty())
        return;
    QSettings().setValue(kFolder, areSeveral() ? place : QFileInfo(place).absolutePath());
    m_place = place;
    m_at = size_t(-1);
    m_stopping = false;
    m_written = 0;
    m_failed.clear();
    m_progress->setRange(0, 0); // until it is known how much there is
    writeNext();
}

void ExportDialog::writeNext()
{
    if (++m_at >= m_jobs.size())
        return ended();
    if (m_stopping) // the one before was whole when it heard of that
        return cancelled();
    const Exported &job = m_jobs[m_at];
    const QString file = areSeveral() ? JobExporter::freeNameIn(m_place, job.slug, form()) : m_place;
    enter(State::Writing, areSeveral()
                              ? tr("Writing %1 of %2: %3").arg(m_at + 1).arg(m_jobs.size()).arg(displayable(file))
                              : tr("Writing %1").arg(displayable(file)));
    m_exporter.start(job.job, form(), file);
}

void ExportDialog::cancelled()
{
    if (m_closing)
        return QDialog::reject();
    enter(State::Cancelled, m_written == 0 ? tr("Cancelled; nothing was written.")
                                           : tr("Cancelled; %1 of %2 jobs were written to %3, each of them whole.")
                                                 .arg(m_written)
                                                 .arg(m_jobs.size())
                                                 .arg(displayable(m_place)));
}

void ExportDialog::noteProgress(int done, int all)
{
    if (!areSeveral()) {
        m_progress->setRange(0, all);
        m_progress->setValue(done);
        return;
    }
    m_progress->setRange(0, int(m_jobs.size()) * kParts);
    m_progress->setValue(int(m_at) * kParts + int(qint64(done) * kParts / std::max(1, all)));
}

void ExportDialog::ended()
{
    m_closing = false; // it was whole before it heard of that, or a failure is to be read
    if (m_failed.isEmpty() && !areSeveral())
        enter(State::Done, tr("Exported to %1 (%2)")
                               .arg(displayable(m_exporter.file()), sizeText(QFileInfo(m_exporter.file()).size())));
    else if (m_failed.isEmpty())
        enter(State::Done, tr("Exported %n job(s) to %1", nullptr, m_written).arg(displayable(m_place)));
    else if (!areSeveral())
        enter(State::Failed, tr("Nothing was written to %1. %2").arg(displayable(m_exporter.file()), m_failed.front()));
    else
        enter(State::Failed,
              tr("%1 of %2 jobs were written to %3.").arg(m_written).arg(m_jobs.size()).arg(displayable(m_place))
                  + u'\n' + m_failed.mid(0, kFailuresShown).join(u'\n')
                  + (m_failed.size() > kFailuresShown ? QStringLiteral("\n…") : QString()));
}

void ExportDialog::reject()
{
    if (!m_exporter.isRunning())
        return QDialog::reject();
    m_closing = true;
    m_stopping = true;
    m_exporter.cancel(); // cancelled() closes it
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/datapane.h"

#include "core/base/text.h"
#include "ui/dialogs/ask.h"
#include "ui/models/aside.h"
#include "ui/models/words.h"
#include "ui/widgets/named.h"
#include "ui/widgets/table.h"

#include <QAccessible>
#include <QAccessibleAnnouncementEvent>
#include <QDateTime>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLocale>
#include <QStorageInfo>
#include <QUrl>

namespace openfactory::ui {

namespace {

std::pair<QString, QString> wordsOf(DataKind kind)
{
    switch (kind) {
    case DataKind::Store: return {DataPane::tr("Store"), DataPane::tr("jobs, attempts, events, the audit log")};
    case DataKind::Backups: return {DataPane::tr("Copies of the store"), DataPane::tr("made before it was changed")};
    case DataKind::Logs: return {DataPane::tr("Logs"), DataPane::tr("every line of every command")};
    case DataKind::Homes: return {DataPane::tr("Caches of jobs"), DataPane::tr("what their tools keep in their homes")};
    case DataKind::Results: return {DataPane::tr("Results"), DataPane::tr("reports, documents and artifacts of jobs")};
    case DataKind::Forge: return {DataPane::tr("Local forge"), DataPane::tr("its repositories and the logs of its CI")};
    case DataKind::Demo: return {DataPane::tr("Demo"), DataPane::tr("its banner removes it")};
    case DataKind::Others: return {DataPane::tr("Others"), DataPane::tr("settings, secrets, the reserve, locks")};
    }
    return {};
}

} // namespace

DataPane::DataPane(const QString &folder, const DataFiles &files, QWidget *parent)
    : QWidget(parent),
      m_folder(folder),
      m_files(files),
      m_rows({tr("Part"), tr("On the disk"), tr("Files"), tr("What it is")}),
      m_table(makeTable("dataTable", tr("Parts of the data directory"), m_rows, this)),
      m_sum(plainLabel("dataSum", {}, this)),
      m_again(plainButton("dataMeasure", tr("Mea&sure again"), this)),
      m_backUp(plainButton("dataBackUp", tr("Save a copy of the &store…"), this)),
      m_caches(plainButton("dataCaches", tr("&Remove idle caches…"), this)),
      m_note(plainLabel("dataNote", {}, this))
{
    named(this, "dataPane", tr("Data directory"));
    const int widths[]{180, 120, 90};
    for (int column = 0; column < 3; ++column)
        m_table->setColumnWidth(column, widths[column]);
    auto *open = plainButton("dataOpen", tr("Open the data &directory"), this);
    connect(open, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_folder)); });
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(open);
    buttons->addWidget(m_again);
    buttons->addWidget(m_backUp);
    buttons->addWidget(m_caches);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(plainLabel("dataFolder", displayable(folder), this));
    layout->addWidget(m_table, 1);
    layout->addWidget(m_sum);
    layout->addWidget(plainLabel("dataAbout",
                                 tr("Workspaces and the commits of attempts lie in the repositories, and are not "
                                    "counted here. A copy of the store holds what was done and decided, as it is at "
                                    "one moment; logs and artifacts are files beside it."),
                                 this));
    layout->addLayout(buttons);
    layout->addWidget(m_note);

    m_caches->setToolTip(tr("Of jobs that are done, cancelled or rolled back"));
    connect(m_again, &QPushButton::clicked, this, &DataPane::measure);
    connect(m_caches, &QPushButton::clicked, this, &DataPane::askToRemoveCaches);
    connect(m_backUp, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Save a copy of the store"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setAcceptMode(QFileDialog::AcceptSave);
        dialog->selectFile(QStringLiteral("openfactory-%1.db")
                               .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-hhmm"))));
        connect(dialog, &QFileDialog::fileSelected, this, &DataPane::backUpInto);
        dialog->open();
    });
}

DataPane::~DataPane()
{
    m_stop.request_stop();
}

void DataPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!std::exchange(m_measured, true) && m_files.measure)
        measure();
}

void DataPane::measure()
{
    m_again->setEnabled(false);
    m_sum->setText(tr("Counting every file…"));
    aside(
        this, "measure", [measure = m_files.measure, stop = m_stop.get_token()] { return measure(stop); },
        [this](const Result<std::vector<DataPart>> &parts) {
            m_again->setEnabled(true);
            if (!parts)
                return m_sum->setText(tr("Not measured. %1").arg(errorText(parts.error())));
            const QLocale locale;
            std::vector<TableRow> rows;
            qint64 all = 0;
            for (const DataPart &part : *parts) {
                const auto [name, meaning] = wordsOf(part.kind);
                rows.push_back({QString::number(int(part.kind)),
                                {name, sizeText(part.use.bytes), locale.toString(part.use.files), meaning},
                                {},
                                {},
                                {}});
                all += part.use.bytes;
            }
            m_rows.setRows(std::move(rows));
            const QStorageInfo disk(m_folder);
            const QString free = disk.isValid() ? sizeText(disk.bytesAvailable()) : tr("unknown");
            m_sum->setText(tr("%1 in all; free on this disk: %2").arg(sizeText(all), free));
        });
}

void DataPane::backUpInto(const QString &file)
{
    m_backUp->setEnabled(false);
    tell(tr("Writing %1…").arg(displayable(file)));
    aside(
        this, "backup", [backUp = m_files.backUp, file] { return backUp(file); },
        [this, file](const Result<void> &done) {
            m_backUp->setEnabled(true);
            tell(done ? tr("The store was copied to %1").arg(displayable(file))
                      : tr("No copy was written. %1").arg(errorText(done.error())));
            if (done)
                Q_EMIT said(m_note->text());
        });
}

void DataPane::askToRemoveCaches()
{
    m_caches->setEnabled(false);
    tell(tr("Counting the caches of jobs that are over…"));
    aside(
        this, "caches", [look = m_files.idleCaches, stop = m_stop.get_token()] { return look(stop); },
        [this](const Result<IdleCaches> &found) {
            m_caches->setEnabled(true);
            if (!found)
                return tell(tr("Not counted. %1").arg(errorText(found.error())));
            if (found->jobs == 0)
                return tell(tr("No job that is over has caches."));
            tell({});
            ask(this, tr("Remove the caches?"),
                tr("%n job(s) that are over keep caches of their tools.", nullptr, found->jobs) + QLatin1Char('\n')
                    + tr("They hold %1. Logs, reports, artifacts and the record stay, as do the caches of jobs that "
                         "can still be run.")
                          .arg(sizeText(found->bytes)),
                tr("Remove them"), tr("Keep them"), [this] { removeCaches(); });
        });
}

void DataPane::removeCaches()
{
    m_caches->setEnabled(false);
    tell(tr("Removing the caches…"));
    aside(
        this, "caches", [remove = m_files.removeCaches, stop = m_stop.get_token()] { return remove(stop); },
        [this](const Result<IdleCaches> &removed) {
            m_caches->setEnabled(true);
            if (!removed)
                return tell(tr("Not all were removed. %1").arg(errorText(removed.error())));
            const QString freed = tr("%1 were freed.").arg(sizeText(removed->bytes));
            tell(removed->left.isEmpty() ? freed
                                         : tr("%1 Some could not be removed, the first below %2")
                                               .arg(freed, displayable(removed->left.first())));
            Q_EMIT said(m_note->text());
            measure();
        });
}

void DataPane::tell(const QString &text)
{
    m_note->setText(text);
    QAccessibleAnnouncementEvent event(this, text);
    QAccessible::updateAccessibility(&event);
}

} // namespace openfactory::ui

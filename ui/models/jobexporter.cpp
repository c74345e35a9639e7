// SPDX-License-Identifier: Apache-2.0
#include "ui/models/jobexporter.h"

#include "ui/models/words.h"

#include <QFileInfo>

namespace openfactory::ui {

namespace {
constexpr int kPauseMs = 50; ///< between two words of progress: a job may have ten thousand parts
}

JobExporter::JobExporter(Work work, QObject *parent) : QObject(parent), m_work(std::move(work))
{}

JobExporter::~JobExporter()
{
    if (!m_thread)
        return;
    m_stop.request_stop();
    m_thread->wait();
    delete m_thread;
}

QString JobExporter::nameFor(const QString &slug, ExportForm form)
{
    switch (form) {
    case ExportForm::Archive: return slug + QStringLiteral(".tar");
    case ExportForm::Page: return slug + QStringLiteral(".html");
    case ExportForm::Sarif: return slug + QStringLiteral(".sarif");
    case ExportForm::Tasks: return slug + QStringLiteral(".tasks");
    }
    return slug;
}

QString JobExporter::freeNameIn(const QString &folder, const QString &slug, ExportForm form)
{
    QString file = folder + u'/' + nameFor(slug, form);
    for (int number = 2; QFileInfo::exists(file) || QFileInfo(file).isSymLink(); ++number)
        file = folder + u'/' + nameFor(QStringLiteral("%1-%2").arg(slug).arg(number), form);
    return file;
}

void JobExporter::start(const JobId &job, ExportForm form, const QString &file)
{
    if (isRunning())
        return;
    m_file = file;
    m_stop = std::stop_source();
    ExportOrder order{job, form, file, m_stop.get_token(), {}};
    order.progress = [this, last = QElapsedTimer()](int done, int all) mutable {
        if (last.isValid() && last.elapsed() < kPauseMs && done < all)
            return;
        last.start();
        QMetaObject::invokeMethod(this, [this, done, all] { Q_EMIT progressed(done, all); }, Qt::QueuedConnection);
    };
    auto answer = std::make_shared<Result<void>>();
    m_thread = QThread::create([work = m_work, order, answer] { *answer = work(order); });
    m_thread->setObjectName(QStringLiteral("export"));
    connect(m_thread, &QThread::finished, this, [this, answer] { ended(*answer); });
    m_thread->start();
}

void JobExporter::cancel()
{
    m_stop.request_stop();
}

void JobExporter::ended(const Result<void> &result)
{
    m_thread->deleteLater();
    m_thread = nullptr;
    if (result)
        Q_EMIT done();
    else if (result.error().kind == ErrorKind::Cancelled)
        Q_EMIT cancelled();
    else
        Q_EMIT failed(errorText(result.error()));
}

} // namespace openfactory::ui

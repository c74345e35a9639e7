// SPDX-License-Identifier: Apache-2.0
/// Writes a job into a file on a thread of its own, one at a time, and says how far it is. Nothing else waits for it:
/// lists and pages are read meanwhile. GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QElapsedTimer>
#include <QPointer>

namespace openfactory::ui {

class JobExporter : public QObject {
    Q_OBJECT
public:
    using Work = std::function<Result<void>(const ExportOrder &)>;

    explicit JobExporter(Work work, QObject *parent = nullptr);
    ~JobExporter() override; ///< stops it and waits until it has let go of the file

    /// Nothing while another one runs.
    void start(const JobId &job, ExportForm form, const QString &file);
    /// Asks it to stop; cancelled() follows, unless the file was whole already.
    void cancel();
    bool isRunning() const { return !m_thread.isNull(); }
    const QString &file() const { return m_file; }

    /// "shop-fix-discount.tar": what the file is called where nobody says otherwise.
    static QString nameFor(const QString &slug, ExportForm form);
    /// The same in a folder, with a number where something has that name: nothing is overwritten unasked.
    static QString freeNameIn(const QString &folder, const QString &slug, ExportForm form);

Q_SIGNALS:
    void progressed(int done, int all);
    void done();
    void cancelled();
    void failed(const QString &why);

private:
    void ended(const Result<void> &result);

    Work m_work;
    QPointer<QThread> m_thread;
    std::stop_source m_stop;
    QString m_file;
};

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
/// The content of one artifact of a job: as Markdown where it is that and not too long, else as text. Nothing in it is
/// followed, loaded or run. GUI thread.
#pragma once

#include "ui/models/console.h"

#include <QStackedWidget>

class QPlainTextEdit;

namespace openfactory {
class MarkdownView;
}

namespace openfactory::ui {

class ArtifactView : public QStackedWidget {
    Q_OBJECT
public:
    /// The names of its two views begin with `name`; `hint` is what is shown while nothing is chosen.
    ArtifactView(Console &console, const QString &name, const QString &hint, QWidget *parent = nullptr);
    /// Reads the file beneath the job's folder, beside the GUI thread; an empty path shows nothing.
    void open(const JobId &job, const QString &path);
    const QString &path() const { return m_path; }

private:
    Console &m_console;
    JobId m_job;
    QString m_path;
    QPlainTextEdit *m_text;
    MarkdownView *m_markdown;
};

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/artifactview.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/engine/jobfolder.h"
#include "ui/models/words.h"
#include "ui/widgets/markdownview.h"

#include <QPlainTextEdit>

namespace openfactory::ui {

namespace {

constexpr qint64 kMost = 2 * 1024 * 1024;

} // namespace

ArtifactView::ArtifactView(Console &console, const QString &name, const QString &hint, QWidget *parent)
    : QStackedWidget(parent),
      m_console(console),
      m_text(new QPlainTextEdit(this)),
      m_markdown(new MarkdownView(this))
{
    setObjectName(name + QStringLiteral("Content"));
    m_text->setObjectName(name + QStringLiteral("Text"));
    m_markdown->setObjectName(name + QStringLiteral("Markdown"));
    for (QWidget *view : {static_cast<QWidget *>(m_text), static_cast<QWidget *>(m_markdown)})
        view->setAccessibleName(tr("Content of the artifact"));
    m_text->setReadOnly(true);
    m_text->setPlaceholderText(hint);
    addWidget(m_text);
    addWidget(m_markdown);
}

void ArtifactView::open(const JobId &job, const QString &path)
{
    m_job = job;
    m_path = path;
    if (path.isEmpty()) {
        m_text->clear();
        setCurrentWidget(m_text);
        return;
    }
    m_console.reader->ask(
        this,
        [folder = JobFolder(m_console.dataFolder, job).path(), path](ReadSide &) -> Result<QByteArray> {
            return readBeneath(folder, path.toUtf8(), kMost);
        },
        [this, job, path](const Result<QByteArray> &bytes) {
            if (job != m_job || path != m_path)
                return; // another one was chosen meanwhile
            if (bytes && path.endsWith(u".md") && bytes->size() <= MarkdownView::kMost) {
                m_markdown->setHostileMarkdown(QString::fromUtf8(*bytes));
                setCurrentWidget(m_markdown);
                return;
            }
            m_text->setPlainText(bytes ? displayableLines(QString::fromUtf8(*bytes))
                                       : tr("It cannot be read. %1").arg(errorText(bytes.error())));
            setCurrentWidget(m_text);
        });
}

} // namespace openfactory::ui

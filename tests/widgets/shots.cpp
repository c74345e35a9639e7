// SPDX-License-Identifier: Apache-2.0
#include "tests/widgets/shots.h"

#include "core/process/logwriter.h"
#include "tests/widgets/diffsamples.h"
#include "ui/widgets/diffpane.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/logpanel.h"

#include <QAction>
#include <QBuffer>
#include <QDir>
#include <QFile>
#include <QImage>
#include <QPainter>

#include <algorithm>

namespace openfactory {

namespace {

/// A log in the folder; each text with its stream.
QString writeSample(const QString &folder, const char *name, const std::vector<std::pair<LogStream, QByteArray>> &parts,
                    bool finish = true)
{
    const QString path = QDir(folder).filePath(QString::fromLatin1(name));
    QFile::remove(path);
    QFile::remove(path + QStringLiteral(".idx"));
    auto writer = LogWriter::open(path);
    if (!writer)
        return {};
    for (const auto &[stream, text] : parts) {
        if (!writer->append(stream, text))
            return {};
    }
    if (finish && !writer->finish())
        return {};
    return path;
}

QByteArray testRun()
{
    QByteArray text = "\x1b[1m============================= test session starts =============================\x1b[0m\n"
                      "platform linux -- Python 3.13.5, pytest-8.3.5\nrootdir: /workspace\ncollected 214 items\n\n";
    for (int file = 0; file < 20; ++file) {
        text += "tests/test_batch_" + QByteArray::number(file) + ".py ";
        for (int i = 0; i < 10; ++i)
            text += file == 13 && i == 4 ? "\x1b[31mF\x1b[0m" : "\x1b[32m.\x1b[0m";
        text += "   \x1b[32m[" + QByteArray::number((file + 1) * 5).rightJustified(3) + "%]\x1b[0m\n";
    }
    text +=
        "\nDownloading fixtures  10%\rDownloading fixtures  55%\rDownloading fixtures 100%\n"
        "=================================== FAILURES ===================================\n"
        "\x1b[31m\x1b[1m________________________ test_rejects_oversized_batch ________________________\x1b[0m\n\n"
        "    def test_rejects_oversized_batch():\n"
        "        batch = make_batch(items=1001)\n"
        ">       \x1b[94mwith\x1b[0m pytest.raises(BatchTooLarge):\n"
        "\x1b[1m\x1b[31mE       Failed: DID NOT RAISE <class 'upload.errors.BatchTooLarge'>\x1b[0m\n\n"
        "\x1b[1m\x1b[31mtests/test_batch_13.py\x1b[0m:48: Failed\n"
        "\x1b[36mINFO\x1b[0m    upload.client:client.py:112 batch of 1001 items sent in 3 parts \xe2\x80\x94 \xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e ok\n"
        "title\x1b]0;owned\x07 and \xe2\x80\xaetxt.exe and zero\xe2\x80\x8bwidth and \xff\xfe bytes\n"
        "\x1b[38;5;208mwarning:\x1b[0m \x1b[48;5;17m\x1b[97mcoverage data was not collected\x1b[0m\n";
    return text;
}

std::unique_ptr<LogPanel> panelOf(const QString &path)
{
    auto panel = std::make_unique<LogPanel>();
    panel->resize(1100, 640);
    panel->setLog(path);
    return panel;
}

LogPanel *panel(QWidget *widget)
{
    return static_cast<LogPanel *>(widget);
}

/// A small change of a real repository with something of everything.
DiffSource sampleChange()
{
    static const ScratchRepository repository;
    static CommitId from, to;
    if (from.isEmpty()) {
        QByteArray client =
            "#!/usr/bin/env python3\n\"\"\"Uploads batches of items.\n\nA batch is sent in parts.\n\"\"\"\nimport json\nimport time\n\n\n"
            "class BatchTooLarge(ValueError):\n    pass\n\n\n";
        for (int i = 0; i < 12; ++i)
            client += "def step_" + QByteArray::number(i) + "(value):\n    # one of the steps\n    return value * "
                      + QByteArray::number(i) + "\n\n\n";
        client +=
            "def upload(batch, limit=500):\n    \"\"\"Sends a batch.\"\"\"\n    if len(batch) > limit:\n        return None\n    for item in batch:\n        send(json.dumps(item))\n    return len(batch)\n";
        repository.write("src/upload/client.py", client);
        repository.write("src/upload/errors.py", "class UploadError(Exception):\n    pass\n");
        repository.write("tests/test_client.py", "def test_upload():\n    assert True\n");
        repository.write("docs/old name.md", "# Uploading\n\nSend batches of at most 500 items.\n\nSee the client.\n");
        repository.write("bin/run", "#!/bin/sh\nexec python3 -m upload\n");
        const auto picture = [](int width, Qt::GlobalColor colour) {
            QImage image(width, 120, QImage::Format_ARGB32);
            image.fill(Qt::transparent);
            QPainter painter(&image);
            painter.setBrush(colour);
            painter.drawEllipse(10, 10, width - 20, 100);
            painter.end();
            QByteArray bytes;
            QBuffer buffer(&bytes);
            buffer.open(QIODevice::WriteOnly);
            image.save(&buffer, "PNG");
            return bytes;
        };
        repository.write("docs/flow.png", picture(160, Qt::darkCyan));
        from = repository.commitAll();
        client.replace("return value * 3", "return value * 30 + offset");
        client.replace("    if len(batch) > limit:\n        return None\n",
                       "    if len(batch) >= limit_max:\n        raise BatchTooLarge(len(batch))\n");
        client.replace(
            "    for item in batch:\n        send(json.dumps(item))\n",
            "    for item in batch:\n      send(json.dumps(item))  # is_admin\xe2\x80\xae\xe2\x81\xa6 begin\n      time.sleep(0)\n");
        repository.write("src/upload/client.py", client);
        repository.write(
            "tests/test_client.py",
            "def test_upload():\n    assert upload([1]) == 1\n\n\ndef test_rejects_oversized_batch():\n    batch = [0] * 1001\n    with raises(BatchTooLarge):\n        upload(batch)\n");
        ScratchRepository::removeAt(repository.path(), "docs/old name.md");
        repository.write("docs/uploading.md",
                         "# Uploading\n\nSend batches of at most 1,000 items.\n\nSee the client.\n");
        repository.write("bin/run", "#!/bin/sh\nexec python3 -m upload\n", 0755);
        repository.write("docs/flow.png", picture(220, Qt::darkRed));
        QByteArray generated;
        for (int i = 0; i < 9000; ++i)
            generated += "value_" + QByteArray::number(i) + " = " + QByteArray::number(i * 7) + "\n";
        repository.write("src/upload/generated.py", generated);
        to = repository.commitAll();
    }
    return sourceOf(repository.path(), from, to);
}

std::unique_ptr<DiffView> viewOf(DiffSource source)
{
    auto view = std::make_unique<DiffView>();
    view->resize(1280, 760);
    view->setSource(std::move(source));
    for (int i = 0; i < view->document()->count(); ++i)
        view->document()->want(i);
    return view;
}

bool isDiffReady(QWidget *widget)
{
    const auto *view = static_cast<DiffView *>(widget);
    const auto &files = view->document()->files();
    return std::ranges::all_of(files, [](const DiffDocument::File &file) {
        const bool text = file.file.change.status == FileStatus::Modified && file.file.change.added > 0;
        return file.state == DiffDocument::State::TooLarge || file.state == DiffDocument::State::Failed
               || (file.state == DiffDocument::State::Loaded && (!text || file.shown->canOpenGaps));
    });
}

bool isLogReady(QWidget *widget)
{
    const LogDocument *document = panel(widget)->document();
    const bool found = !document->matcher() || document->hits()->done;
    const bool idle = document->error() || document->errors()->done || document->shape().lines == 0;
    return !document->isLoading() && found && idle;
}

} // namespace

QPalette shotPalette(bool dark)
{
    if (!dark)
        return QPalette(QColor(0xef, 0xf0, 0xf1), QColor(0xfc, 0xfc, 0xfc));
    QPalette palette(QColor(0x31, 0x36, 0x3b), QColor(0x2a, 0x2e, 0x32));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(role, QColor(0xfc, 0xfc, 0xfc));
    palette.setColor(QPalette::Base, QColor(0x1b, 0x1e, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    palette.setColor(QPalette::Highlight, QColor(0x2b, 0x6c, 0xb0));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(0xa6, 0xad, 0xb4));
    return palette;
}

std::vector<Shot> widgetShots()
{
    std::vector<Shot> shots;
    shots.push_back({QStringLiteral("log-failed"),
                     [](const QString &folder) {
                         auto made = panelOf(
                             writeSample(folder, "failed.log",
                                         {{LogStream::Output, testRun()},
                                          {LogStream::Errors, "ERROR: 1 failed, 213 passed in 12.04s\n"},
                                          {LogStream::Engine, "[openfactory] ended with exit code 1\n"}}));
                         made->view()->setTimes(LogView::Times::Elapsed);
                         made->land(LogView::Landing::FirstError);
                         made->setMarks({30, 36});
                         made->view()->setFocus();
                         return made;
                     },
                     isLogReady});
    shots.push_back({QStringLiteral("log-find"),
                     [](const QString &folder) {
                         QByteArray text;
                         for (int i = 0; i < 40'000; ++i) {
                             text += "[" + QByteArray::number(i % 97) + "/97] compiling module_"
                                     + QByteArray::number(i % 311)
                                     + (i % 1500 == 700 ? ": warning: unused result of fetch()\n" : ": ok\n");
                         }
                         auto made = panelOf(writeSample(folder, "find.log", {{LogStream::Output, text}}));
                         made->showFind(QStringLiteral("module_3"));
                         made->setFilterShown(true);
                         made->setMarks({9000, 31'000});
                         return made;
                     },
                     [](QWidget *widget) {
                         if (!isLogReady(widget))
                             return false;
                         LogView *view = panel(widget)->view();
                         if (view->foundLine() < 0)
                             view->findNext(true);
                         return true;
                     }});
    shots.push_back({QStringLiteral("log-folds"),
                     [](const QString &folder) {
                         auto made = panelOf(
                             writeSample(folder, "folds.log", {{LogStream::Output, testRun() + testRun()}}));
                         made->setFolds({{0, 3, QStringLiteral("pytest --collect-only, 0.4 s"), true},
                                         {4, 26, QStringLiteral("pytest tests/, 12.0 s"), true},
                                         {27, 60, QStringLiteral("coverage report, 0.8 s"), true}});
                         made->view()->setFoldsOpen(false);
                         return made;
                     },
                     isLogReady});
    shots.push_back(
        {QStringLiteral("log-long-lines"),
         [](const QString &folder) {
             QByteArray line = "{\"items\": [";
             for (int i = 0; line.size() < 200'000; ++i)
                 line += "{\"id\": " + QByteArray::number(i) + ", \"name\": \"item " + QByteArray::number(i) + "\"}, ";
             auto made = panelOf(writeSample(folder, "long.log",
                                             {{LogStream::Output, "GET /items 200\n" + line + "]}\nnext request\n"}}));
             made->findChild<QAction *>(QStringLiteral("logWrap"))->setChecked(true);
             return made;
         },
         isLogReady});
    shots.push_back({QStringLiteral("log-new-lines"),
                     [](const QString &folder) {
                         auto made = panelOf(writeSample(folder, "new.log", {{LogStream::Output, testRun()}}, false));
                         return made;
                     },
                     [](QWidget *widget) {
                         LogPanel *made = panel(widget);
                         if (!isLogReady(widget))
                             return false;
                         if (made->document()->shape().lines < 100) {
                             QFile file(made->document()->path());
                             if (file.open(QIODevice::Append))
                                 file.write(testRun() + testRun());
                             file.close();
                             made->refresh();
                             return false;
                         }
                         return true;
                     }});
    shots.push_back({QStringLiteral("log-empty"),
                     [](const QString &folder) {
                         auto made = panelOf(writeSample(folder, "empty.log", {}, false));
                         made->setEmptyText(QStringLiteral("No output yet, command started 14:02:11"));
                         return made;
                     },
                     isLogReady});
    shots.push_back({QStringLiteral("log-missing"),
                     [](const QString &folder) { return panelOf(folder + QStringLiteral("/none.log")); }, isLogReady});
    const auto annotated = [] {
        auto view = viewOf(sampleChange());
        DiffNotes notes;
        notes.findings = {{"src/upload/client.py", 76, QStringLiteral("E111 indentation is not a multiple of 4")}};
        notes.uncovered[QByteArray("src/upload/client.py")] = {75, 76, 77};
        view->setNotes(notes);
        view->setComments({{"src/upload/client.py", DiffSide::New, 74, QStringLiteral("raise BatchTooLarge"),
                            QStringLiteral("Say the limit in the message")}});
        return view;
    };
    shots.push_back({QStringLiteral("diff-unified"),
                     [annotated](const QString &) {
                         auto view = annotated();
                         view->pane()->setFocus();
                         return view;
                     },
                     isDiffReady});
    shots.push_back({QStringLiteral("diff-code"), [annotated](const QString &) { return annotated(); },
                     [](QWidget *widget) {
                         auto *view = static_cast<DiffView *>(widget);
                         view->goToFile("src/upload/client.py");
                         return isDiffReady(widget)
                                && view->document()->file(view->document()->indexOf("src/upload/client.py")).state
                                       == DiffDocument::State::Loaded;
                     }});
    shots.push_back({QStringLiteral("diff-split"),
                     [annotated](const QString &) {
                         auto view = annotated();
                         view->findChild<QAction *>(QStringLiteral("diffSplit"))->setChecked(true);
                         return view;
                     },
                     [](QWidget *widget) {
                         auto *view = static_cast<DiffView *>(widget);
                         view->goToFile("src/upload/client.py");
                         return isDiffReady(widget)
                                && view->document()->file(view->document()->indexOf("src/upload/client.py")).state
                                       == DiffDocument::State::Loaded;
                     }});
    shots.push_back({QStringLiteral("diff-comment"), [annotated](const QString &) { return annotated(); },
                     [](QWidget *widget) {
                         auto *view = static_cast<DiffView *>(widget);
                         const int file = view->document()->indexOf("src/upload/client.py");
                         view->document()->want(file);
                         if (!isDiffReady(widget) || !view->pane()->goToLine(file, DiffSide::New, 74))
                             return false;
                         Q_EMIT view->pane()->commentWanted();
                         return true;
                     }});
    shots.push_back(
        {QStringLiteral("diff-empty"), [](const QString &) { return viewOf({}); }, [](QWidget *) { return true; }});
    shots.push_back({QStringLiteral("diff-failed"),
                     [](const QString &) {
                         DiffSource source = sampleChange();
                         source.patch = [](const DiffFile &) -> Result<FileChange> {
                             return fail(ErrorKind::NotFound, QStringLiteral("read a change"),
                                         QStringLiteral("object 3f2a91c is missing in the repository"));
                         };
                         return viewOf(std::move(source));
                     },
                     isDiffReady});
    return shots;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// ofview VERB: the console's log and diff views alone in a window, for rows 10, 11 and 13 of the bench. Prints lines
/// "NAME VALUE" as ofbench does. The verbs log, diff and empty stay open until they are ended; the pixels are watched
/// from outside.
#include "core/git/gitworkspaces.h"
#include "core/process/logwriter.h"
#include "tests/bench/bench.h"
#include "ui/models/framewatch.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/logpanel.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QLabel>
#include <QRandomGenerator>
#include <QScrollBar>
#include <QTimer>

#include <cstdio>
#include <map>
#include <thread>

namespace openfactory::bench {

void say(const char *name, double value)
{
    std::printf("%s %.6g\n", name, value);
    std::fflush(stdout);
}

namespace {

QElapsedTimer theStart;

/// Lets events come until it holds.
template<class Holds>
void waitUntil(Holds holds)
{
    QElapsedTimer timer;
    timer.start();
    while (!holds()) {
        if (timer.elapsed() > 120'000)
            qFatal("it does not come");
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 5);
    }
}

std::unique_ptr<LogPanel> openLog(const QString &file)
{
    auto panel = std::make_unique<LogPanel>();
    panel->resize(1000, 700);
    panel->setLog(file);
    panel->setFollow(true);
    panel->show();
    return panel;
}

bool isWhole(const LogPanel &panel)
{
    return !panel.document()->isLoading() && panel.document()->shape().complete;
}

/// write TEXT FILE: the text as a log of ours, with its index.
int writeLog(const QStringList &words)
{
    LogWriter writer = need(LogWriter::open(words.value(1)));
    QFile text(words.value(0));
    if (!text.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(text.errorString()));
    while (!text.atEnd())
        need(writer.append(LogStream::Output, text.read(1 << 20)));
    need(writer.finish());
    return 0;
}

/// log FILE [once]: shows its end, and says when all of its lines are known.
int showLog(const QStringList &words)
{
    const auto panel = openLog(words.value(0));
    waitUntil([&] { return isWhole(*panel); });
    say("indexed_ms", double(theStart.nsecsElapsed()) / 1e6);
    say("lines", double(panel->document()->shape().lines));
    return words.value(1) == u"once" ? 0 : QApplication::exec();
}

/// jumps FILE COUNT TEXT: to random lines, each until its text is painted, before the next frame and after it; then
/// finds all.
int jump(const QStringList &words)
{
    const auto panel = openLog(words.value(0));
    waitUntil([&] { return isWhole(*panel); });
    LogView *view = panel->view();
    view->setFollow(false);
    QApplication::processEvents();
    const qint64 lines = panel->document()->shape().lines;
    QRandomGenerator random(11);
    std::vector<double> jumps;
    std::vector<double> steps;
    int waited = 0;
    for (int i = 0; i < words.value(1).toInt(); ++i) {
        const qint64 line = random.bounded(lines);
        bool late = false;
        jumps.push_back(milliseconds([&] {
            view->goToLine(line);
            view->viewport()->repaint();
            while (view->visibleText().contains(QString())) { // a row that was not read in time is empty
                late = true;
                QApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
                view->viewport()->repaint();
            }
        }));
        waited += late ? 1 : 0;
        steps.push_back(milliseconds([&] {
            view->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd);
            view->viewport()->repaint();
        }));
        QApplication::processEvents();
    }
    say("jump_p50_ms", at(jumps, 0.5));
    say("jump_p99_ms", at(jumps, 0.99));
    say("page_p99_ms", at(steps, 0.99));
    say("late", waited);
    say("find_ms", milliseconds([&] {
            panel->showFind(words.value(2));
            waitUntil([&] { return panel->document()->hits()->done; });
        }));
    say("found_lines", double(panel->document()->hits()->lines.count()));
    return 0;
}

/// append FILE SECONDS: 100,000 lines a second come into a log that is open and followed; frames as the display would
/// ask for them.
int append(const QStringList &words)
{
    LogWriter writer = need(LogWriter::open(words.value(0)));
    const auto panel = openLog(words.value(0));
    QByteArray part;
    for (int i = 0; i < 1000; ++i)
        part += "handled request " + QByteArray::number(i) + " in 12.4 ms, queue length 31, next wake-up in 250 ms\n";
    std::atomic<qint64> written = 0;
    std::jthread flood([&](const std::stop_token &stop) {
        QElapsedTimer timer;
        timer.start();
        while (!stop.stop_requested()) {
            need(writer.append(LogStream::Output, part));
            written += 1000;
            if (const qint64 early = written / 100 - timer.elapsed(); early > 0)
                std::this_thread::sleep_for(std::chrono::milliseconds(early));
        }
    });
    ui::FrameWatch watch;
    std::vector<double> frames;
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < words.value(1).toInt() * 1000) {
        frames.push_back(milliseconds([&] {
            panel->refresh();
            QApplication::processEvents();
            panel->view()->viewport()->repaint();
        }));
        std::this_thread::sleep_for(std::chrono::milliseconds(8));
    }
    flood.request_stop();
    flood.join();
    say("lines_per_s", double(written) / double(timer.elapsed()) * 1000);
    say("frame_p95_ms", at(frames, 0.95));
    say("frame_worst_ms", frames.back());
    panel->refresh();
    waitUntil([&] {
        panel->refresh();
        return panel->document()->shape().lines == written;
    });
    return 0;
}

/// diff REPOSITORY FROM TO: says when the list was read and when the text of the first file could be seen.
int showDiff(const QStringList &words)
{
    GitWorkspaces git({});
    QElapsedTimer asked;
    asked.start();
    DiffView view;
    view.resize(1000, 700);
    DiffSource source;
    for (ListedChange &one : need(git.changedFiles(words.value(0), words.value(1), words.value(2))))
        source.files.push_back({std::move(one.change), std::move(one.contentKey), false});
    source.patch = [&](const DiffFile &file) {
        return git.fileChange(words.value(0), words.value(1), words.value(2), file.change);
    };
    source.content = [&](const DiffFile &file, DiffSide side) {
        return git.blob(words.value(0), side == DiffSide::Old ? words.value(1) : words.value(2), file.change.path);
    };
    view.setSource(std::move(source));
    view.show();
    QTimer::singleShot(0, [&] { say("listed_ms", double(asked.nsecsElapsed()) / 1e6); });
    return QApplication::exec();
}

/// empty: the least that a Qt program with a window needs.
int showNothing(const QStringList &)
{
    QLabel label(QStringLiteral("ready"));
    label.resize(1000, 700);
    label.show();
    return QApplication::exec();
}

} // namespace

} // namespace openfactory::bench

int main(int argc, char **argv)
{
    using namespace openfactory::bench;
    theStart.start();
    QApplication app(argc, argv);
    const std::map<QString, int (*)(const QStringList &)> verbs{
        {QStringLiteral("write"), writeLog}, {QStringLiteral("log"), showLog},   {QStringLiteral("jumps"), jump},
        {QStringLiteral("append"), append},  {QStringLiteral("diff"), showDiff}, {QStringLiteral("empty"), showNothing},
    };
    const auto verb = verbs.find(QApplication::arguments().value(1));
    if (verb == verbs.end()) {
        std::fprintf(stderr, "ofview is called by tests/bench/run\n");
        return 2;
    }
    return verb->second(QApplication::arguments().mid(2));
}

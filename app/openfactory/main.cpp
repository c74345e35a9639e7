// SPDX-License-Identifier: Apache-2.0
#include "app/openfactory/appearance.h"
#include "app/openfactory/application.h"
#include "app/openfactory/notifier.h"
#include "app/wiring/interrupts.h"
#include "app/wiring/process.h"
#include "core/base/text.h"
#include "ui/models/framewatch.h"
#include "ui/pages/jobspage.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QElapsedTimer>
#include <QMessageBox>
#include <QSettings>
#include <QStyleHints>

#include <kdsingleapplication.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>

using namespace openfactory;

namespace {

/// Raises the window for whoever started the program a second time, and follows the link they came with.
void raise(ui::MainWindow &window, const QString &link)
{
    if (!link.isEmpty())
        window.openLink(link);
    window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
    window.show();
    window.raise();
    window.activateWindow();
}

/// Without a display Qt ends the process with a core dump.
bool hasDisplay()
{
    return std::ranges::any_of(std::array{"QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"},
                               [](const char *name) { return !qEnvironmentVariableIsEmpty(name); });
}

/// Whether only words are wanted, for which no window is needed.
bool asksForWords(int argc, char *argv[])
{
    const auto words = std::array{"-h", "--help", "--help-all", "-v", "--version"};
    return std::any_of(argv + 1, argv + argc, [&](const char *word) {
        return std::ranges::any_of(words, [&](const char *known) { return std::strcmp(word, known) == 0; });
    });
}

} // namespace

int main(int argc, char *argv[])
{
    QElapsedTimer sinceStart;
    sinceStart.start();
    shutMemory();
    giveMemoryBack();
    prepareAppearance();
    QApplication::setOrganizationName(QStringLiteral("openfactory"));
    QApplication::setApplicationName(QStringLiteral("openfactory"));
    QApplication::setApplicationVersion(QStringLiteral(OPENFACTORY_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.openfactory.console"));
    const bool display = hasDisplay();
    if (!display || asksForWords(argc, argv))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    loadLanguage();

    QCommandLineParser parser;
    parser.setApplicationDescription(QApplication::translate("main", "The OpenFactory console"));
    const QCommandLineOption data({QStringLiteral("data"), QStringLiteral("data-dir")},
                                  QApplication::translate("main", "The data directory, as with factory --data."),
                                  QStringLiteral("folder"));
    const QCommandLineOption profile(
        QStringLiteral("profile"),
        QApplication::translate(
            "main", "Say when the jobs were listed, and at the end how long the window did not answer at the worst."));
    parser.addOptions({data, profile});
    parser.addPositionalArgument(QStringLiteral("link"),
                                 QApplication::translate("main", "An openfactory:// link to open."),
                                 QStringLiteral("[link]"));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(app);
    if (!display) {
        std::fputs("openfactory: could not open a window: neither DISPLAY nor WAYLAND_DISPLAY is set\n"
                   "  next:  start it in a desktop session; factory is the same engine on the command line\n",
                   stderr);
        return 5; // as factory: something on this host is missing
    }

    const QString folder = dataFolderOf(parser.value(data));
    const QString link = parser.positionalArguments().value(0);
    KDSingleApplication single(QStringLiteral("openfactory-")
                               + QString::fromLatin1(sha256Hex(folder.toUtf8()).left(16)));
    if (!single.isPrimaryInstance()) {
        single.sendMessage(link.toUtf8());
        return 0;
    }

    applyScheme(QSettings().value(QStringLiteral("scheme")).toString());
    auto application = Application::create(folder);
    if (!application) {
        std::fprintf(stderr, "openfactory: %s\n", qPrintable(displayable(toText(application.error()))));
        QMessageBox box(QMessageBox::Critical, QApplication::translate("main", "OpenFactory cannot start"),
                        displayable(toText(application.error())));
        box.setTextFormat(Qt::PlainText);
        box.setObjectName(QStringLiteral("startFailure"));
        QObject::connect(&box, &QDialog::finished, &app, [] { QApplication::exit(1); });
        box.open();
        return QApplication::exec();
    }
    Application &console = **application;
    ui::MainWindow &window = console.window();
    QObject::connect(&window, &ui::MainWindow::schemeWanted, &app, &applyScheme);
    QObject::connect(QGuiApplication::styleHints(), &QStyleHints::colorSchemeChanged, &app,
                     [] { applyScheme(QSettings().value(QStringLiteral("scheme")).toString()); });
    QObject::connect(&single, &KDSingleApplication::messageReceived, &window,
                     [&window](const QByteArray &message) { raise(window, QString::fromUtf8(message.left(400))); });
    QObject::connect(&window, &ui::MainWindow::quitWanted, &console, &Application::stop);
    QObject::connect(&window, &ui::MainWindow::drainWanted, &console, &Application::drain);
    // Not quit(): that asks every window first, and a form with something in it says no. It is kept, and comes back.
    QObject::connect(&console, &Application::ended, &app, [] { QApplication::exit(0); }, Qt::QueuedConnection);
    Notifier notifier(window);
    QObject::connect(&window, &ui::MainWindow::happened, &notifier, &Notifier::tell);
    QObject::connect(&window.needsYou(), &ui::NeedsYou::changed, &notifier,
                     [&] { notifier.setWaiting(int(window.needsYou().count())); });
    QObject::connect(&notifier, &Notifier::linkWanted, &window,
                     [&window](const QString &wanted) { raise(window, wanted); });
    QObject::connect(&notifier, &Notifier::quitWanted, &window, &QWidget::close);
    window.restoreLast();
    // On a first start there is nothing to list: the welcome says what there is to do.
    QObject::connect(&window.jobsPage().model(), &ui::JobListModel::filled, &window, [&window, first = true]() mutable {
        const auto &model = window.jobsPage().model();
        if (std::exchange(first, false) && model.rowCount() == 0 && !model.query().filtered && window.page() == u"jobs")
            window.showPage(QStringLiteral("welcome"));
    });
    if (!link.isEmpty())
        window.openLink(link);
    window.show();
    std::unique_ptr<ui::FrameWatch> watch;
    if (parser.isSet(profile)) {
        watch = std::make_unique<ui::FrameWatch>();
        QObject::connect(&window.jobsPage().model(), &ui::JobListModel::filled, watch.get(), [&] {
            std::printf("%d jobs listed %lld ms after the start\n", window.jobsPage().model().rowCount(),
                        static_cast<long long>(sinceStart.elapsed()));
            std::fflush(stdout);
        });
    }
    console.start();
    const Interrupts interrupts([&] { console.stop(); }, false); // what runs is parked, as when the window is closed
    const int code = QApplication::exec();
    if (watch)
        std::printf("worst time without an answer: %.1f ms (computed: %.1f ms); over 16 ms: %d, over 50 ms: %d; "
                    "frames p95: %.1f ms\n",
                    watch->worstMs(), watch->worstComputedMs(), watch->blocksOver(16), watch->blocksOver(50),
                    watch->frameP95Ms());
    return code;
}

// SPDX-License-Identifier: Apache-2.0
#include "app/factory/session.h"
#include "app/wiring/process.h"
#include "core/base/text.h"

#include <QCoreApplication>

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

using namespace openfactory;
using namespace openfactory::cli;

namespace {

/// A reader that leaves early (`factory list | head`) must not kill us with the store open: what is written then goes
/// nowhere. A handler, not SIG_IGN, which our children would inherit.
void outliveReaders()
{
    struct sigaction action{};
    action.sa_handler = [](int) {};
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGPIPE, &action, nullptr);
}

/// Whether standard output is a pipe that nobody reads any more, which is no error (`factory list | head`).
bool readerLeft()
{
    pollfd out{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

} // namespace

int main(int argc, char *argv[])
{
    shutMemory();
    outliveReaders();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("factory"));
    QCoreApplication::setApplicationVersion(QStringLiteral(OPENFACTORY_VERSION));
    QStringList words = commandFirst(QCoreApplication::arguments().mid(1));
    Session bare(words.contains(QStringLiteral("--json")), {});
    if (words.isEmpty() || words.first() == QStringLiteral("--help") || words.first() == QStringLiteral("-h")) {
        bare.out() << helpText();
        return words.isEmpty() ? Usage : Ok;
    }
    if (words.first() == QStringLiteral("--version")) {
        bare.out() << QStringLiteral("factory " OPENFACTORY_VERSION "\n");
        return Ok;
    }
    if (words.first().startsWith(u'-'))
        return bare.refuse(
            Error{ErrorKind::Invalid, QStringLiteral("read the command line"),
                  QStringLiteral("no command stands before \"%1\"").arg(displayable(words.first().left(60))),
                  QStringLiteral("factory help lists the commands")});
    const QString name = words.takeFirst();
    const Command *command = findCommand(name);
    if (!command)
        return bare.refuse(Error{ErrorKind::Invalid, QStringLiteral("run \"%1\"").arg(displayable(name.left(60))),
                                 QStringLiteral("there is no such command"),
                                 QStringLiteral("factory help lists them")});
    const auto arguments = parseArguments(*command, words);
    if (!arguments)
        return bare.refuse(arguments.error());
    if (arguments->has(QStringLiteral("help"))) {
        bare.out() << helpText(*command);
        return Ok;
    }
    Session session(arguments->has(QStringLiteral("json")), dataFolderOf(arguments->value(QStringLiteral("data"))));
    if (command->store != StoreUse::None) {
        if (const auto opened = session.open(command->store); !opened)
            return session.refuse(opened.error());
    }
    const int code = command->run(session, *arguments);
    session.out().flush();
    const bool written = std::fflush(stdout) == 0 && session.out().status() == QTextStream::Ok;
    if (!written && !readerLeft())
        return session.refuse(
            Error{ErrorKind::Io, QStringLiteral("write to standard output"),
                  QStringLiteral("where it goes does not take it; a full disk, maybe"),
                  QStringLiteral("what was done is recorded; ask again with another place to write to")});
    return code;
}

// SPDX-License-Identifier: Apache-2.0
#include "core/domain/commands.h"

#include "core/domain/names.h"

#include <algorithm>

namespace openfactory {

namespace {

using Ending = CommandOutcome::Ending;

constexpr Named<Ending> kEndings[] = {
    {Ending::Exit, u"exit"},
    {Ending::Signal, u"signal"},
    {Ending::Timeout, u"timeout"},
    {Ending::Cancelled, u"cancelled"},
    {Ending::OutputLimit, u"output-limit"},
    {Ending::MemoryLimit, u"memory-limit"},
    {Ending::ProcessLimit, u"process-limit"},
};

} // namespace

bool isSecretName(QStringView name)
{
    constexpr qsizetype most = 64;
    const auto plain = [](QChar c) { return (c.unicode() < 128 && c.isLetterOrNumber()) || c == u'_'; };
    return !name.isEmpty() && name.size() <= most && plain(name.front())
           && std::ranges::all_of(name, [&](QChar c) { return plain(c) || c == u'-' || c == u'.'; });
}

QString toName(CommandOutcome::Ending ending)
{
    return nameIn(kEndings, ending);
}

QStringList shownWords(QStringList argv)
{
    constexpr qsizetype longest = 60;
    for (qsizetype i = 1; i < argv.size(); ++i) {
        if (argv[i - 1] == u"-c" && (argv[i].size() > longest || argv[i].contains(u'\n')))
            argv[i] = QStringLiteral("\u2026");
    }
    return argv;
}

QString shownCommand(const QStringList &argv)
{
    return shownWords(argv).join(u' ');
}

} // namespace openfactory

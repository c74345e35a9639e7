// SPDX-License-Identifier: Apache-2.0
#include "core/domain/commands.h"

#include "core/domain/names.h"

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

QString toName(CommandOutcome::Ending ending)
{
    return nameIn(kEndings, ending);
}

} // namespace openfactory

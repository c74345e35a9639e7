// SPDX-License-Identifier: Apache-2.0
#include "core/base/text.h"
#include "core/domain/planning.h"
#include "core/stages/documentstage.h"
#include "core/stages/handlers.h"

namespace openfactory {

namespace {

/// TICKETS.json and TICKETS/0001-<name>.md ..., a plan for the spec under the contract.
class TicketsStage : public StageHandler {
public:
    Result<StageResult> run(StageContext &context) const override
    {
        OF_TRY(spec, specOf(context));
        return runDocumentStage(
            context, QStringLiteral("TICKETS.json"), [&](const QByteArray &json) -> Result<JudgedDocument> {
                const auto read = readTickets(json);
                JudgedDocument judged{read.faults, {}, {}, {}, {}};
                if (!read.isSound())
                    return judged;
                judged.faults = ticketFaults(read.value, spec, context.contract());
                judged.files.emplace_back(QStringLiteral("TICKETS.json"), toJson(read.value));
                for (const Ticket &ticket : read.value)
                    judged.files.emplace_back(ticketPath(ticket) + QStringLiteral(".md"), toMarkdown(ticket).toUtf8());
                judged.facts[QStringLiteral("tickets")] = qint64(read.value.size());
                judged.summary = counted(qint64(read.value.size()), QStringLiteral("ticket"));
                return judged;
            });
    }

private:
    /// A pipeline may plan tickets without a spec: then there are no criteria to cover.
    static Result<Spec> specOf(StageContext &context)
    {
        return context.pipeline().indexOf(StageKind::Spec) ? frozenSpec(context) : Result<Spec>(Spec{});
    }
};

} // namespace

std::unique_ptr<StageHandler> makeTickets()
{
    return std::make_unique<TicketsStage>();
}

} // namespace openfactory

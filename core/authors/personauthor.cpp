// SPDX-License-Identifier: Apache-2.0
#include "core/authors/personauthor.h"

namespace openfactory {

Result<ChangeAnswer> PersonAuthor::change(const ChangeRequest &request, const std::stop_token &)
{
    if (request.soft)
        return ChangeAnswer{ChangeAnswer::Kind::Nothing, {}};
    const TreeId &tried = request.job->progress.triedTree;
    if (tried.isEmpty() || request.tree == tried)
        return ChangeAnswer{ChangeAnswer::Kind::Wait, {}};
    return ChangeAnswer{ChangeAnswer::Kind::Changed, QStringLiteral("change by a person")};
}

Result<DocumentAnswer> PersonAuthor::document(const DocumentRequest &, const std::stop_token &)
{
    DocumentAnswer answer;
    answer.kind = DocumentAnswer::Kind::Wait;
    return answer;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/authors/authorsbykind.h"

#include "core/authors/personauthor.h"
#include "core/authors/playbookauthor.h"

namespace openfactory {

Result<std::unique_ptr<Author>> AuthorsByKind::authorOf(const JobIdentity &job) const
{
    switch (job.author) {
    case AuthorKind::Person: return std::make_unique<PersonAuthor>();
    case AuthorKind::Playbook: {
        OF_TRY(playbook, readPlaybook(job.authorSource));
        return std::make_unique<PlaybookAuthor>(std::move(playbook));
    }
    case AuthorKind::Model:
    case AuthorKind::Agent: break;
    }
    return fail(
        ErrorKind::Unsupported, QStringLiteral("ask the author of the job"),
        QStringLiteral("the author \"%1\" is not built yet").arg(toName(job.author)),
        QStringLiteral("authors that are built: %1, %2").arg(toName(AuthorKind::Person), toName(AuthorKind::Playbook)));
}

} // namespace openfactory

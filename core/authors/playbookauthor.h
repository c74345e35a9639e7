// SPDX-License-Identifier: Apache-2.0
/// The author that follows a playbook. One job's thread at a time.
#pragma once

#include "core/authors/playbook.h"
#include "core/domain/author.h"

namespace openfactory {

class PlaybookAuthor final : public Author {
public:
    explicit PlaybookAuthor(Playbook playbook) : m_playbook(std::move(playbook)) {}

    /// Makes the change that changeFor() names, all of it or none. Nothing where there is none; Conflict, with the
    /// place in the playbook, where it does not fit the workspace. Making it once more where it was made is the same as
    /// once.
    Result<ChangeAnswer> change(const ChangeRequest &request, const std::stop_token &stop) override;
    /// The document of that round, or the playbook's question where one may be asked. "{answer}" in a text is what a
    /// person answered.
    Result<DocumentAnswer> document(const DocumentRequest &request, const std::stop_token &stop) override;

private:
    Playbook m_playbook;
};

/// The change of a round, by these rules and nothing else, so that the same round gives the same change:
/// - round n takes the n-th change of the file or, where that one is `for` another stage, the next after it that fits;
/// - a change without `for` fits every request but that of a soft failure, which a change must name;
/// - a change with `ticket` fits requests for that ticket only, one without fits any.
/// So changes stand in the order in which they will be asked for; those that were not needed are passed over.
const PlaybookChange *changeFor(const Playbook &playbook, const QString &stage, int round, bool soft, int ticket = 0);

} // namespace openfactory

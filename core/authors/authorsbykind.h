// SPDX-License-Identifier: Apache-2.0
/// Chooses the author that a job names. Stateless: any thread.
#pragma once

#include "core/domain/author.h"

namespace openfactory {

class AuthorsByKind final : public Authors {
public:
    /// Unsupported for models and agents, which are not built yet.
    Result<std::unique_ptr<Author>> authorOf(const JobIdentity &job) const override;
};

} // namespace openfactory

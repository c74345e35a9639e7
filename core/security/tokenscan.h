// SPDX-License-Identifier: Apache-2.0
/// The secret scan of a change (law 8): registered secrets in any encoding, and the forms of well-known tokens.
/// Thread-safe as its masker is.
#pragma once

#include "core/domain/toolchains.h"

namespace openfactory {

class TokenScan final : public SecretScan {
public:
    /// The masker must outlive the scan.
    explicit TokenScan(const Masker &masker);

    /// Looks at added lines and at the paths of files that the change names anew. Binary files have no lines here:
    /// whoever has their bytes asks scanContent(). One finding for each line; no text of it holds the secret.
    std::vector<Finding> scan(const ChangeSet &change) const override;
    std::vector<Finding> marks(const ChangeSet &change) const override;
    /// Also with the NULs taken out: a text in UTF-16 reads as its letters then.
    std::vector<Finding> scanContent(const RepoPath &file, const QByteArray &bytes) const override;

private:
    /// What was found on added lines, and what a mark let pass by.
    struct Found {
        std::vector<Finding> findings;
        std::vector<Finding> allowed;
    };
    enum class Marks { Count, Ignored };
    Found look(const ChangeSet &change) const;
    void scanRun(const RepoPath &file, const std::vector<DiffLine> &run, Marks marks, Found &found,
                 bool isPacked = false) const;

    const Masker &m_masker;
};

} // namespace openfactory

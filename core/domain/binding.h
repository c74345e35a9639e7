// SPDX-License-Identifier: Apache-2.0
/// The hashes of what was on the screen when a person decided (design.md, law 6).
#pragma once

#include <QString>

namespace openfactory {

struct Binding {
    QString diff;      ///< ChangeSet::hash
    QString evidence;  ///< evidenceHash()
    QString contract;  ///< SHA-256 of the contract's text
    QString spec = {}; ///< digest of the frozen documents as they lie there (planDigest()); empty: the job has none
    bool operator==(const Binding &) const = default;
    bool isNull() const { return diff.isEmpty() && evidence.isEmpty() && contract.isEmpty() && spec.isEmpty(); }
    /// One digest over them, as shown to people (its first 12 characters).
    QString digest() const;
};

} // namespace openfactory

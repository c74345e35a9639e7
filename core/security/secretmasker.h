// SPDX-License-Identifier: Apache-2.0
/// The secrets of this process, and masking of them in every encoding (law 8). Thread-safe: registering compiles a new
/// generation; streams that are open keep theirs.
#pragma once

#include "core/domain/commands.h"

#include <map>
#include <mutex>
#include <set>

namespace openfactory {

class LiteralSet;

/// A secret as it was found.
struct Secret {
    QString name;
    QByteArray value; ///< as a child gets it
    QString source;   ///< where it came from, in words: "/run/secrets/db_password", "environment"
};

class SecretMasker final : public Masker {
public:
    /// Knows no secret yet: everything passes.
    SecretMasker();
    ~SecretMasker() override;

    /// Registers all of them, or none when one is refused: a name that is not valid; a value under 8 bytes, over 64
    /// KiB, with fewer than four different bytes, or holding the marker "[masked]". A name registered before gets the
    /// new value; the old one stays masked. Compiles once. The message of a refusal never holds the value.
    Result<void> add(const std::vector<Secret> &secrets);
    /// Registers those that can be, and returns what is wrong with each of the others.
    std::vector<Error> addUsable(const std::vector<Secret> &secrets);
    /// Masks the values as well, without giving them to anybody; what cannot be masked is left out.
    Result<void> maskOnly(const std::vector<Secret> &secrets);
    QStringList names() const;

    std::unique_ptr<MaskStream> stream() const override;
    QByteArray mask(const QByteArray &text) const override;
    Result<QByteArray> secret(const QString &name) const override;
    bool holdsSecret(const QByteArray &text) const override;
    int generation() const override;

private:
    std::shared_ptr<const LiteralSet> literals() const;
    Result<void> take(std::set<QByteArray> needles, const std::vector<Secret> &given);

    mutable std::mutex m_mutex;
    std::mutex m_adding; ///< held while compiling, so that readers do not wait for it
    std::map<QString, QByteArray> m_values;
    std::shared_ptr<const LiteralSet> m_literals; ///< null: no secret
    int m_generation = 0;
};

} // namespace openfactory

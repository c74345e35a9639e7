// SPDX-License-Identifier: Apache-2.0
/// The store's file as it was when it was opened. One that is deleted or replaced can be read and written on for as
/// long as it is open, by nobody else and for nothing.
#pragma once

#include "core/base/error.h"

#include <optional>

namespace openfactory::ui {

class StoreFile {
public:
    StoreFile() = default;
    /// Of a data folder whose store has just been opened.
    explicit StoreFile(const QString &dataFolder);
    /// NotFound where another file, or none, has its name now. One system call.
    Result<void> isThere() const;

private:
    QString m_path;
    std::optional<std::pair<quint64, quint64>> m_facts; ///< device and number
};

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "core/base/removetree.h"

#include <QFile>

#include <filesystem>

namespace openfactory {

void removeTree(const QString &path)
{
    std::error_code ignored;
    std::filesystem::remove_all(std::filesystem::path(QFile::encodeName(path).toStdString()), ignored);
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "ui/models/storefile.h"

#include <QFile>

#include <sys/stat.h>

namespace openfactory::ui {

namespace {

std::optional<std::pair<quint64, quint64>> factsOf(const QString &path)
{
    struct stat facts{};
    if (::stat(QFile::encodeName(path).constData(), &facts) != 0)
        return {};
    return std::pair(quint64(facts.st_dev), quint64(facts.st_ino));
}

} // namespace

StoreFile::StoreFile(const QString &dataFolder)
    : m_path(dataFolder + QStringLiteral("/openfactory.db")),
      m_facts(factsOf(m_path))
{}

Result<void> StoreFile::isThere() const
{
    if (m_facts && factsOf(m_path) == m_facts)
        return {};
    return fail(ErrorKind::NotFound, QStringLiteral("use the store"),
                QStringLiteral("%1 was deleted or replaced while it was open").arg(m_path),
                QStringLiteral("end what works on it, put the file back from a backup, and start again"));
}

} // namespace openfactory::ui

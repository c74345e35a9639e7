// SPDX-License-Identifier: Apache-2.0
#include "core/toolchain/settings.h"

#include "core/base/file.h"

#include <QFile>

#include <toml++/toml.hpp>

namespace openfactory {

namespace {

constexpr qint64 mostBytes = 1024 * 1024;

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

/// A scalar as text; nothing for tables and lists.
std::optional<QString> scalarText(const toml::node &node)
{
    if (const auto text = node.value_exact<std::string>())
        return QString::fromStdString(*text);
    if (const auto flag = node.value_exact<bool>())
        return *flag ? QStringLiteral("true") : QStringLiteral("false");
    if (const auto number = node.value_exact<int64_t>())
        return QString::number(*number);
    if (const auto number = node.value_exact<double>())
        return QString::number(*number);
    return std::nullopt;
}

/// toml++ caps the nesting, so that the recursion is bounded.
void collect(const toml::table &table, const QString &name, SettingsFile &out)
{
    SettingsSection &section = out[name];
    for (const auto &[key, node] : table) {
        const QString keyText = textOf(key.str());
        if (const auto text = scalarText(node)) {
            section[keyText] = {*text};
        } else if (const auto *list = node.as_array()) {
            QStringList &items = section[keyText];
            for (const auto &item : *list) {
                if (const auto element = scalarText(item))
                    items += *element;
            }
        }
    }
    for (const auto &[key, node] : table) {
        if (const auto *inner = node.as_table())
            collect(*inner, name.isEmpty() ? textOf(key.str()) : name + u'.' + textOf(key.str()), out);
    }
}

} // namespace

SettingsFile parseIni(const QByteArray &bytes)
{
    SettingsFile out;
    SettingsSection *section = nullptr;
    QString key;
    for (const QByteArray &raw : bytes.split('\n')) {
        const QString line = QString::fromUtf8(raw);
        const QString text = line.trimmed();
        if (text.isEmpty() || text.startsWith(u'#') || text.startsWith(u';'))
            continue;
        if (text.startsWith(u'[') && text.endsWith(u']') && !line.front().isSpace()) {
            section = &out[text.sliced(1, text.size() - 2)];
            key.clear();
        } else if (line.front().isSpace() && section && !key.isEmpty()) {
            (*section)[key] += text;
        } else if (section) {
            const qsizetype equals = text.indexOf(u'=');
            const qsizetype colon = text.indexOf(u':');
            const qsizetype at = equals < 0 ? colon : colon < 0 ? equals : std::min(equals, colon);
            key = text.left(at < 0 ? text.size() : at).trimmed();
            QStringList &lines = (*section)[key];
            lines.clear();
            if (const QString value = at < 0 ? QString() : text.mid(at + 1).trimmed(); !value.isEmpty())
                lines += value;
        }
    }
    return out;
}

std::optional<SettingsFile> parseToml(const QByteArray &bytes)
{
    try {
        SettingsFile out;
        collect(toml::parse(std::string_view(bytes.constData(), size_t(bytes.size()))), {}, out);
        return out;
    } catch (const toml::parse_error &) {
        return std::nullopt;
    }
}

std::optional<QByteArray> Settings::file(const QString &name)
{
    const auto known = m_files.find(name);
    if (known != m_files.end())
        return known->second;
    auto bytes = readBeneath(m_folder, QFile::encodeName(name), mostBytes);
    return m_files[name] = bytes ? std::optional(*bytes) : std::nullopt;
}

QByteArray Settings::head(const QString &name) const
{
    return readBeneath(m_folder, QFile::encodeName(name), mostBytes).value_or(QByteArray()).left(2048);
}

std::optional<SettingsSection> Settings::section(const QString &name, const QString &section)
{
    if (!m_parsed.contains(name)) {
        const auto bytes = file(name);
        if (!bytes)
            return std::nullopt;
        m_parsed[name] = name.endsWith(QStringLiteral(".toml")) ? parseToml(*bytes).value_or(SettingsFile())
                                                                : parseIni(*bytes);
    }
    const SettingsFile &parsed = m_parsed[name];
    const auto found = parsed.find(section);
    return found == parsed.end() ? std::nullopt : std::optional(*found);
}

} // namespace openfactory

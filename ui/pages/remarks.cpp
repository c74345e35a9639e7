// SPDX-License-Identifier: Apache-2.0
#include "ui/pages/remarks.h"

#include <QSettings>

namespace openfactory::ui {

namespace {

QVariantMap toMap(const DiffComment &comment)
{
    return {{QStringLiteral("path"), comment.path}, {QStringLiteral("old"), comment.side == DiffSide::Old},
            {QStringLiteral("line"), comment.line}, {QStringLiteral("code"), comment.code},
            {QStringLiteral("text"), comment.text}, {QStringLiteral("before"), comment.before}};
}

DiffComment fromMap(const QVariantMap &map)
{
    return {
        map[QStringLiteral("path")].toByteArray(), map[QStringLiteral("old")].toBool() ? DiffSide::Old : DiffSide::New,
        map[QStringLiteral("line")].toInt(),       map[QStringLiteral("code")].toString(),
        map[QStringLiteral("text")].toString(),    map[QStringLiteral("before")].toString()};
}

void put(const QString &key, const QVariant &value, bool empty)
{
    QSettings settings;
    if (empty)
        settings.remove(key);
    else
        settings.setValue(key, value);
    settings.sync();
}

} // namespace

QString Remarks::key(const char *what) const
{
    return QLatin1String(what) + u'/' + m_job.text();
}

std::vector<DiffComment> Remarks::comments() const
{
    std::vector<DiffComment> comments;
    for (const QVariant &one : QSettings().value(key("remarks")).toList())
        comments.push_back(fromMap(one.toMap()));
    return comments;
}

void Remarks::setComments(const std::vector<DiffComment> &comments) const
{
    QVariantList list;
    for (const DiffComment &comment : comments)
        list << toMap(comment);
    put(key("remarks"), list, list.isEmpty());
}

std::optional<DiffComment> Remarks::draft() const
{
    const QVariantMap map = QSettings().value(key("remarkDraft")).toMap();
    return map.isEmpty() ? std::nullopt : std::optional(fromMap(map));
}

void Remarks::setDraft(const std::optional<DiffComment> &draft) const
{
    put(key("remarkDraft"), draft ? toMap(*draft) : QVariantMap(), !draft);
}

QSet<QString> Remarks::viewed() const
{
    const QStringList keys = QSettings().value(key("viewed")).toStringList();
    return {keys.cbegin(), keys.cend()};
}

void Remarks::setViewed(const QSet<QString> &keys) const
{
    put(key("viewed"), QStringList(keys.cbegin(), keys.cend()), keys.isEmpty());
}

void Remarks::forgetComments() const
{
    setComments({});
    setDraft({});
}

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githubaddress.h"

#include "core/base/text.h"
#include "core/http/httpclient.h"

#include <QRegularExpression>

namespace openfactory {

namespace {

struct Parts {
    QString host; ///< with the port, where an https address has one
    QString scheme;
    QString path; ///< "owner/name"
};

std::optional<Parts> split(const QString &remote)
{
    static const QRegularExpression scp(QStringLiteral(R"(\A(?:[A-Za-z0-9_-]+@)?([A-Za-z0-9.-]+):(?!/)([^:]+)\z)"));
    if (!remote.contains(QStringLiteral("://"))) {
        const auto match = scp.match(remote);
        if (!match.hasMatch())
            return std::nullopt;
        return Parts{match.captured(1).toLower(), QStringLiteral("https"), match.captured(2)};
    }
    const QUrl url(remote, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || url.host().isEmpty() || url.hasQuery() || url.hasFragment() || !url.password().isEmpty())
        return std::nullopt;
    const QString path = url.path(QUrl::FullyDecoded).mid(1);
    if (scheme == QStringLiteral("ssh"))
        return Parts{url.host(), QStringLiteral("https"), path}; // the port of ssh is not that of https
    if ((scheme != QStringLiteral("https") && scheme != QStringLiteral("http")) || !url.userName().isEmpty())
        return std::nullopt;
    const QString port = url.port() < 0 ? QString() : QStringLiteral(":%1").arg(url.port());
    return Parts{(url.host().contains(QLatin1Char(':')) ? QLatin1Char('[') + url.host() + QLatin1Char(']') : url.host())
                     + port,
                 scheme, path};
}

QString apiOf(const Parts &parts)
{
    const QString host = parts.host;
    if (host == QStringLiteral("github.com"))
        return QStringLiteral("https://api.github.com");
    if (host.endsWith(QStringLiteral(".ghe.com")))
        return QStringLiteral("https://api.") + host;
    return parts.scheme + QStringLiteral("://") + host + QStringLiteral("/api/v3");
}

} // namespace

QString GitHubAddress::text() const
{
    return git.authority() + QLatin1Char('/') + owner + QLatin1Char('/') + name;
}

Result<GitHubAddress> githubAddress(const QString &remote, const QString &api)
{
    static const QRegularExpression ownerAndName(
        QStringLiteral(R"(\A([A-Za-z0-9](?:[A-Za-z0-9_-]{0,99}))/([A-Za-z0-9._-]{1,100}?)(?:\.git)?/?\z)"));
    // A remote may hold a password: only what was understood is repeated.
    const QString doing = QStringLiteral("find the repository on GitHub");
    const QString hint = QStringLiteral("name it as https://github.com/OWNER/NAME");
    const auto parts = split(remote.size() > 500 ? QString() : remote);
    if (!parts)
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the remote is no address of GitHub"), hint);
    const auto match = ownerAndName.match(parts->path);
    const QString name = match.captured(2);
    if (!match.hasMatch() || name == QStringLiteral(".") || name == QStringLiteral(".."))
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("%1 is not OWNER/NAME").arg(displayable(parts->path.left(120))), hint);
    GitHubAddress address;
    address.owner = match.captured(1);
    address.name = name;
    address.git = QUrl(QStringLiteral("%1://%2/%3/%4.git").arg(parts->scheme, parts->host, address.owner, name));
    QString base = api.isEmpty() ? apiOf(*parts) : api;
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    address.api = QUrl(base, QUrl::StrictMode);
    OF_CHECK(checkHttpUrl(address.git));
    OF_CHECK(checkHttpUrl(address.api));
    if (address.api.hasQuery() || address.api.hasFragment())
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the address of the API has a query"),
                    QStringLiteral("write it as https://HOST/api/v3"));
    return address;
}

} // namespace openfactory

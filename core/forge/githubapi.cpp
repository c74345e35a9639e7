// SPDX-License-Identifier: Apache-2.0
#include "core/forge/githubapi.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace openfactory {

namespace {

constexpr int mostTries = 3;
constexpr int mostHops = 3;
constexpr Milliseconds firstBackOff{1'000};
constexpr Milliseconds longestLimit{6 * 3'600'000}; ///< no answer stops us for longer
constexpr qint64 latestReset = 1LL << 40;           ///< seconds: what is beyond makes no time
constexpr Milliseconds unknownLimit{60'000};        ///< GitHub's own advice where it names no time
constexpr Milliseconds longestDownload{600'000};
constexpr qint64 mostLogBytes = 512LL * 1024 * 1024;

/// GitHub's clock is the one its times are meant by; ours only where it sends none.
qint64 serverTime(const HttpAnswer &answer, const Clock &clock)
{
    const QDateTime date = QDateTime::fromString(QString::fromLatin1(answer.header("date")), Qt::RFC2822Date);
    return date.isValid() ? date.toMSecsSinceEpoch() : clock.wallMs();
}

std::optional<qint64> numberIn(const HttpAnswer &answer, const QByteArray &name)
{
    bool isNumber = false;
    const qint64 number = answer.header(name).trimmed().toLongLong(&isNumber);
    return isNumber && number >= 0 ? std::optional(number) : std::nullopt;
}

/// "message", and where there are some the errors, as GitHub writes them.
QString messageOf(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    QStringList said{object[QStringLiteral("message")].toString().left(300)};
    const QJsonArray errors = object[QStringLiteral("errors")].toArray();
    for (qsizetype i = 0; i < std::min(errors.size(), qsizetype(5)); ++i) {
        const QJsonValue error = errors[i];
        said += error.isString()
                    ? error.toString().left(300)
                    : (error[u"message"].isString() ? error[u"message"] : error[u"code"]).toString().left(300);
    }
    said.removeAll(QString());
    return displayable(said.join(QStringLiteral("; ")));
}

/// The query of the page that a Link header names as the next one. Only the query: whatever host and path it names, the
/// request stays where it was.
QString nextPage(const QByteArray &link)
{
    static const QRegularExpression next(QStringLiteral(R"(<[^<>?]*\?([^<>#]{1,2000})>\s*;[^<]*\brel="next")"));
    return next.match(QString::fromLatin1(link.left(8000))).captured(1);
}

/// Too slow is Unavailable to the port; here it is told apart, as it is not worth another try at once.
Error forPort(Error error)
{
    if (error.kind == ErrorKind::Timeout)
        error.kind = ErrorKind::Unavailable;
    return error;
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

} // namespace

GitHubApi::GitHubApi(GitHubAddress address, GitHubToken token, HttpClient &http, GitHubMemory &memory,
                     const Clock &clock, HttpLimits limits)
    : m_address(std::move(address)),
      m_token(std::move(token)),
      m_http(http),
      m_memory(memory),
      m_clock(clock),
      m_limits(limits)
{}

Milliseconds GitHubApi::limitedFor() const
{
    return Milliseconds(std::max<qint64>(0, m_memory.limitedUntilBootMs() - m_clock.bootMs()));
}

bool GitHubApi::backOff(int attempt, const std::stop_token &stop) const
{
    return m_clock.sleep(firstBackOff * (1 << (2 * attempt)), stop);
}

Result<void> GitHubApi::checkLimit(const GitHubRequest &request) const
{
    const Milliseconds wait = limitedFor();
    if (wait.count() == 0)
        return {};
    return fail(ErrorKind::Unavailable, request.text(),
                QStringLiteral("GitHub takes no requests before %1, a limit on their number")
                    .arg(utcText(m_clock.wallMs() + wait.count())),
                QStringLiteral("it goes on by itself then"));
}

std::optional<Error> GitHubApi::noteLimit(const GitHubRequest &request, const HttpAnswer &answer)
{
    const auto remaining = numberIn(answer, "x-ratelimit-remaining");
    const auto reset = numberIn(answer, "x-ratelimit-reset");
    if (remaining) {
        const auto bounded = [](qint64 number) { return int(std::min<qint64>(number, 1'000'000)); };
        m_memory.setRequests({bounded(numberIn(answer, "x-ratelimit-limit").value_or(-1)), bounded(*remaining),
                              std::min<qint64>(reset.value_or(0), latestReset) * 1000, m_clock.wallMs()});
    }
    if (answer.status != 403 && answer.status != 429)
        return std::nullopt;
    const auto after = numberIn(answer, "retry-after");
    const bool isSecondary = messageOf(answer.body).contains(QStringLiteral("rate limit"), Qt::CaseInsensitive);
    if (answer.status == 403 && !after && remaining.value_or(1) != 0 && !isSecondary)
        return std::nullopt; // a plain refusal
    Milliseconds wait = unknownLimit;
    if (after)
        wait = Milliseconds(std::min<qint64>(*after, 86'400) * 1000);
    else if (reset && remaining.value_or(1) == 0)
        wait = Milliseconds(std::clamp<qint64>(
            std::min<qint64>(*reset, latestReset) * 1000 - serverTime(answer, m_clock), 0, longestLimit.count()));
    // A moment more: their second has to be over.
    m_memory.setLimit(m_clock.bootMs() + std::min(wait, longestLimit).count() + 1000);
    return checkLimit(request).error();
}

QString GitHubApi::masked(const QString &text) const
{
    const auto token = m_token();
    return token && token->size() >= 4 ? QString(text).replace(QString::fromLatin1(*token), QStringLiteral("***"))
                                       : text;
}

Error GitHubApi::refusal(const GitHubRequest &request, const HttpAnswer &answer) const
{
    const QString message = messageOf(answer.body);
    const QString said = masked(message.isEmpty() ? QStringLiteral("status %1").arg(answer.status)
                                                  : QStringLiteral("status %1: %2").arg(answer.status).arg(message));
    switch (answer.status) {
    case 401:
        return {ErrorKind::Denied, request.text(), said,
                QStringLiteral("GitHub does not know the token, or it has expired; store a new one")};
    case 403:
        return {ErrorKind::Denied, request.text(), said,
                QStringLiteral("the token may not do this in %1; docs/forges.md names what it needs")
                    .arg(m_address.text())};
    case 404:
    case 410:
        return {ErrorKind::NotFound, request.text(), said,
                QStringLiteral("is %1 right, and may the token read it?").arg(m_address.text())};
    case 409: return {ErrorKind::Conflict, request.text(), said, {}};
    default: break;
    }
    if (isRedirect(answer.status))
        return {ErrorKind::NotFound, request.text(), QStringLiteral("status %1: it has moved").arg(answer.status),
                QStringLiteral("was the repository renamed? Set the remote to its new address")};
    return {answer.status >= 500 ? ErrorKind::Unavailable : ErrorKind::Invalid, request.text(), said, {}};
}

Result<HttpAnswer> GitHubApi::sendOnce(const GitHubRequest &request, const QUrl &url, const std::stop_token &stop,
                                       const std::function<bool(const QByteArray &)> &sink)
{
    OF_CHECK(checkLimit(request));
    OF_TRY(token, m_token());
    HttpRequest http{.method = request.method, .url = url, .headers = {}, .limits = m_limits, .sink = sink};
    http.headers = {{"Accept", "application/vnd.github+json, application/json;q=0.9"},
                    {"X-GitHub-Api-Version", "2022-11-28"},
                    {"User-Agent", "OpenFactory/" OPENFACTORY_VERSION},
                    {"Authorization", "Bearer " + token}};
    if (request.body) {
        http.headers.emplace_back("Content-Type", "application/json");
        http.body = QJsonDocument(*request.body).toJson(QJsonDocument::Compact);
    }
    if (sink)
        http.limits.total = longestDownload;
    const bool isKept = !request.changes() && !sink;
    const auto known = isKept ? m_memory.known(url.toString()) : std::nullopt;
    if (known)
        http.headers.emplace_back("If-None-Match", known->header("etag"));

    auto answer = m_http.send(http, stop);
    if (!answer) {
        Error error = answer.error();
        error.doing = request.text();
        return std::unexpected(error);
    }
    if (auto limited = noteLimit(request, *answer))
        return std::unexpected(*limited);
    if (answer->status == 304 && known)
        return *known;
    if (answer->status == 304)
        return fail(ErrorKind::Invalid, request.text(), QStringLiteral("status 304, but nothing was known before"));
    if (answer->status == 200 && isKept)
        m_memory.keep(url.toString(), *answer);
    return answer;
}

Result<HttpAnswer> GitHubApi::sendPatiently(const GitHubRequest &request, const std::stop_token &stop)
{
    const QUrl url = request.url(m_address.api);
    for (int attempt = 0;; ++attempt) {
        auto answer = sendOnce(request, url, stop);
        const bool failed = answer ? answer->status >= 500
                                   : answer.error().kind == ErrorKind::Unavailable && limitedFor().count() == 0;
        // What creates or starts something is not sent twice in the blind: whoever asked for it looks first.
        if (!failed || request.method == "POST" || attempt + 1 == mostTries)
            return answer;
        if (!backOff(attempt, stop))
            return fail(ErrorKind::Cancelled, request.text(), QStringLiteral("stopped"));
    }
}

Result<GitHubAnswer> GitHubApi::send(const GitHubRequest &request, const std::stop_token &stop,
                                     const std::set<int> &accepted)
{
    for (const QString &value : request.values) {
        if (value.isEmpty() || value == QStringLiteral(".") || value == QStringLiteral(".."))
            return fail(ErrorKind::Invalid, request.text(), QStringLiteral("\"%1\" names nothing").arg(value));
    }
    const auto sent = sendPatiently(request, stop);
    if (!sent)
        return std::unexpected(forPort(sent.error()));
    GitHubAnswer answer{sent->status, {}, nextPage(sent->header("link")), {}};
    for (const QByteArray &scope : sent->header("x-oauth-scopes").left(2000).split(',')) {
        if (!scope.trimmed().isEmpty())
            answer.scopes += displayable(QString::fromLatin1(scope.trimmed()));
    }
    const bool isFine = sent->status >= 200 && sent->status < 300;
    if (!isFine && !accepted.contains(sent->status))
        return std::unexpected(refusal(request, *sent));
    const QByteArray text = sent->body.trimmed();
    if (text.isEmpty() || text == "null") // JSON too, which QJsonDocument does not read
        return answer;
    QJsonParseError error;
    answer.body = QJsonDocument::fromJson(sent->body, &error);
    if (error.error != QJsonParseError::NoError && isFine)
        return fail(ErrorKind::Invalid, request.text(),
                    QStringLiteral("the answer is no JSON: %1 at byte %2 of %3")
                        .arg(error.errorString())
                        .arg(error.offset)
                        .arg(sent->body.size()));
    return answer;
}

Result<void> GitHubApi::pages(const GitHubRequest &request, int mostPages, const std::stop_token &stop,
                              const std::function<Result<bool>(const QJsonDocument &)> &take)
{
    GitHubRequest page = request;
    for (int n = 0; n < mostPages; ++n) {
        OF_TRY(answer, send(page, stop));
        OF_TRY(more, take(answer.body));
        if (!more || answer.next.isEmpty())
            return {};
        const QUrlQuery next(answer.next);
        if (next == page.query)
            return fail(ErrorKind::Invalid, request.text(), QStringLiteral("a page names itself as the next one"));
        page.query = next;
    }
    return fail(ErrorKind::Invalid, request.text(), QStringLiteral("the list has more than %1 pages").arg(mostPages));
}

Result<void> GitHubApi::download(const GitHubRequest &request, const std::function<bool(const QByteArray &)> &sink,
                                 const std::stop_token &stop)
{
    qint64 taken = 0;
    const auto bounded = [&](const QByteArray &piece) {
        taken += piece.size();
        return sink(piece) && taken < mostLogBytes;
    };
    const QUrl url = request.url(m_address.api);
    auto answer = sendOnce(request, url, stop, bounded);
    if (answer && isRedirect(answer->status))
        answer = follow(request, url, std::move(*answer), bounded, stop);
    if (!answer)
        return std::unexpected(forPort(answer.error()));
    if (answer->status < 200 || answer->status > 299)
        return std::unexpected(refusal(request, *answer));
    return {};
}

Result<HttpAnswer> GitHubApi::follow(const GitHubRequest &request, const QUrl &from, HttpAnswer answer,
                                     const std::function<bool(const QByteArray &)> &sink, const std::stop_token &stop)
{
    QUrl at = from;
    for (int hop = 0; hop < mostHops && isRedirect(answer.status); ++hop) {
        const QUrl to = at.resolved(QUrl::fromEncoded(answer.header("location"), QUrl::StrictMode));
        const auto allowed = checkHttpUrl(to);
        // A server elsewhere does not make us ask the machine we run on.
        if (!allowed || (isLoopback(to) && !isLoopback(m_address.api)))
            return fail(ErrorKind::Invalid, request.text(),
                        QStringLiteral("it leads to %1, which is not followed: %2")
                            .arg(displayable(to.host().left(100)),
                                 allowed ? QStringLiteral("an address of this machine") : allowed.error().said));
        HttpRequest http{.url = to,
                         .headers = {{"User-Agent", "OpenFactory/" OPENFACTORY_VERSION}},
                         .limits = m_limits,
                         .sink = sink};
        http.limits.total = longestDownload;
        auto next = m_http.send(http, stop); // the address holds what lets us in; the token is not for it
        if (!next) {
            Error error = next.error();
            error.doing = request.text();
            return std::unexpected(error);
        }
        answer = std::move(*next);
        at = to;
    }
    return answer;
}

} // namespace openfactory

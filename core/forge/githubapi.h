// SPDX-License-Identifier: Apache-2.0
/// How GitHub is spoken to: credentials, the version of the API, what is asked again and when nothing may be asked,
/// answers that are known already (ETag), pages.
#pragma once

#include "core/forge/githubmemory.h"
#include "core/forge/githubrequests.h"
#include "core/http/httpclient.h"

#include <QJsonDocument>

#include <set>

namespace openfactory {

/// Gives the token each time one is needed; it is kept nowhere. May fail (locked keychain).
using GitHubToken = std::function<Result<QByteArray>()>;

struct GitHubAnswer {
    int status = 0;
    QJsonDocument body; ///< null where the answer had none
    QString next;       ///< the query of the next page; empty: this was the last
    QStringList scopes; ///< of a classic token, as GitHub says; empty for the other kinds of token
};

/// One repository's API. Calls block; one at a time, on any thread.
class GitHubApi {
public:
    /// All of what it is given by reference outlives it.
    GitHubApi(GitHubAddress address, GitHubToken token, HttpClient &http, GitHubMemory &memory, const Clock &clock,
              HttpLimits limits = {});

    /// Sends it; GET and PATCH up to three times where the server or the way to it fails. A status of `accepted`, or
    /// 2xx, is an answer; all else an error: Denied (401, 403), NotFound (404), Conflict (409), Invalid (422, malformed
    /// answers), Unavailable (5xx, not reached, too slow, a limit on requests: then with the time until when).
    Result<GitHubAnswer> send(const GitHubRequest &request, const std::stop_token &stop,
                              const std::set<int> &accepted = {});
    /// All pages of a list; each is handed to `take`, which says whether to go on. Invalid past `mostPages`.
    Result<void> pages(const GitHubRequest &request, int mostPages, const std::stop_token &stop,
                       const std::function<Result<bool>(const QJsonDocument &)> &take);
    /// Gives what the request's answer redirects to, or its own body, to the sink. The token goes to the API alone.
    Result<void> download(const GitHubRequest &request, const std::function<bool(const QByteArray &)> &sink,
                          const std::stop_token &stop);
    /// How long nothing may be asked, because of a limit that GitHub named; 0: nothing is in the way.
    Milliseconds limitedFor() const;
    /// As GitHub said last; nothing: it did not say.
    std::optional<RequestLimit> requests() const { return m_memory.requests(); }
    /// Waits before a request is sent again; false where the stop ended it.
    bool backOff(int attempt, const std::stop_token &stop) const;

private:
    Result<HttpAnswer> sendOnce(const GitHubRequest &request, const QUrl &url, const std::stop_token &stop,
                                const std::function<bool(const QByteArray &)> &sink = {});
    Result<HttpAnswer> sendPatiently(const GitHubRequest &request, const std::stop_token &stop);
    Result<HttpAnswer> follow(const GitHubRequest &request, const QUrl &from, HttpAnswer answer,
                              const std::function<bool(const QByteArray &)> &sink, const std::stop_token &stop);
    Result<void> checkLimit(const GitHubRequest &request) const;
    std::optional<Error> noteLimit(const GitHubRequest &request, const HttpAnswer &answer);
    Error refusal(const GitHubRequest &request, const HttpAnswer &answer) const;
    QString masked(const QString &text) const;

    GitHubAddress m_address;
    GitHubToken m_token;
    HttpClient &m_http;
    GitHubMemory &m_memory;
    const Clock &m_clock;
    HttpLimits m_limits;
};

} // namespace openfactory

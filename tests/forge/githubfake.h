// SPDX-License-Identifier: Apache-2.0
/// GitHub as far as the adapter knows it, on loopback: one repository with branches, rules, pull requests and checks
/// that change as GitHub's do, and faults on demand. The storage of logs is another server, as it is there.
#pragma once

#include "tests/testlib/httpfake.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <map>
#include <set>

namespace openfactory {

/// What happens instead of the answer, or after what the request does.
struct GitHubFault {
    QByteArray method;
    QByteArray part; ///< of the target
    FakeReply reply;
    int times = 1;
    bool afterEffect = false; ///< the request does what it does; its answer is lost
};

struct GitHubPull {
    int number = 0;
    QString branch;
    QString base;
    QString head;
    bool open = true;
    bool merged = false;
    bool draft = true;
    QString title{};
    QString body{};
    QString repository = QStringLiteral("octo/widgets"); ///< of the branch; empty: it is gone
};

struct GitHubState {
    QString defaultBranch = QStringLiteral("main");
    bool visible = true; ///< to this token
    bool canPush = true;
    bool drafts = true;       ///< drafts are supported
    bool listsPulls = true;   ///< false: what was opened is not listed yet
    bool ignoresHead = false; ///< the list has the pull requests of all branches
    bool tags = true;         ///< answers have an ETag
    QByteArray scopes;
    std::map<QString, QString> branches;
    std::set<QString> protectedBranches;
    QJsonObject summary; ///< required_status_checks in the protected branch
    int rulesStatus = 200;
    QJsonArray rules;
    int classicStatus = 404;
    QByteArray classic = R"({"message": "Not Found"})";
    std::vector<GitHubPull> pulls;
    std::vector<QJsonObject> runs;     ///< in the order of the list
    std::vector<QJsonObject> statuses; ///< the newest first
    std::map<qint64, QJsonArray> annotations;
    std::map<qint64, QJsonObject> jobs;
    std::map<qint64, QByteArray> logs;
    QByteArray logPlace; ///< where a log's request is sent; empty: to the storage
    std::map<QString, int> apps;
    std::vector<GitHubFault> faults;
};

class GitHubFake {
public:
    GitHubFake();
    /// What a remote of the repository is called.
    QString remote() const { return m_api.address() + QStringLiteral("/octo/widgets.git"); }
    template<class Change>
    void with(Change change)
    {
        const std::lock_guard held(m_lock);
        change(m_state);
    }
    void fault(GitHubFault fault);
    std::vector<FakeRequest> requests() const { return m_api.requests(); }
    std::vector<FakeRequest> storageRequests() const { return m_storage.requests(); }
    int count(const QByteArray &method, const QByteArray &part) const;
    void forgetRequests() { m_api.forgetRequests(); }
    QString storageAddress() const { return m_storage.address(); }

    static QJsonObject run(qint64 id, const QString &name, const QString &commit, const QString &status,
                           const QString &conclusion = {}, int app = 15368);
    static QJsonObject status(qint64 id, const QString &context, const QString &state,
                              const QString &login = QStringLiteral("ann"));
    static QJsonObject job(qint64 id, qint64 run);

private:
    FakeReply answer(const FakeRequest &request);
    FakeReply route(const FakeRequest &request, const QStringList &path, const QMap<QString, QString> &query);
    FakeReply routeChecks(const FakeRequest &request, const QStringList &path, const QMap<QString, QString> &query);
    FakeReply branchReply(const QString &name) const;
    FakeReply openPull(const QJsonObject &wanted);
    FakeReply page(const QJsonArray &all, const FakeRequest &request, const QMap<QString, QString> &query,
                   const QString &key = {}) const;
    QJsonObject toJson(const GitHubPull &pull) const;

    mutable std::mutex m_lock;
    GitHubState m_state;
    HttpFake m_storage; ///< of logs
    HttpFake m_api;
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/git/gitremotes.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/git/lock.h"
#include "core/git/receivepack.h"
#include "core/git/repository.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <fcntl.h>
#include <stdio.h>

#include <cerrno>
#include <mutex>

namespace openfactory {

using namespace git;

namespace {

using RemoteHandle = Handle<git_remote, git_remote_free>;

constexpr qsizetype kMostSaid = 4096; ///< bytes of what the other side says

/// What libgit2 asks of us while it talks to the other side.
struct Talk {
    const RemoteAddress *address = nullptr;
    ReceivePack local; ///< where the other side is on this machine
    bool isLocal = false;
    int asked = 0;   ///< for credentials
    QByteArray said; ///< by the other side, for people
    QString refused; ///< why it did not take the branch

    bool stopped() const { return local.stop.stop_requested(); }
};

Talk &talkOf(void *payload)
{
    return *static_cast<Talk *>(payload);
}

int onSaid(const char *text, int size, void *payload)
{
    Talk &talk = talkOf(payload);
    talk.said += QByteArray(text, size);
    talk.said = talk.said.right(kMostSaid);
    return talk.stopped() ? GIT_EUSER : 0;
}

int onCredentials(git_credential **out, const char *, const char *, unsigned int allowed, void *payload)
{
    Talk &talk = talkOf(payload);
    if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) || talk.address->password.isEmpty() || ++talk.asked > 1)
        return GIT_EAUTH; // asked again: it was refused
    return git_credential_userpass_plaintext_new(out, talk.address->user.toUtf8().constData(),
                                                 talk.address->password.constData());
}

int onUpdated(const char *, const char *status, void *payload)
{
    if (status)
        talkOf(payload).refused = QString::fromUtf8(status);
    return 0;
}

int onUpload(unsigned int, unsigned int, size_t, void *payload)
{
    return talkOf(payload).stopped() ? GIT_EUSER : 0;
}

int onDownload(const git_indexer_progress *, void *payload)
{
    return talkOf(payload).stopped() ? GIT_EUSER : 0;
}

int onTransport(git_transport **out, git_remote *owner, void *payload)
{
    return receivePackTransport(out, owner, &talkOf(payload).local);
}

git_remote_callbacks callbacksOf(Talk &talk)
{
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;
    callbacks.payload = &talk;
    callbacks.sideband_progress = onSaid;
    callbacks.credentials = onCredentials;
    callbacks.push_update_reference = onUpdated;
    callbacks.push_transfer_progress = onUpload;
    callbacks.transfer_progress = onDownload;
    if (talk.isLocal)
        callbacks.transport = onTransport;
    return callbacks;
}

/// The error of a talk that went wrong.
std::unexpected<Error> failedTalk(const Talk &talk, int code, const QString &doing)
{
    Error error = gitError(code, doing);
    if (talk.stopped()) {
        error.kind = ErrorKind::Cancelled;
        error.said = QStringLiteral("it was stopped");
    } else if (code == GIT_EAUTH) {
        error.kind = ErrorKind::Denied;
        error.hint = QStringLiteral("look whether the token is still good, and may write to the repository");
    } else if (code != GIT_ECERTIFICATE) {
        error.kind = ErrorKind::Unavailable;
    }
    const QString more = displayable(QString::fromUtf8(talk.local.said.trimmed().right(500)));
    if (!more.isEmpty())
        error.said += QStringLiteral(": ") + more;
    return std::unexpected(error);
}

/// Certificates beside the system's, for all connections of this process.
Result<void> trust(const QString &caFile, const QString &doing)
{
    if (caFile.isEmpty())
        return {};
    static std::mutex lock;
    const std::lock_guard held(lock);
    OF_GIT(git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, QFile::encodeName(caFile).constData(), nullptr), doing);
    return {};
}

/// A remote that is in no configuration and follows none.
Result<RemoteHandle> makeRemote(git_repository *repository, const RemoteAddress &address, Talk &talk,
                                const QString &doing)
{
    talk.address = &address;
    talk.isLocal = QDir::isAbsolutePath(address.url);
    talk.local.path = address.url;
    if (!talk.isLocal && !address.url.startsWith(QStringLiteral("https://")))
        return fail(ErrorKind::Invalid, doing, QStringLiteral("the address is neither https nor an absolute path"));
    OF_CHECK(trust(address.caFile, doing));
    git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
    options.repository = repository;
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    RemoteHandle remote;
    // A path is written as an address, so that no transport of libgit2's own takes it for one.
    const QByteArray url = (talk.isLocal ? QByteArray("openfactory://") + QFile::encodeName(address.url)
                                         : address.url.toUtf8());
    OF_GIT(git_remote_create_with_opts(out(remote), url.constData(), &options), doing);
    return remote;
}

struct Connection {
    Talk talk;
    RemoteHandle remote;
    std::map<QString, CommitId> heads; ///< full names

    Result<void> open(git_repository *repository, const RemoteAddress &address, const std::stop_token &stop,
                      const QString &doing)
    {
        talk.local.stop = stop;
        OF_TRY(made, makeRemote(repository, address, talk, doing));
        remote = std::move(made);
        git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
        options.callbacks = callbacksOf(talk);
        options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
        options.proxy_opts.type = GIT_PROXY_AUTO;
        if (const int code = git_remote_connect_ext(remote.get(), GIT_DIRECTION_PUSH, &options); code < 0)
            return failedTalk(talk, code, doing);
        const git_remote_head **list = nullptr;
        size_t count = 0;
        if (const int code = git_remote_ls(&list, &count, remote.get()); code < 0)
            return failedTalk(talk, code, doing);
        for (size_t i = 0; i < count; ++i)
            heads[QString::fromUtf8(list[i]->name)] = git::toText(list[i]->oid);
        return {};
    }
};

const QString kHeads = QStringLiteral("refs/heads/");

} // namespace

Result<std::map<QString, CommitId>> GitRemotes::branches(const RemoteAddress &address, const std::stop_token &stop)
{
    setUpLibrary();
    const QString doing = QStringLiteral("read the branches of %1").arg(displayable(address.url));
    Connection connection;
    OF_CHECK(connection.open(nullptr, address, stop, doing));
    std::map<QString, CommitId> branches;
    for (const auto &[name, commit] : connection.heads) {
        if (name.startsWith(kHeads))
            branches[name.mid(kHeads.size())] = commit;
    }
    git_remote_disconnect(connection.remote.get());
    return branches;
}

Result<void> GitRemotes::push(const RemoteAddress &address, const PushRequest &request, const std::stop_token &stop)
{
    const QString doing = QStringLiteral("push %1 to %2").arg(displayable(request.branch), displayable(address.url));
    OF_TRY(repository, Repository::open(request.repository));
    OF_CHECK(toOid(request.commit, doing).transform([](auto) {}));
    Connection connection;
    OF_CHECK(connection.open(repository.objects(), address, stop, doing));
    const QString ref = kHeads + request.branch;
    const auto there = connection.heads.find(ref);
    if (there != connection.heads.end() && there->second == request.commit)
        return {};
    const bool asExpected = request.expected ? there != connection.heads.end() && there->second == *request.expected
                                             : there == connection.heads.end();
    if (!asExpected)
        return fail(
            ErrorKind::Conflict, doing,
            there == connection.heads.end()
                ? QStringLiteral("the branch was deleted there")
                : QStringLiteral("the branch is at %1 there, moved by somebody else").arg(there->second.left(12)),
            QStringLiteral("look at what was pushed; merge it into the job's branch, or delete it there"));
    // Moved from what was just read, which receive-pack compares once more; "+": a branch of our own may be rewritten.
    QByteArray spec = QByteArray("+") + request.commit.toLatin1() + ":" + ref.toUtf8();
    char *specs[] = {spec.data()};
    const git_strarray list{specs, 1};
    git_push_options options = GIT_PUSH_OPTIONS_INIT;
    options.callbacks = callbacksOf(connection.talk);
    options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    options.pb_parallelism = 1;
    const int code = git_remote_upload(connection.remote.get(), &list, &options);
    const Talk &talk = connection.talk;
    if (!talk.refused.isEmpty())
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("it was refused there: %1%2")
                        .arg(displayable(talk.refused.left(300)),
                             talk.said.isEmpty() ? QString()
                                                 : QStringLiteral(" (%1)").arg(displayable(
                                                       QString::fromUtf8(talk.said).simplified().left(300)))));
    if (code < 0)
        return failedTalk(talk, code, doing);
    return {};
}

Result<QString> GitRemotes::addressOf(const QString &repository, const QString &remote)
{
    const QString doing = QStringLiteral("find the remote %1 of %2").arg(displayable(remote), displayable(repository));
    OF_TRY(opened, Repository::open(repository));
    RemoteHandle found;
    if (const int code = git_remote_lookup(out(found), opened.checkout(), remote.toUtf8().constData()); code < 0) {
        Error error = gitError(code, doing);
        if (code == GIT_ENOTFOUND)
            error = Error{ErrorKind::NotFound, doing, QStringLiteral("the repository has no such remote"),
                          QStringLiteral("git remote add %1 ADDRESS").arg(displayable(remote))};
        return std::unexpected(error);
    }
    const char *push = git_remote_pushurl(found.get());
    return QString::fromUtf8(push ? push : git_remote_url(found.get()));
}

Result<void> GitRemotes::makeBare(const QString &path, const QByteArray &updateHook)
{
    setUpLibrary();
    const QString doing = QStringLiteral("make the repository %1").arg(displayable(path));
    const auto isMade = [&path] { return QFileInfo::exists(path + QStringLiteral("/HEAD")); };
    const auto putHook = [&](const QString &folder) -> Result<void> {
        const QString hook = folder + QStringLiteral("/hooks/update");
        const auto known = readSmallFile(hook);
        if (known && *known == updateHook && QFileInfo(hook).isExecutable())
            return {};
        OF_CHECK(writeFileAtomically(hook, updateHook));
        if (!QFile::setPermissions(hook, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner))
            return fail(ErrorKind::Io, doing, QStringLiteral("its hook cannot be made executable"));
        return {};
    };
    if (!isMade()) {
        // Aside, with its hook, then renamed: what a kill leaves half made, with git's lock files in it, is nobody's
        // repository, and there is none that takes every push.
        const QFileInfo place(path);
        OF_CHECK(makeFolder(place.absolutePath()));
        const QTemporaryDir aside(place.absolutePath() + QStringLiteral("/.making-XXXXXX"));
        if (!aside.isValid())
            return fail(ErrorKind::Io, doing, aside.errorString());
        const QString made = aside.filePath(QStringLiteral("repository"));
        {
            git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
            options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
            options.initial_head = "main";
            RepositoryHandle repository;
            OF_GIT(git_repository_init_ext(out(repository), QFile::encodeName(made).constData(), &options), doing);
        }
        OF_CHECK(putHook(made));
        if (::renameat2(AT_FDCWD, QFile::encodeName(made).constData(), AT_FDCWD, QFile::encodeName(path).constData(),
                        RENAME_NOREPLACE)
                != 0
            && errno != EEXIST)
            return std::unexpected(errnoError(errno, doing));
        if (!isMade()) // else somebody was quicker
            return fail(ErrorKind::Conflict, doing, QStringLiteral("something that is no repository lies there"),
                        QStringLiteral("look at it, then remove it"));
    }
    return putHook(path);
}

Result<CommitId> GitRemotes::copyBranch(const QString &repository, const QString &branch, const QString &bare)
{
    const QString doing = QStringLiteral("copy the branch %1 of %2").arg(displayable(branch), displayable(repository));
    OF_TRY(from, Repository::open(repository));
    OF_TRY(to, Repository::open(bare));
    const QString ref = kHeads + branch;
    OF_TRY(tip, from.tip(ref));
    if (!tip)
        return fail(ErrorKind::NotFound, doing, QStringLiteral("there is no such branch"));
    OF_TRY(there, to.tip(ref));
    if (there && git_oid_equal(&*there, &*tip))
        return git::toText(*tip);
    git_remote_create_options options = GIT_REMOTE_CREATE_OPTIONS_INIT;
    options.repository = to.objects();
    options.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
    RemoteHandle remote;
    OF_GIT(git_remote_create_with_opts(out(remote), QFile::encodeName(from.common()).constData(), &options), doing);
    QByteArray spec = "+" + ref.toUtf8() + ":" + ref.toUtf8();
    char *specs[] = {spec.data()};
    const git_strarray list{specs, 1};
    git_fetch_options fetch = GIT_FETCH_OPTIONS_INIT;
    fetch.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    fetch.update_fetchhead = 0;
    // Only the objects: a ref that libgit2 moved by itself would have a lock that nobody knows of after a kill.
    OF_GIT(withLock(to.common(), to.common() + QStringLiteral("/shallow.lock"),
                    [&] { return git_remote_download(remote.get(), &list, &fetch); }),
           doing);
    OF_CHECK(to.moveRef(ref, *tip, there.value_or(git_oid{}), QStringLiteral("a copy of where the target stands")));
    return git::toText(*tip);
}

} // namespace openfactory

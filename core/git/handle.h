// SPDX-License-Identifier: Apache-2.0
/// Owners of libgit2's pointers, its one-time set-up, and its errors as ours. For the files of this room only.
/// A handle stays in the call, and so on the thread, that made it; the text of an error is libgit2's per-thread one and
/// is therefore taken in the function that met it.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <git2.h>

#include <memory>

namespace openfactory::git {

template<auto freeFunction>
struct Freed {
    template<class T>
    void operator()(T *pointer) const
    {
        freeFunction(pointer);
    }
};
template<class T, auto freeFunction>
using Handle = std::unique_ptr<T, Freed<freeFunction>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using OdbObject = Handle<git_odb_object, git_odb_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using BlobHandle = Handle<git_blob, git_blob_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using DiffHandle = Handle<git_diff, git_diff_free>;
using PatchHandle = Handle<git_patch, git_patch_free>;
using SignatureHandle = Handle<git_signature, git_signature_free>;
using WalkHandle = Handle<git_revwalk, git_revwalk_free>;

/// For the out parameter of libgit2's functions: `git_x_lookup(out(handle), ...)`. The handle has it from the end of
/// the full expression on, not before.
template<class H>
class OutPointer {
public:
    explicit OutPointer(H &handle) : m_handle(handle) {}
    ~OutPointer() { m_handle.reset(m_raw); }
    operator typename H::pointer *() { return &m_raw; } // NOLINT: the conversion is the point

private:
    H &m_handle;
    typename H::pointer m_raw = nullptr;
};
template<class H>
OutPointer<H> out(H &handle)
{
    return OutPointer<H>(handle);
}

/// libgit2 ready for use: no system, global or XDG configuration, no templates, objects and refs fsynced. Once per
/// process, and not before it is needed: libgit2 reads all of the system's certificates, which takes ten milliseconds.
void setUpLibrary();
/// The last error of this thread, by libgit2's code.
Error gitError(int code, const QString &doing);
/// What to do about objects that are damaged or missing.
inline constexpr QStringView kMendRepository(u"git fsck lists what is missing; fetch it again, or use a fresh clone");
/// Returns from the calling function where libgit2 said no.
#define OF_GIT(call, doing)                                                                                            \
    do {                                                                                                               \
        if (const int gitCode = (call); gitCode < 0)                                                                   \
            return std::unexpected(::openfactory::git::gitError(gitCode, doing));                                      \
    } while (false)

/// Invalid where the text is not 40 hexadecimal characters.
Result<git_oid> toOid(const QString &text, const QString &doing);
QString toText(const git_oid &oid);

} // namespace openfactory::git

// SPDX-License-Identifier: Apache-2.0
#include "core/process/seccomp.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace openfactory {

namespace {

/// Refused with EPERM whatever the arguments are.
constexpr int refused[] = {
    // kernel log, accounting, quota, modules, clock, machine
    SCMP_SYS(syslog),
    SCMP_SYS(acct),
    SCMP_SYS(quotactl),
    SCMP_SYS(uselib),
    SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(iopl),
    SCMP_SYS(ioperm),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime),
    SCMP_SYS(adjtimex),
    // keyrings are not namespaced
    SCMP_SYS(add_key),
    SCMP_SYS(keyctl),
    SCMP_SYS(request_key),
    // memory placement: large attack surface, no use here
    SCMP_SYS(move_pages),
    SCMP_SYS(mbind),
    SCMP_SYS(set_mempolicy),
    SCMP_SYS(migrate_pages),
    // namespaces and mounts
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(mount),
    SCMP_SYS(umount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(open_by_handle_at),
    // other processes and the kernel's programmable parts
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(bpf),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(lookup_dcookie),
    SCMP_SYS(fanotify_init),
    SCMP_SYS(vhangup),
    SCMP_SYS(kcmp),
    SCMP_SYS(modify_ldt),
};

/// Answered with ENOSYS, so that the C library takes the older call, whose arguments can be looked at.
constexpr int unknown[] = {
    SCMP_SYS(clone3),
    SCMP_SYS(open_tree),
    SCMP_SYS(move_mount),
    SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount),
    SCMP_SYS(fspick),
    SCMP_SYS(mount_setattr),
    SCMP_SYS(openat2),
    // memory that is in no process's count of its own
    SCMP_SYS(memfd_create),
    SCMP_SYS(memfd_secret),
};

/// Files of whoever has them run as their owner, who is the engine's user outside: the bit is refused, as the builders
/// of Nix do it. Where a file is made, the mode counts only with O_CREAT or O_TMPFILE; the calls without mode words
/// would pass a register that holds anything.
struct ModeCall {
    int call;
    unsigned int mode; ///< which argument
    int flags = -1;    ///< which argument says whether the mode counts; negative: it does
};
constexpr ModeCall modeCalls[] = {
    {SCMP_SYS(chmod), 1},     {SCMP_SYS(fchmod), 1},  {SCMP_SYS(fchmodat), 2},
    {SCMP_SYS(fchmodat2), 2}, {SCMP_SYS(creat), 1},   {SCMP_SYS(mknod), 1},
    {SCMP_SYS(mknodat), 2},   {SCMP_SYS(open), 2, 1}, {SCMP_SYS(openat), 3, 2},
};

/// Segments of System V are counted to no process either; what databases take for a lock is smaller.
constexpr scmp_datum_t mostSegment = 4096;

constexpr unsigned long newNamespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC
                                        | CLONE_NEWUTS | CLONE_NEWCGROUP;

int addRules(scmp_filter_ctx filter)
{
    int bad = 0;
    // ENOSYS for 32-bit and x32 calls, which would pass by the rules below.
    bad = bad ? bad : seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
    bad = bad ? bad : seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (const int call : refused)
        bad = bad ? bad : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
    for (const int call : unknown)
        bad = bad ? bad : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), call, 0);
#if defined(__s390x__)
    constexpr unsigned int flags = 1; // this one machine has the arguments of clone the other way round
#else
    constexpr unsigned int flags = 0;
#endif
    for (unsigned long bit = 1; bit <= newNamespaces; bit <<= 1) {
        if (newNamespaces & bit)
            bad = bad ? bad
                      : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                         scmp_arg_cmp{flags, SCMP_CMP_MASKED_EQ, bit, bit});
    }
    // Of the families of sockets only those that namespaces hold in: a machine's own (AF_VSOCK) reach the hypervisor.
    // The kernel looks at the low half of the number; what has another half is more than any of them.
    constexpr int families[] = {AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    const auto noFamily = [&](scmp_compare how, int family) {
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                scmp_arg_cmp{0, how, scmp_datum_t(family), 0});
    };
    for (int family = AF_UNSPEC; family < AF_NETLINK; ++family) {
        if (std::ranges::find(families, family) == std::end(families))
            bad = bad ? bad : noFamily(SCMP_CMP_EQ, family);
    }
    bad = bad ? bad : noFamily(SCMP_CMP_GE, AF_NETLINK + 1);
    const auto refuseBit = [&](const ModeCall &one, scmp_datum_t flag) {
        const scmp_arg_cmp bit{one.mode, SCMP_CMP_MASKED_EQ, S_ISUID, S_ISUID};
        if (one.flags < 0)
            return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), one.call, 1, bit);
        return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), one.call, 2, bit,
                                scmp_arg_cmp{unsigned(one.flags), SCMP_CMP_MASKED_EQ, flag, flag});
    };
    for (const ModeCall &one : modeCalls) {
        bad = bad ? bad : refuseBit(one, O_CREAT);
        if (one.flags >= 0)
            bad = bad ? bad : refuseBit(one, O_TMPFILE & ~O_DIRECTORY);
    }
    bad = bad ? bad
              : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOMEM), SCMP_SYS(shmget), 1,
                                 scmp_arg_cmp{1, SCMP_CMP_GT, mostSegment, 0});
    // Characters pushed into a terminal's input; only the low half of the number counts in the kernel (CVE-2019-10063).
    for (const unsigned long request : {static_cast<unsigned long>(TIOCSTI), static_cast<unsigned long>(TIOCLINUX)})
        bad = bad ? bad
                  : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                                     scmp_arg_cmp{1, SCMP_CMP_MASKED_EQ, 0xffffffffUL, request});
    return bad;
}

} // namespace

Result<QByteArray> seccompProgram()
{
    const QString doing = QStringLiteral("make the system call filter");
    const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(SCMP_ACT_ALLOW), &seccomp_release);
    if (!filter)
        return fail(ErrorKind::Internal, doing, QStringLiteral("libseccomp gave no filter"));
    if (const int bad = addRules(filter.get()); bad != 0)
        return std::unexpected(errnoError(-bad, doing));
    size_t size = 0; // asked for first
    if (const int bad = seccomp_export_bpf_mem(filter.get(), nullptr, &size); bad != 0)
        return std::unexpected(errnoError(-bad, doing));
    QByteArray program(qsizetype(size), Qt::Uninitialized);
    if (const int bad = seccomp_export_bpf_mem(filter.get(), program.data(), &size); bad != 0)
        return std::unexpected(errnoError(-bad, doing));
    return program;
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// of-sandbox-probe: prints, as one JSON object, what a command finds around itself inside the sandbox. It tries the
/// doors that must be shut, and leaves nothing behind.
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

extern char **environ;

namespace {

std::string quoted(const std::string &text)
{
    std::string out = "\"";
    for (const unsigned char c : text) {
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\') {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", unsigned(c));
            out += escape;
        } else {
            out += char(c);
        }
    }
    return out + '"';
}

std::string listOf(std::vector<std::string> items, bool quote = true)
{
    std::ranges::sort(items);
    std::string out = "[";
    for (const std::string &item : items)
        out += (out.size() > 1 ? "," : "") + (quote ? quoted(item) : item);
    return out + ']';
}

std::string errorName(int number)
{
    const char *name = number == 0 ? "allowed" : strerrorname_np(number);
    return quoted(name ? name : "?");
}

std::string slurp(const char *path)
{
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string statusField(const std::string &status, const std::string &name)
{
    const size_t at = status.find('\n' + name + ":\t");
    if (at == std::string::npos)
        return {};
    const size_t begin = at + name.size() + 3;
    return status.substr(begin, status.find('\n', begin) - begin);
}

std::vector<std::string> namesIn(const char *path)
{
    std::vector<std::string> names;
    DIR *listing = opendir(path);
    while (const dirent *entry = listing ? readdir(listing) : nullptr) {
        if (entry->d_name[0] != '.' && std::to_string(listing ? dirfd(listing) : -1) != entry->d_name)
            names.emplace_back(entry->d_name);
    }
    if (listing)
        closedir(listing);
    return names;
}

/// The errno of a call made in a child, so that nothing of this process changes if it is let through.
template<class Call>
int tried(Call call)
{
    const pid_t child = fork();
    if (child == 0) {
        errno = 0;
        const long result = call();
        _exit(result < 0 ? errno : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : EFAULT;
}

std::string calls()
{
    static char nothing[] = "";
    std::string out;
    const auto add = [&](const char *name, int number) {
        out += (out.empty() ? "" : ",") + quoted(name) + ':' + errorName(number);
    };
    add("unshare", tried([] { return long(unshare(CLONE_NEWUSER)); }));
    add("setns", tried([] { return long(setns(open("/proc/self/ns/uts", O_RDONLY), 0)); }));
    add("cloneNewUser", tried([]() -> long {
            const long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
            if (pid == 0)
                _exit(0);
            return pid;
        }));
    add("clone3", tried([] { return syscall(SYS_clone3, nullptr, 0); }));
    add("mount", tried([] { return long(mount("none", "/tmp", "tmpfs", 0, nullptr)); }));
    add("umount2", tried([] { return long(umount2("/tmp", MNT_DETACH)); }));
    add("pivot_root", tried([] { return syscall(SYS_pivot_root, "/tmp", "/tmp"); }));
    add("open_tree", tried([] { return syscall(SYS_open_tree, AT_FDCWD, "/", 1); }));
    add("fsopen", tried([] { return syscall(SYS_fsopen, "tmpfs", 0); }));
    add("move_mount", tried([] { return syscall(SYS_move_mount, -1, "", -1, "", 0); }));
    add("ptrace", tried([] { return ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }));
    add("bpf", tried([] { return syscall(SYS_bpf, 0, nullptr, 0); }));
    add("perf_event_open", tried([] { return syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0); }));
    add("userfaultfd", tried([] { return syscall(SYS_userfaultfd, 1); }));
    add("io_uring_setup", tried([] { return syscall(SYS_io_uring_setup, 1, nullptr); }));
    add("keyctl", tried([] { return syscall(SYS_keyctl, 0, -3, 0); }));
    add("add_key", tried([] { return syscall(SYS_add_key, "user", "x", "x", 1, -3); }));
    // On no terminal: the kernel itself says EPERM on one that is not the caller's, so that only here the filter shows.
    add("tiocsti", tried([] { return long(ioctl(-1, TIOCSTI, nothing)); }));
    add("tioclinux", tried([] { return long(ioctl(-1, TIOCLINUX, nothing)); }));
    return '{' + out + '}';
}

/// Mount points and system folders in which a file can be made.
std::string writable()
{
    std::vector<std::string> folders{"/",     "/etc",     "/usr",  "/usr/bin",
                                     "/var",  "/var/tmp", "/run",  "/run/openfactory",
                                     "/home", "/dev",     "/proc", "/sys"};
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words(line);
        std::string id, parent, device, root, point;
        words >> id >> parent >> device >> root >> point;
        folders.push_back(point);
    }
    std::ranges::sort(folders);
    folders.erase(std::ranges::unique(folders).begin(), folders.end());
    std::vector<std::string> open;
    for (const std::string &folder : folders) {
        struct stat facts{};
        if (stat(folder.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
            continue;
        const std::string name = folder + "/.of-sandbox-probe";
        const int file = ::open(name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (file < 0)
            continue;
        close(file);
        unlink(name.c_str());
        open.push_back(folder);
    }
    return listOf(open);
}

/// Well-known sockets of sessions and services that can be connected to.
std::string sockets()
{
    std::vector<std::string> paths{"/run/dbus/system_bus_socket",
                                   "/var/run/docker.sock",
                                   "/run/docker.sock",
                                   "/run/podman/podman.sock",
                                   "/run/systemd/private",
                                   "/run/systemd/journal/socket",
                                   "/dev/log",
                                   "/run/containerd/containerd.sock",
                                   "/run/snapd.socket",
                                   "/run/cups/cups.sock",
                                   "/run/pcscd/pcscd.comm"};
    for (int display = 0; display < 3; ++display)
        paths.push_back("/tmp/.X11-unix/X" + std::to_string(display));
    for (const std::string &user : namesIn("/run/user")) {
        for (const char *name :
             {"bus", "wayland-0", "pulse/native", "pipewire-0", "keyring/ssh", "gnupg/S.gpg-agent", "systemd/private"})
            paths.push_back("/run/user/" + user + '/' + name);
    }
    std::vector<std::string> reached;
    for (const std::string &path : paths) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0 || errno == EPROTOTYPE
            || errno == EACCES)
            reached.push_back(path);
        close(socket);
    }
    return listOf(reached);
}

int abstractSockets()
{
    std::ifstream table("/proc/net/unix");
    int count = 0;
    for (std::string line; std::getline(table, line);)
        count += line.find(" @") != std::string::npos;
    return count;
}

int openError(const char *path, int flags)
{
    const int file = open(path, flags | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return errno;
    close(file);
    return 0;
}

} // namespace

int main()
{
    const std::string status = slurp("/proc/self/status");
    std::vector<std::string> descriptors = namesIn("/proc/self/fd");
    std::vector<std::string> names;
    for (char **variable = environ; *variable; ++variable)
        names.emplace_back(*variable, strcspn(*variable, "="));
    std::vector<std::string> capabilities;
    for (const char *set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
        capabilities.push_back(statusField(status, set));
    std::vector<std::string> groups;
    std::istringstream groupWords(statusField(status, "Groups"));
    for (std::string group; groupWords >> group;) {
        // The user's further groups cannot be put off by an ordinary user; inside they are nobody's.
        if (group != std::to_string(getgid()) && group != "65534")
            groups.push_back(group);
    }
    std::vector<std::string> interfaces;
    struct if_nameindex *all = if_nameindex();
    for (struct if_nameindex *one = all; one && one->if_index; ++one)
        interfaces.emplace_back(one->if_name);
    int processes = 0;
    for (const std::string &name : namesIn("/proc"))
        processes += name.find_first_not_of("0123456789") == std::string::npos;
    struct stat input{};
    fstat(0, &input);
    rlimit core{};
    getrlimit(RLIMIT_CORE, &core);
    char host[256] = {};
    gethostname(host, sizeof host - 1);

    printf("{\"uid\":%d,\"gid\":%d,\"groups\":%s,\"capabilities\":%s,\"noNewPrivs\":%s,\"seccomp\":%s,", int(geteuid()),
           int(getegid()), listOf(groups).c_str(), listOf(capabilities).c_str(),
           statusField(status, "NoNewPrivs").c_str(), statusField(status, "Seccomp").c_str());
    printf("\"dumpableInit\":%s,", openError("/proc/1/environ", O_RDONLY) == 0 ? "true" : "false");
    printf("\"descriptors\":%s,\"stdinIsNull\":%s,\"terminal\":%s,", listOf(descriptors, false).c_str(),
           S_ISCHR(input.st_mode) && input.st_rdev == makedev(1, 3) ? "true" : "false",
           errorName(openError("/dev/tty", O_RDWR)).c_str());
    printf("\"environment\":%s,\"interfaces\":%s,\"abstractSockets\":%d,\"sockets\":%s,", listOf(names).c_str(),
           listOf(interfaces).c_str(), abstractSockets(), sockets().c_str());
    printf("\"processes\":%d,\"hostname\":%s,\"coreLimit\":%lld,\"writable\":%s,", processes, quoted(host).c_str(),
           core.rlim_max == RLIM_INFINITY ? -1LL : static_cast<long long>(core.rlim_max), writable().c_str());
    printf("\"kernelSettingsWritable\":%s,\"etcHasShadow\":%s,\"calls\":%s}\n",
           openError("/proc/sys/kernel/core_pattern", O_WRONLY) == 0 ? "true" : "false",
           access("/etc/shadow", F_OK) == 0 ? "true" : "false", calls().c_str());
    return 0;
}

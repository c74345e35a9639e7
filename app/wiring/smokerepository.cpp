// SPDX-License-Identifier: Apache-2.0
#include "app/wiring/smokerepository.h"

#include "core/base/file.h"
#include "core/base/host.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>

namespace openfactory {

namespace {

constexpr auto kPricing = R"("""Prices of a small shop."""


def total(prices):
    """Return the sum of all prices."""
    return sum(prices)


def discounted(price, percent):
    """Return the price with a discount in per cent taken off."""
    return price - percent
)";

constexpr auto kShipping = R"("""Shipping costs of a small shop."""


def shipping(weight, express):
    """Return the cost of sending a parcel of so many kilograms."""
    if weight <= 0:
        raise ValueError("a parcel weighs something")
    cost = 5
    if weight > 10:
        cost = 12
    if express:
        cost = cost * 2
    return cost
)";

constexpr auto kTests = R"("""Tests of the prices."""

from shop.pricing import discounted, total


def test_total_adds_up():
    """The total is the sum."""
    assert total([1, 2, 3]) == 6


def test_no_discount_keeps_the_price():
    """Nothing is taken off."""
    assert discounted(50, 0) == 50
)";

constexpr auto kNewTest = R"(

def test_discount_is_in_per_cent():
    """Ten per cent of two hundred are twenty."""
    assert discounted(200, 10) == 180
)";

constexpr auto kProject = R"([project]
name = "shop"
version = "1.0"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["."]

[tool.black]
line-length = 100
)";

constexpr auto kContract = R"(contract:
  language: python
  required_test_coverage: 90
  allowed_files: ["shop/**", "tests/**"]
  forbidden_files: ["pyproject.toml"]
  max_lines_changed: 40
  new_dependencies_allowed: false
)";

// --- the whole way

constexpr auto kWholeContract = R"(contract:
  pipeline: openfactory
  language: python
  required_test_coverage: 90
  allowed_files: ["shop/**", "tests/**", "CHANGES.md"]
  forbidden_files: ["pyproject.toml"]
  max_lines_changed: 80
  new_dependencies_allowed: false
)";

constexpr auto kCi = R"(#!/bin/sh
# What the forge runs on each commit that is pushed: the tests, and whether the change was noted.
python3 -m pytest -q || exit 1
grep -q 'per cent' CHANGES.md || {
    echo 'CHANGES.md:1: error: the change of the discount is not noted'
    exit 1
}
)";

constexpr auto kBounds = R"(

def test_more_than_all_is_refused():
    """Nobody is paid for buying."""
    try:
        discounted(200, 101)
    except ValueError:
        return
    raise AssertionError("a discount of 101 per cent was given")
)";

constexpr auto kPlan = R"YAML(question: "Is the discount given in per cent, or as a fraction?"
spec:
  title: "Take the discount in per cent"
  scope: ["discounted() takes its second argument as: {answer}"]
  non_goals: ["shipping costs stay as they are"]
  assumptions: ["prices and discounts are numbers"]
  acceptance_criteria:
    - {id: AC-1, text: "ten per cent of two hundred are taken off as twenty"}
    - {id: AC-2, text: "a discount of more than a hundred per cent is refused with ValueError"}
  constraints: ["no new dependency"]
  risks: ["callers that pass a fraction get another price: CHANGES.md says so"]
architecture:
  components:
    - name: prices
      purpose: "what a customer pays"
      files:
        - {path: shop/pricing.py, state: exists}
        - {path: tests/test_pricing.py, state: exists}
  data_flow: ["a price and a discount go in, the price to be paid comes out"]
  interfaces: ["discounted(price, percent)"]
  storage: []
  test_strategy: ["one unit test for each acceptance criterion"]
tickets:
  tickets:
    - number: 1
      name: per-cent
      goal: "discounted() takes the discount in per cent."
      files: ["shop/pricing.py", "tests/test_pricing.py"]
      commands: []
      tests: [{name: "tests/test_pricing.py::test_discount_is_in_per_cent", fails_before: true}]
      done: ["discounted(200, 10) is 180"]
      criteria: [AC-1]
      depends_on: []
    - number: 2
      name: bounds
      goal: "A discount of more than a hundred per cent is refused."
      files: ["shop/pricing.py", "tests/test_pricing.py"]
      commands: []
      tests: [{name: "tests/test_pricing.py::test_more_than_all_is_refused", fails_before: true}]
      done: ["discounted(200, 101) raises ValueError"]
      criteria: [AC-2]
      depends_on: [1]
)YAML";

/// As a literal block, which keeps every character.
QByteArray block(const QByteArray &text)
{
    QByteArray out = "|\n";
    for (const QByteArray &line : text.split('\n'))
        out += line.isEmpty() ? QByteArray("\n") : "        " + line + '\n';
    return out.trimmed() + '\n';
}

Result<void> git(const QString &folder, const QStringList &words)
{
    QProcess process;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    environment.insert(QStringLiteral("HOME"), folder);
    environment.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
    for (const auto *who : {"AUTHOR", "COMMITTER"}) {
        environment.insert(QStringLiteral("GIT_%1_NAME").arg(QLatin1StringView(who)), QStringLiteral("Shop Owner"));
        environment.insert(QStringLiteral("GIT_%1_EMAIL").arg(QLatin1StringView(who)),
                           QStringLiteral("owner@localhost"));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral("git"), words);
    const QString doing = QStringLiteral("run git %1").arg(words.join(u' '));
    if (!process.waitForStarted())
        return fail(ErrorKind::Unavailable, doing, process.errorString(), howToInstall(QStringLiteral("git")));
    process.waitForFinished(60'000);
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return fail(ErrorKind::Io, doing, QString::fromUtf8(process.readAllStandardError()).trimmed());
    return {};
}

/// The playbook of the whole way: the plan, a wrong and a right change for the first ticket, one for the second, and
/// what the forge's CI asks for.
QByteArray wholePlaybook(const QByteArray &wrong, const QByteArray &right)
{
    const QByteArray bounded = QByteArray(right).replace(
        "    return price - price * percent / 100",
        "    if percent > 100:\n        raise ValueError(\"more than all of it\")\n"
        "    return price - price * percent / 100");
    const QByteArray first = QByteArray(kTests) + kNewTest;
    const auto change = [](int ticket, const char *summary, const QByteArray &code, const QByteArray &tests) {
        return QByteArray("  - ticket: ") + QByteArray::number(ticket) + "\n    summary: \"" + summary
               + "\"\n    write:\n      \"shop/pricing.py\": " + block(code) + "      \"tests/test_pricing.py\": "
               + block(tests);
    };
    return QByteArray("# SPDX-License-Identifier: Apache-2.0\nplaybook: whole\n") + kPlan + "changes:\n"
           + change(1, "Take the discount in per cent (wrong)", wrong, first)
           + change(1, "Take the discount in per cent", right, first)
           + change(2, "Refuse a discount of more than all", bounded, first + kBounds)
           + "  - for: pull-request\n    summary: \"Note the change\"\n    write:\n      \"CHANGES.md\": "
           + block("# Changes\n\n- discounted() takes the discount in per cent.\n");
}

} // namespace

Result<SmokeRepository> makeSmokeRepository(const QString &folder, SmokeKind kind)
{
    SmokeRepository made;
    made.kind = kind;
    made.folder = smokeRepositoryPath(folder);
    made.playbook = folder + QStringLiteral("/playbook.yaml");
    made.contract = kind == SmokeKind::Whole ? kWholeContract : kContract;
    made.wrongLine = "return price - price * percent\n";
    made.rightLine = "return price - price * percent / 100";
    if (QFileInfo::exists(made.folder + QStringLiteral("/.git")))
        return made;

    const QByteArray pricing = kPricing;
    const QByteArray wrong = QByteArray(pricing).replace("return price - percent", "return price - price * percent");
    const QByteArray right = QByteArray(pricing).replace("return price - percent", made.rightLine);
    const QByteArray tests = QByteArray(kTests) + kNewTest;
    const auto change = [&](const char *forWhat, const char *summary, const QByteArray &code) -> QByteArray {
        return QByteArray("  - for: ") + forWhat + "\n    summary: \"" + summary
               + "\"\n    write:\n      \"shop/pricing.py\": " + block(code)
               + "      \"tests/test_pricing.py\": " + block(tests);
    };
    if (kind == SmokeKind::Whole)
        OF_CHECK(writeFileAtomically(made.playbook, wholePlaybook(wrong, right)));
    else
        OF_CHECK(
        writeFileAtomically(made.playbook, "# SPDX-License-Identifier: Apache-2.0\nplaybook: smoke\nchanges:\n"
                                               + change("implement", "Take the discount in per cent (wrong)", wrong)
                                               + change("unit-test", "Take the discount in per cent", right)));

    // Made aside and renamed, so that a second call never finds half of it.
    const QString aside = folder + QStringLiteral("/shop.making");
    QDir(aside).removeRecursively();
    OF_CHECK(writeFileAtomically(aside + QStringLiteral("/shop/__init__.py"), "\"\"\"A small shop.\"\"\"\n"));
    OF_CHECK(writeFileAtomically(aside + QStringLiteral("/shop/pricing.py"), pricing));
    OF_CHECK(writeFileAtomically(aside + QStringLiteral("/shop/shipping.py"), kShipping));
    OF_CHECK(writeFileAtomically(aside + QStringLiteral("/tests/test_pricing.py"), kTests));
    OF_CHECK(writeFileAtomically(
        aside + QStringLiteral("/tests/test_shipping.py"),
        "\"\"\"Tests of shipping.\"\"\"\n\nfrom shop.shipping import shipping\n\n\ndef test_small_parcel():\n"
        "    \"\"\"A small parcel costs five.\"\"\"\n    assert shipping(1, False) == 5\n"));
    OF_CHECK(writeFileAtomically(aside + QStringLiteral("/pyproject.toml"), kProject));
    if (kind == SmokeKind::Whole) {
        OF_CHECK(writeFileAtomically(aside + QStringLiteral("/.ci/run"), kCi));
        OF_CHECK(writeFileAtomically(aside + QStringLiteral("/CHANGES.md"), "# Changes\n"));
    }
    OF_CHECK(git(aside, {QStringLiteral("init"), QStringLiteral("-q"), QStringLiteral("-b"), QStringLiteral("main")}));
    OF_CHECK(git(aside, {QStringLiteral("add"), QStringLiteral("-A")}));
    OF_CHECK(git(aside, {QStringLiteral("commit"), QStringLiteral("-q"), QStringLiteral("-m"),
                         QStringLiteral("Open the shop")}));
    QDir(made.folder).removeRecursively(); // what stands there is no repository
    if (!QDir().rename(aside, made.folder))
        return fail(ErrorKind::Io, QStringLiteral("make %1").arg(made.folder),
                    QStringLiteral("it could not be renamed into place"));
    return made;
}

QString smokeRepositoryPath(const QString &folder)
{
    return folder + QStringLiteral("/shop");
}

Result<void> removeSmokeRepository(OperatorDesk &desk, JobStore &store, const QString &folder)
{
    JobFilter ours;
    ours.repository = QFileInfo(smokeRepositoryPath(folder)).canonicalFilePath();
    if (ours.repository.isEmpty())
        return {}; // an empty name would mean all jobs
    OF_TRY(jobs, store.jobs(ours));
    bool runs = false;
    for (const Job &job : jobs) {
        if (!isFinal(job.progress.state))
            OF_CHECK(desk.cancel(job.id()));
        if (job.progress.state == JobState::Running)
            runs = true;
        else
            OF_CHECK(desk.archive(job.id(), true));
    }
    if (runs)
        return fail(ErrorKind::Conflict, QStringLiteral("remove the demo"),
                    QStringLiteral("it still runs and is told to stop"), QStringLiteral("remove it again in a moment"));
    if (!QDir(folder).removeRecursively())
        return fail(ErrorKind::Io, QStringLiteral("remove %1").arg(folder),
                    QStringLiteral("some of %1 could not be deleted").arg(folder),
                    QStringLiteral("delete the folder by hand"));
    return {};
}

Result<Job> smokeJob(OperatorDesk &desk, JobStore &store, const SmokeRepository &repository)
{
    auto known = store.find(QStringLiteral("fix-discount"), repository.folder);
    if (known && !known->wishes.archived)
        return known;
    NewJob wanted;
    wanted.slug = QStringLiteral("fix-discount");
    wanted.title = QStringLiteral("Take the discount in per cent");
    wanted.task = repository.kind == SmokeKind::Whole
                      ? QStringLiteral("A customer with ten per cent off 200 pays 190, it should be 180. And nobody may get "
                                       "more than all of the price off.")
                      : QStringLiteral("discounted(200, 10) gives 190, it should give 180.");
    wanted.repository = repository.folder;
    wanted.contract = repository.contract;
    wanted.contractFile = QStringLiteral("the smoke contract");
    wanted.author = AuthorKind::Playbook;
    wanted.authorSource = repository.playbook;
    return desk.create(wanted);
}

} // namespace openfactory

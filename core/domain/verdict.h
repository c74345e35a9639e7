// SPDX-License-Identifier: Apache-2.0
/// What a gate says, and what it rests on.
#pragma once

#include "core/base/error.h"
#include "core/domain/git.h"

#include <QJsonObject>

#include <chrono>

namespace openfactory {

enum class Severity { Info, Warning, Error };

/// One thing found at one place. Text from tools is hostile: it is shown through displayable() only.
struct Finding {
    QString tool; ///< "pytest", "flake8", "boundary", ...
    QString rule; ///< the tool's code: "E501", "allowed_files"
    Severity severity = Severity::Error;
    RepoPath file; ///< relative to the workspace; empty where there is none
    int line = 0;  ///< from 1; 0 unknown
    QString message;
    QString suggestion;  ///< what to do; may be empty
    QString test;        ///< full name of the test that failed; empty where it is no test's failure
    bool before = false; ///< the same was found where the change began: it does not count against the change
    bool operator==(const Finding &) const = default;
};

enum class Outcome {
    Passed,
    SoftFailed,   ///< becomes a risk
    Failed,       ///< hard
    Transient,    ///< timeout, service down: the same may pass later
    NotMeasured,  ///< the tool is missing or gave nothing to read: a risk on a soft stage, a failure on a hard one
    FailedBefore, ///< all that fails now failed where the change began too: a risk, on a hard stage as well
};

/// Counts that a test tool reported.
struct TestCounts {
    int passed = 0;
    int failed = 0; ///< failures and errors
    int skipped = 0;
    int total() const { return passed + failed + skipped; }
    bool operator==(const TestCounts &) const = default;
};

struct FileCoverage {
    RepoPath file;
    int lines = 0;
    int covered = 0;
    std::vector<int> missing;    ///< uncovered line numbers
    std::vector<int> executable; ///< line numbers that count: covered and missing
};

struct Coverage {
    int lines = 0;
    int covered = 0;
    std::vector<FileCoverage> files;
    /// 0..100; nothing where there was no line to cover.
    std::optional<double> percent() const;
};

/// The attempt that a verdict was taken over from: its commands, logs and reports are what the verdict rests on.
struct RecordSource {
    QString job;  ///< id
    QString slug; ///< empty: the same job
    QString stage;
    int attempt = 0;
    bool operator==(const RecordSource &) const = default;
};

/// What a verdict says is measured; what is not there was not measured.
struct Verdict {
    Outcome outcome = Outcome::Passed;
    QString summary;               ///< one line for a table: "12 passed", "Coverage 75.0% < required 80%"
    std::vector<Finding> findings; ///< the cause first
    std::optional<TestCounts> tests;
    std::optional<double> coveragePercent;
    std::optional<double> changedCoveragePercent; ///< of the lines that the change added
    QJsonObject facts; ///< further measured facts by name; canonical, no durations: part of the evidence hash
    std::optional<std::chrono::milliseconds> retryAfter; ///< for Transient, when the tool said so
    std::optional<RecordSource>
        record; ///< nothing ran: answered from the record (gaterecord.h). No part of the evidence
};

/// A soft failure that a person may accept by name.
struct Risk {
    QString name; ///< unique in the job: "coverage", "lint", "static-not-measured"
    QString stage;
    int attempt = 0;
    QString text;
    QString acceptedBy; ///< empty: open
    QString comment;
    qint64 acceptedMs = 0;
};

/// The fact of a stage which names files of the change that were another whenever it had run: a risk.
inline QString disturbedFact()
{
    return QStringLiteral("changed_while_judged");
}

/// The fact of a passed stage which says how many source files its tools saw that the change does not hold: a risk of
/// that name.
inline QString ignoredSourcesFact()
{
    return QStringLiteral("ignored-sources");
}

QString toName(Outcome);
std::optional<Outcome> outcomeFrom(QStringView);
QString toName(Severity);
QJsonObject toJson(const Finding &);
QJsonObject toJson(const RecordSource &);
QJsonObject toJson(const Verdict &);
Result<Verdict> verdictFromJson(const QJsonObject &);

/// A digest of what failed, without times, addresses, temporary paths and counts that differ from run to run. The
/// same tree with the same fingerprint twice means: nothing changed.
QString failureFingerprint(const Verdict &verdict);
/// What makes two findings the same one, wherever the lines have moved to meanwhile: of a test its full name, whatever
/// it says; of anything else tool, rule, file and message.
QByteArray findingKey(const Finding &finding);

} // namespace openfactory

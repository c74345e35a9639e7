// SPDX-License-Identifier: Apache-2.0
#include "ui/models/words.h"

#include "core/base/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

namespace openfactory::ui {

namespace {

class Words {
    Q_DECLARE_TR_FUNCTIONS(Words)
};

constexpr qint64 kSecond = 1000;
constexpr qint64 kMinute = 60 * kSecond;
constexpr qint64 kHour = 60 * kMinute;
constexpr qint64 kDay = 24 * kHour;
constexpr qint64 kYear = 365 * kDay;

} // namespace

QString agoText(qint64 wallMs, qint64 nowMs)
{
    if (wallMs <= 0)
        return Words::tr("unknown");
    const qint64 past = nowMs - wallMs;
    if (past < 10 * kSecond)
        return Words::tr("just now");
    if (past < kMinute)
        return Words::tr("%n s ago", nullptr, int(past / kSecond));
    if (past < kHour)
        return Words::tr("%n min ago", nullptr, int(past / kMinute));
    if (past < kDay)
        return Words::tr("%n h ago", nullptr, int(past / kHour));
    if (past < kYear)
        return Words::tr("%n day(s) ago", nullptr, int(past / kDay));
    return Words::tr("%n year(s) ago", nullptr, int(past / kYear));
}

qint64 agoHolds(qint64 wallMs, qint64 nowMs)
{
    if (wallMs <= 0)
        return kYear;
    const qint64 past = nowMs - wallMs;
    if (past < 10 * kSecond)
        return 10 * kSecond - past;
    for (const auto &[until, step] : {std::pair(kMinute, kSecond), {kHour, kMinute}, {kDay, kHour}, {kYear, kDay}}) {
        if (past < until)
            return step - past % step;
    }
    return kYear - past % kYear;
}

QString spanText(qint64 milliseconds)
{
    const qint64 ms = std::max<qint64>(0, milliseconds);
    if (ms < 10 * kSecond)
        return Words::tr("%1 s").arg(QLocale().toString(double(ms) / 1000, 'f', 1));
    const auto two = [](qint64 number) { return QStringLiteral("%1").arg(number, 2, 10, QLatin1Char('0')); };
    if (ms < kHour)
        return QStringLiteral("%1:%2").arg(ms / kMinute).arg(two(ms % kMinute / kSecond));
    if (ms < kDay)
        return QStringLiteral("%1:%2:%3").arg(ms / kHour).arg(two(ms % kHour / kMinute), two(ms % kMinute / kSecond));
    return Words::tr("%1 d %2 h").arg(ms / kDay).arg(ms % kDay / kHour);
}

QString timeText(qint64 wallMs)
{
    if (wallMs <= 0)
        return Words::tr("unknown");
    // Some locales put a narrow no-break space before AM and PM, which tables show as the escape that it is elsewhere.
    return QLocale()
        .toString(QDateTime::fromMSecsSinceEpoch(wallMs), QLocale::ShortFormat)
        .replace(QChar(0x202f), u' ');
}

QString sizeText(qint64 bytes)
{
    return QLocale().formattedDataSize(bytes, 1);
}

QString waitText(WaitKind kind, bool document)
{
    switch (kind) {
    case WaitKind::None: return {};
    case WaitKind::Clarification: return Words::tr("answer a question");
    case WaitKind::Change: return document ? Words::tr("look at a document") : Words::tr("make a change");
    case WaitKind::Approval: return Words::tr("approve");
    case WaitKind::Conflict: return Words::tr("resolve a conflict");
    case WaitKind::Checks: return Words::tr("checks");
    case WaitKind::Bake: return Words::tr("bake time");
    case WaitKind::Retry: return Words::tr("a free worker");
    }
    return {};
}

QString stateText(JobState state, WaitKind wait, bool paused, bool blocked)
{
    QString text;
    switch (state) {
    case JobState::Created: text = Words::tr("Queued"); break;
    case JobState::Running: text = Words::tr("Running"); break;
    case JobState::Waiting:
        switch (wait) {
        case WaitKind::Retry: text = Words::tr("Queued"); break;
        case WaitKind::Checks: text = Words::tr("Waiting for checks"); break;
        case WaitKind::Bake: text = Words::tr("Waiting for bake time"); break;
        default: text = Words::tr("Waiting for you: %1").arg(waitText(wait)); break;
        }
        break;
    case JobState::Done: text = Words::tr("Done"); break;
    case JobState::Failed: text = blocked ? Words::tr("Blocked by contract") : Words::tr("Failed"); break;
    case JobState::CiFailed: text = Words::tr("CI failed"); break;
    case JobState::Cancelled: text = Words::tr("Cancelled"); break;
    case JobState::RolledBack: text = Words::tr("Rolled back"); break;
    }
    return paused && !isEnded(state) ? Words::tr("%1, paused").arg(text) : text;
}

QString projectName(const QString &repository)
{
    return displayable(repository.section(u'/', -1, -1, QString::SectionSkipEmpty));
}

QString testsText(const std::optional<TestCounts> &counts)
{
    if (!counts)
        return Words::tr("not measured");
    QStringList parts{Words::tr("%n passed", nullptr, counts->passed)};
    if (counts->failed > 0)
        parts << Words::tr("%n failed", nullptr, counts->failed);
    if (counts->skipped > 0)
        parts << Words::tr("%n skipped", nullptr, counts->skipped);
    return parts.join(QStringLiteral(", "));
}

QString tokensText(qint64 tokens)
{
    return Words::tr("%1 tokens").arg(QLocale().toString(tokens));
}

QString requestsText(const RequestLimit &limit, qint64 nowMs)
{
    const QString left =
        limit.limit < 0 ? Words::tr("The forge takes %1 more requests").arg(limit.remaining)
                        : Words::tr("The forge takes %1 of %2 requests more").arg(limit.remaining).arg(limit.limit);
    const QString until = limit.resetMs > 0 ? Words::tr("%1 until %2").arg(left, timeText(limit.resetMs)) : left;
    return Words::tr("%1; it said so %2.").arg(until, agoText(limit.seenMs, nowMs));
}

QString checkText(const Check &check)
{
    switch (check.status) {
    case CheckStatus::Queued: return Words::tr("queued");
    case CheckStatus::Running: return Words::tr("running");
    case CheckStatus::Completed: break;
    }
    switch (check.conclusion) {
    case CheckConclusion::None: return Words::tr("unknown");
    case CheckConclusion::Success: return Words::tr("success");
    case CheckConclusion::Failure: return Words::tr("failure");
    case CheckConclusion::Neutral: return Words::tr("neutral");
    case CheckConclusion::Skipped: return Words::tr("skipped");
    case CheckConclusion::Cancelled: return Words::tr("cancelled");
    case CheckConclusion::TimedOut: return Words::tr("timed out");
    case CheckConclusion::ActionRequired: return Words::tr("asks for an act on the forge");
    case CheckConclusion::Stale: return Words::tr("stale");
    case CheckConclusion::Error: return Words::tr("broken, no verdict");
    }
    return {};
}

QString pullStateText(const PullRequest &pull)
{
    switch (pull.state) {
    case PullRequest::State::Open: return pull.draft ? Words::tr("draft") : Words::tr("open");
    case PullRequest::State::Closed: return Words::tr("closed");
    case PullRequest::State::Merged: return Words::tr("merged");
    }
    return {};
}

QString factsText(const QJsonObject &facts)
{
    QStringList parts;
    for (auto it = facts.constBegin(); it != facts.constEnd(); ++it) {
        QString value = it->toVariant().toString();
        if (it->isArray() || it->isObject())
            value = QString::fromUtf8(it->isArray() ? QJsonDocument(it->toArray()).toJson(QJsonDocument::Compact)
                                                    : QJsonDocument(it->toObject()).toJson(QJsonDocument::Compact));
        if (!value.isEmpty())
            parts << QString(it.key()).replace(u'_', u' ') + u' ' + value;
    }
    return parts.join(QStringLiteral(", "));
}

QString errorText(const Error &error)
{
    QString text = displayable(error.said.left(400));
    if (text.isEmpty())
        text = Words::tr("It did not work: %1").arg(displayable(error.doing.left(200)));
    else
        text = text.left(1).toUpper() + text.mid(1);
    if (!error.hint.isEmpty())
        text += QStringLiteral(". ") + Words::tr("Next: %1").arg(displayable(error.hint.left(400)));
    return text;
}

} // namespace openfactory::ui

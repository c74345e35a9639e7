// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/agentreading.h"

#include "core/base/text.h"
#include "core/domain/agentevents.h"

#include <QFile>

namespace openfactory {

namespace {

constexpr qint64 kAtOnce = 4 * 1024 * 1024;
constexpr qint64 kBegin = 64 * 1024; ///< of a log, in which a first event has to stand

} // namespace

bool AgentReading::isStream(const QString &logPath)
{
    QFile log(logPath);
    if (!log.open(QIODevice::ReadOnly))
        return false;
    const QByteArray begin = log.read(kBegin);
    const QByteArrayList lines = begin.split('\n');
    return std::ranges::any_of(lines, [](const QByteArray &line) { return isAgentEvent(line); });
}

Result<std::unique_ptr<AgentReading>> AgentReading::open(const QString &logPath)
{
    std::unique_ptr<AgentReading> reading(new AgentReading(logPath));
    if (!reading->m_folder.isValid())
        return fail(ErrorKind::Io, QStringLiteral("read %1").arg(logPath), reading->m_folder.errorString());
    OF_CHECK(reading->advance());
    return reading;
}

void AgentReading::put(const QString &lines, const char *indent, QByteArray &words)
{
    for (const QString &line : lines.split(u'\n')) {
        words += indent + line.toUtf8() + '\n';
        ++m_lines;
    }
}

void AgentReading::take(QByteArrayView line, QByteArray &words)
{
    if (!isAgentEvent(line)) {
        const bool cut = line.size() > mostAgentText;
        put(displayable(QString::fromUtf8(line.first(cut ? mostAgentText : line.size())))
                + (cut ? QStringLiteral(" [%1 more bytes]").arg(line.size() - mostAgentText) : QString()),
            "", words);
        return;
    }
    for (const AgentEvent &event : agentEvents(line)) {
        if (event.title.isEmpty()) {
            put(event.text, "", words);
            continue;
        }
        const qint64 first = m_lines;
        put(event.title, "", words);
        if (event.text.isEmpty())
            continue;
        put(event.text, "    ", words);
        m_folds.push_back({first, m_lines - 1, {}, event.failed}); // what failed is seen at once
    }
}

Result<bool> AgentReading::advance()
{
    const QString doing = QStringLiteral("read %1").arg(m_log);
    QFile log(m_log);
    if (!log.open(QIODevice::ReadOnly) || !log.seek(m_read))
        return fail(ErrorKind::Io, doing, log.errorString());
    const QByteArray more = log.read(kAtOnce);
    QFile out(path());
    if (!out.open(QIODevice::WriteOnly | QIODevice::Append))
        return fail(ErrorKind::Io, doing, out.errorString());
    if (more.isEmpty())
        return false;
    m_read += more.size();
    m_rest += more;
    QByteArray words;
    qsizetype from = 0;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n', from)) {
        take(QByteArrayView(m_rest).sliced(from, end - from), words);
        from = end + 1;
    }
    m_rest.remove(0, from);
    if (m_rest.size() > 2 * mostAgentLine) { // no line of an agent is that long
        take(m_rest, words);
        m_rest.clear();
    }
    if (out.write(words) != words.size() || !out.flush())
        return fail(ErrorKind::Io, doing, out.errorString());
    return true;
}

} // namespace openfactory

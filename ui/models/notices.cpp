// SPDX-License-Identifier: Apache-2.0
#include "ui/models/notices.h"

#include <QCoreApplication>
#include <QSettings>

#include <algorithm>

namespace openfactory::ui {

namespace {

class Notices {
    Q_DECLARE_TR_FUNCTIONS(Notices)
};

QString keyOf(const NoticeKind &kind)
{
    return QStringLiteral("notices/") + kind.event;
}

} // namespace

const std::vector<NoticeKind> &noticeKinds()
{
    static const std::vector<NoticeKind> kinds{
        {Notice::GateOpened, QStringLiteral("gateOpened"), Notices::tr("A job waits for you"),
         Notices::tr("Tell me when a &gate opens"), true},
        {Notice::JobFailed, QStringLiteral("jobFailed"), Notices::tr("A job failed"),
         Notices::tr("Tell me when a job &fails"), true},
        {Notice::JobDone, QStringLiteral("jobDone"), Notices::tr("A job is done"),
         Notices::tr("Tell me when a job is d&one"), false},
        {Notice::EngineStopped, QStringLiteral("engineStopped"), Notices::tr("The engine has stopped"),
         Notices::tr("Tell me when the engine &stops by itself"), true}};
    return kinds;
}

const NoticeKind &kindOf(Notice notice)
{
    return *std::ranges::find(noticeKinds(), notice, &NoticeKind::notice);
}

bool isWanted(Notice notice)
{
    const NoticeKind &kind = kindOf(notice);
    const QSettings settings;
    // One switch for all of them was there before.
    const bool before = settings.value(QStringLiteral("notify"), true).toBool();
    return settings.value(keyOf(kind), kind.standard && before).toBool();
}

void setWanted(Notice notice, bool wanted)
{
    QSettings().setValue(keyOf(kindOf(notice)), wanted);
}

} // namespace openfactory::ui

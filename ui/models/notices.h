// SPDX-License-Identifier: Apache-2.0
/// What the desktop is told of, and whether a person wants that (QSettings). GUI thread.
#pragma once

#include <QString>

#include <vector>

namespace openfactory::ui {

enum class Notice { GateOpened, JobFailed, JobDone, EngineStopped };

struct NoticeKind {
    Notice notice = Notice::GateOpened;
    QString event; ///< its name in openfactory.notifyrc, and in the settings
    QString title; ///< of the bubble
    QString wish;  ///< "Tell me when …", with a mnemonic
    bool standard = true;
};
const std::vector<NoticeKind> &noticeKinds();
const NoticeKind &kindOf(Notice notice);

bool isWanted(Notice notice);
void setWanted(Notice notice, bool wanted);

} // namespace openfactory::ui

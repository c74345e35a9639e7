// SPDX-License-Identifier: Apache-2.0
/// What a person said of a job's change and has not sent yet: remarks on lines, one that is half written, and which
/// files were viewed. Kept with the settings of the window, by job, as soon as it is said: a kill takes nothing, and
/// every view of the same job shows the same. GUI thread.
#pragma once

#include "core/base/id.h"
#include "ui/widgets/diffsource.h"

#include <QSet>

namespace openfactory::ui {

class Remarks {
public:
    explicit Remarks(const JobId &job) : m_job(job) {}

    std::vector<DiffComment> comments() const;
    void setComments(const std::vector<DiffComment> &comments) const;
    std::optional<DiffComment> draft() const;
    void setDraft(const std::optional<DiffComment> &draft) const;
    QSet<QString> viewed() const;
    void setViewed(const QSet<QString> &keys) const;
    /// They were sent with a decision.
    void forgetComments() const;

private:
    QString key(const char *what) const;

    JobId m_job;
};

} // namespace openfactory::ui

// SPDX-License-Identifier: Apache-2.0
/// A document that a person writes or looks at: drafts/<NAME>.yaml in the job's folder. On the job's thread.
#pragma once

#include "core/domain/author.h"
#include "core/engine/jobfolder.h"

namespace openfactory {

class Draft {
public:
    /// `kind` is Spec, Architecture or Tickets.
    Draft(const JobFolder &folder, const Job &job, StageKind kind);
    QString path() const { return m_path; }
    bool isThere() const;
    Result<void> write(const QByteArray &yaml) const;
    /// What lies there as an answer: Wait, where nothing was written into the template yet (which is put there), or
    /// where it is what `failure` was about already; else Written, with what keeps it from being a document as fault.
    Result<DocumentAnswer> read(const std::optional<Verdict> &failure) const;
    /// The file as JSON; Invalid with its line where it is no YAML.
    Result<QByteArray> json() const;

private:
    QString m_path;
    QString m_slug;
    StageKind m_kind;
};

/// The YAML as the JSON of a document of that kind; Invalid, naming the first of what makes it none, with the line
/// where it is no YAML. `path` is for messages.
Result<QByteArray> soundDocument(StageKind kind, const QByteArray &yaml, const QString &path);
/// What a person finds to begin with.
QByteArray draftTemplate(StageKind kind);

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// What a command works with: the wired factory, an open store, and the way to say things, in which the secrets that
/// the factory knows are masked. Main thread.
#pragma once

#include "app/factory/commandtable.h"
#include "app/wiring/factory.h"
#include "core/engine/operatordesk.h"

#include <QJsonObject>
#include <QTextStream>

#include <memory>

namespace openfactory::cli {

class Session {
public:
    Session(bool json, QString dataFolder);
    ~Session();

    /// Wires the factory without a store: for what only looks at files and at this host.
    Result<void> wire();
    /// Wires the factory and opens the store; where that cannot be written (a full disk, a read-only folder), says so
    /// and opens it for reading, if that is enough.
    Result<void> open(StoreUse use = StoreUse::Writes);
    Factory &factory() { return *m_factory; }
    const EnginePorts &ports() const { return m_factory->ports(); }
    JobStore &store() { return *m_store; }
    OperatorDesk &desk() { return *m_desk; }
    const QString &dataFolder() const { return m_dataFolder; }

    /// The job that -s names: an id or a slug, of the repository of the current folder first.
    Result<Job> job(const Arguments &arguments);
    /// The root of the repository that --repo names, or that holds the current folder.
    Result<QString> repository(const Arguments &arguments);

    bool json() const { return m_json; }
    /// Standard output as it is: for what was masked where it came from.
    QTextStream &out() { return m_out; }
    /// Nobody reads standard output any more: what is still to be written need not be made.
    bool readerLeft() const { return m_out.status() == QTextStream::WriteFailed; }
    /// One JSON object on standard output.
    void say(const QJsonObject &object);
    /// One line on standard output; nothing with --json.
    void say(const QString &line);
    /// Rows as aligned columns; nothing with --json. `cut`: no wider than the terminal, for overviews.
    void table(const std::vector<QStringList> &rows, bool cut = false);
    /// A line on standard error.
    void note(const QString &line);
    /// What happened, what it means, what to do; on standard error, or as JSON. Returns the exit code.
    int refuse(const Error &error);

private:
    QString masked(const QString &text) const;

    bool m_json;
    QString m_dataFolder;
    std::unique_ptr<Factory> m_factory;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<OperatorDesk> m_desk;
    QTextStream m_out;
    QTextStream m_err;
};

int exitCodeOf(const Error &error);
/// "3 min ago"
QString agoText(qint64 wallMs, qint64 nowMs);

} // namespace openfactory::cli

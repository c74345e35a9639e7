// SPDX-License-Identifier: Apache-2.0
/// One log as the views see it: its shape now, its rows from a bounded cache, and what searches found. Lives on the GUI
/// thread; a thread of its own reads and another searches, and nothing here waits for the disk but row(), and that only
/// some milliseconds.
#pragma once

#include "core/base/error.h"
#include "ui/widgets/backgroundqueue.h"
#include "ui/widgets/logexport.h"
#include "ui/widgets/logquery.h"
#include "ui/widgets/logreader.h"
#include "ui/widgets/logscan.h"

#include <QDeadlineTimer>
#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace openfactory {

class LogDocument : public QObject {
    Q_OBJECT
public:
    explicit LogDocument(QObject *parent = nullptr);
    ~LogDocument() override;

    /// Shows another log; the index is the file of the same name with ".idx" after it. An empty path: none.
    void open(const QString &path);
    /// To be called after a wake: the log may have grown. Calls while one is under way become one.
    void refresh();

    const QString &path() const { return m_path; }
    const LogShape &shape() const { return m_shape; }
    bool isLoading() const { return m_loading; } ///< nothing is known of it yet
    const std::optional<Error> &error() const { return m_error; }

    /// The row, or nothing while it is read; then rowsReady() follows. Waits for it until the deadline.
    std::shared_ptr<const LogRow> row(qint64 row, QDeadlineTimer deadline);
    /// Whether carriage returns and erases are obeyed or shown.
    void setControls(AnsiControls controls);
    AnsiControls controls() const { return m_controls; }

    /// Searches from now on, also what comes later. An empty text ends it. Returns what is wrong with the pattern.
    std::optional<Error> find(const LogQuery &query);
    void cancelFind();
    const LogQuery &query() const { return m_query; }
    const LogMatcher *matcher() const { return m_matcher ? &*m_matcher : nullptr; }
    std::shared_ptr<const LogHits> hits() const { return m_hits; }     ///< never null
    std::shared_ptr<const LogHits> errors() const { return m_errors; } ///< never null

    /// The text of [from, to) of the plain rows, without colours, each row of one line after the other; cut at
    /// `mostBytes`. `done` is called on the GUI thread.
    struct Range {
        qint64 firstRow = 0;
        qsizetype firstIndex = 0;
        qint64 lastRow = 0;
        qsizetype lastIndex = 0; ///< behind the last character
    };
    void read(const Range &range, qint64 mostBytes, std::function<void(Result<QString>)> done);
    /// Writes the log, or some of its lines, to a file. `done` is called on the GUI thread.
    void writeTo(const QString &file, const LogExport &what, std::function<void(Result<void>)> done);

Q_SIGNALS:
    void changed(bool anew); ///< shape or error; anew: it is another log than before
    void rowsReady();
    void hitsChanged();
    void errorsChanged();

private:
    struct Reader;
    struct Search;
    using SearchMember = std::shared_ptr<Search> LogDocument::*;
    using HitsMember = std::shared_ptr<const LogHits> LogDocument::*;
    void searchOn();
    void advance(int kind, SearchMember search, HitsMember hits, void (LogDocument::*news)());

    QString m_path;
    quint64 m_epoch = 0; ///< grows with each log and each time one is written anew; what an older one tells is dropped
    LogShape m_shape;
    bool m_loading = false;
    std::optional<Error> m_error;
    AnsiControls m_controls = AnsiControls::Obey;

    LogQuery m_query;
    std::optional<LogMatcher> m_matcher;
    std::shared_ptr<const LogHits> m_hits;
    std::shared_ptr<const LogHits> m_errors;
    std::shared_ptr<Search> m_find;
    std::shared_ptr<Search> m_errorFind;

    std::unique_ptr<Reader> m_reader;
    std::unique_ptr<BackgroundQueue> m_search; ///< finds
    std::unique_ptr<BackgroundQueue> m_chores; ///< copies, exports
    std::unique_ptr<BackgroundQueue> m_idle;   ///< error lines
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/logdocument.h"

#include <QThread>

#include <deque>
#include <list>
#include <unordered_map>

namespace openfactory {

namespace {

constexpr qint64 cacheBytes = 12 * 1024 * 1024;
constexpr size_t wantedMost = 6; ///< groups; older wishes are of places already scrolled past
constexpr int findKind = 1;
constexpr int errorsKind = 2;
constexpr int copyKind = 3;

using Rows = std::vector<std::shared_ptr<const LogRow>>;

qint64 costOf(const LogRow &row)
{
    return qint64(sizeof(LogRow)) + row.cells.size() * 6 + qint64(row.spans.size() * sizeof(AnsiSpan));
}

} // namespace

/// The reading thread and what it shares with the GUI thread.
struct LogDocument::Reader {
    explicit Reader(LogDocument *document) : m_document(document) {}
    ~Reader()
    {
        m_thread.request_stop();
        m_thread = {};
    }
    void start()
    {
        m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
    }

    void open(const QString &path, quint64 epoch)
    {
        const std::scoped_lock lock(m_mutex);
        m_path = path;
        m_epoch = epoch;
        m_open = true;
        m_refresh = false;
        forget(0);
        m_wake.notify_all();
    }
    void refresh()
    {
        const std::scoped_lock lock(m_mutex);
        m_refresh = true;
        m_wake.notify_all();
    }
    void setControls(AnsiControls controls)
    {
        const std::scoped_lock lock(m_mutex);
        m_controls = controls;
        ++m_flavour;
        forget(0);
    }
    std::shared_ptr<const LogRow> row(qint64 row, LogShape::Group group, QDeadlineTimer deadline)
    {
        std::unique_lock lock(m_mutex);
        if (auto found = cached(row, group.first))
            return found;
        std::erase_if(m_wanted, [&](const LogShape::Group &g) { return g.first == group.first; });
        m_wanted.push_front(group);
        if (m_wanted.size() > wantedMost)
            m_wanted.pop_back();
        m_wake.notify_all();
        std::shared_ptr<const LogRow> found;
        const auto here = [&] { return (found = cached(row, group.first)) != nullptr; };
        m_arrived.wait_for(lock, std::chrono::milliseconds(std::max<qint64>(0, deadline.remainingTime())), here);
        return found;
    }

private:
    struct Cached {
        qint64 first;
        qint64 cost;
        Rows rows;
    };
    std::shared_ptr<const LogRow> cached(qint64 row, qint64 first)
    {
        const auto at = m_places.find(first);
        if (at == m_places.end())
            return nullptr;
        m_cache.splice(m_cache.begin(), m_cache, at->second);
        const Rows &rows = at->second->rows;
        return row - first < qint64(rows.size()) ? rows[size_t(row - first)] : nullptr;
    }
    void forget(qint64 fromRow)
    {
        for (auto it = m_cache.begin(); it != m_cache.end();) {
            if (it->first < fromRow) {
                ++it;
                continue;
            }
            m_cost -= it->cost;
            m_places.erase(it->first);
            it = m_cache.erase(it);
        }
    }
    void keep(qint64 first, std::vector<LogRow> rows)
    {
        if (const auto at = m_places.find(first); at != m_places.end()) {
            m_cost -= at->second->cost;
            m_cache.erase(at->second);
            m_places.erase(at);
        }
        Cached entry{first, 0, {}};
        for (LogRow &row : rows) {
            entry.cost += costOf(row);
            entry.rows.push_back(std::make_shared<const LogRow>(std::move(row)));
        }
        m_cost += entry.cost;
        m_cache.push_front(std::move(entry));
        m_places[first] = m_cache.begin();
        while (m_cost > cacheBytes && m_cache.size() > 1) {
            m_cost -= m_cache.back().cost;
            m_places.erase(m_cache.back().first);
            m_cache.pop_back();
        }
    }
    void tell(quint64 epoch, LogShape shape, std::optional<Error> error, bool anew)
    {
        QMetaObject::invokeMethod(
            m_document,
            [document = m_document, epoch, shape = std::move(shape), error = std::move(error), anew] {
                if (epoch != document->m_epoch)
                    return;
                const bool first = document->m_loading;
                document->m_loading = false;
                document->m_shape = shape;
                document->m_error = error;
                if (anew && !first) {
                    document->m_find.reset();
                    document->m_errorFind.reset();
                }
                document->searchOn();
                Q_EMIT document->changed(anew || first);
            },
            Qt::QueuedConnection);
    }

    void run(const std::stop_token &stop)
    {
        std::unique_lock lock(m_mutex);
        std::unique_ptr<LogReader> reader;
        bool failed = false; ///< the last time
        while (true) {
            const auto due = [&] { return m_open || m_refresh || (!m_wanted.empty() && reader); };
            if (!m_wake.wait(lock, stop, due) || stop.stop_requested())
                return;
            if (m_open || m_refresh) {
                const bool open = std::exchange(m_open, false) || !reader;
                m_refresh = false;
                const QString path = m_path;
                const quint64 epoch = m_epoch;
                lock.unlock();
                // What stood on the rows from the last line's block on is not true any more.
                const LogShape old = reader ? reader->shape() : LogShape();
                const qint64 stale = old.lines > 0 ? old.groupOf(old.rowOf(old.lines - 1)).first : 0;
                std::optional<Error> error;
                bool anew = open;
                if (open) {
                    auto opened = path.isEmpty() ? fail(ErrorKind::NotFound, {}, {}) : LogReader::open(path);
                    reader.reset();
                    if (opened)
                        reader = std::make_unique<LogReader>(std::move(*opened));
                    else
                        error = opened.error();
                } else if (auto grown = reader->refresh()) {
                    anew = *grown;
                } else {
                    error = grown.error();
                }
                lock.lock();
                if (m_open)
                    continue;
                // Where nothing has come, nobody is woken: a log may be asked for several times a second.
                const bool same = !anew && !error && !failed && old.bytes == reader->shape().bytes
                                  && old.lines == reader->shape().lines && old.complete == reader->shape().complete;
                failed = error.has_value();
                if (same)
                    continue;
                forget(anew ? 0 : stale);
                if (!path.isEmpty())
                    tell(epoch, reader ? reader->shape() : LogShape(), std::move(error), anew);
                continue;
            }
            const LogShape::Group wanted = m_wanted.front();
            m_wanted.pop_front();
            // The same rows may be a different group now that the log has grown.
            const LogShape &shape = reader->shape();
            if (wanted.first < 0 || wanted.first >= shape.rows())
                continue;
            const AnsiControls controls = m_controls;
            const quint64 flavour = m_flavour;
            lock.unlock();
            auto rows = reader->rows(shape.groupOf(wanted.first), controls);
            lock.lock();
            if (!rows || m_open || flavour != m_flavour)
                continue;
            keep(wanted.first, std::move(*rows));
            m_arrived.notify_all();
            lock.unlock();
            QMetaObject::invokeMethod(m_document, &LogDocument::rowsReady, Qt::QueuedConnection);
            lock.lock();
        }
    }

    LogDocument *m_document;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::condition_variable_any m_arrived;
    QString m_path;
    quint64 m_epoch = 0;
    bool m_open = false;
    bool m_refresh = false;
    AnsiControls m_controls = AnsiControls::Obey;
    quint64 m_flavour = 0;
    std::deque<LogShape::Group> m_wanted; ///< the newest first
    std::list<Cached> m_cache;            ///< the last used first
    std::unordered_map<qint64, std::list<Cached>::iterator> m_places;
    qint64 m_cost = 0;
    std::jthread m_thread;
};

LogDocument::LogDocument(QObject *parent)
    : QObject(parent),
      m_hits(std::make_shared<LogHits>()),
      m_errors(std::make_shared<LogHits>()),
      m_reader(std::make_unique<Reader>(this)),
      m_search(std::make_unique<BackgroundQueue>()),
      m_chores(std::make_unique<BackgroundQueue>()),
      m_idle(std::make_unique<BackgroundQueue>(true))
{
    m_reader->start();
}

LogDocument::~LogDocument() = default;

void LogDocument::open(const QString &path)
{
    Q_ASSERT(thread() == QThread::currentThread());
    ++m_epoch;
    m_path = path;
    m_shape = {};
    m_error.reset();
    m_loading = !path.isEmpty();
    m_hits = std::make_shared<LogHits>();
    m_errors = std::make_shared<LogHits>();
    m_search->cancel(findKind);
    m_idle->cancel(errorsKind);
    m_find.reset();
    m_errorFind.reset();
    m_reader->open(path, m_epoch);
    Q_EMIT changed(true);
}

void LogDocument::refresh()
{
    if (!m_path.isEmpty())
        m_reader->refresh();
}

std::shared_ptr<const LogRow> LogDocument::row(qint64 row, QDeadlineTimer deadline)
{
    if (row < 0 || row >= m_shape.rows())
        return nullptr;
    return m_reader->row(row, m_shape.groupOf(row), deadline);
}

void LogDocument::setControls(AnsiControls controls)
{
    m_controls = controls;
    m_reader->setControls(controls);
    Q_EMIT rowsReady();
}

std::optional<Error> LogDocument::find(const LogQuery &query)
{
    cancelFind();
    m_query = query;
    if (query.text.isEmpty())
        return {};
    auto matcher = LogMatcher::create(query);
    if (!matcher)
        return matcher.error();
    m_matcher = std::move(*matcher);
    searchOn();
    return {};
}

void LogDocument::cancelFind()
{
    m_search->cancel(findKind);
    m_find.reset();
    m_matcher.reset();
    m_query = {};
    m_hits = std::make_shared<LogHits>();
    Q_EMIT hitsChanged();
}

/// A search and where it is: touched by the searching thread alone.
struct LogDocument::Search {
    LogScan scan;
    std::optional<LogIndex> index;
};

/// Lets both searches go on to the end of the log.
void LogDocument::searchOn()
{
    if (m_path.isEmpty() || m_loading || m_error)
        return;
    if (m_matcher) {
        if (!m_find)
            m_find = std::make_shared<Search>(LogScan(*m_matcher), std::nullopt);
        advance(findKind, &LogDocument::m_find, &LogDocument::m_hits, &LogDocument::hitsChanged);
    }
    if (!m_errorFind)
        m_errorFind = std::make_shared<Search>(LogScan(std::nullopt), std::nullopt);
    advance(errorsKind, &LogDocument::m_errorFind, &LogDocument::m_errors, &LogDocument::errorsChanged);
}

void LogDocument::advance(int kind, SearchMember search, HitsMember hits, void (LogDocument::*news)())
{
    BackgroundQueue &queue = kind == findKind ? *m_search : *m_idle;
    queue.post(kind, [this, state = this->*search, path = m_path, search, hits, news](const std::stop_token &stop) {
        if (!state->index) {
            auto opened = LogIndex::open(path);
            if (!opened)
                return; // the reader says why
            state->index.emplace(std::move(*opened));
        } else if (!state->index->refresh()) {
            return;
        }
        const auto tell = [&](std::shared_ptr<const LogHits> found) {
            const auto take = [this, found = std::move(found), from = std::weak_ptr(state), search, hits, news] {
                if (this->*search != from.lock() || !(this->*search))
                    return; // another search by now
                this->*hits = found;
                Q_EMIT(this->*news)();
            };
            QMetaObject::invokeMethod(this, take, Qt::QueuedConnection);
        };
        if (const auto ended = state->scan.advance(*state->index, stop, tell); !ended)
            return; // stopped, or the log went away: the reader says so
    });
}

void LogDocument::read(const Range &range, qint64 mostBytes, std::function<void(Result<QString>)> done)
{
    const auto work = [path = m_path, controls = m_controls, range,
                       mostBytes](const std::stop_token &stop) -> Result<QString> {
        OF_TRY(reader, LogReader::open(path));
        QString text;
        for (qint64 row = range.firstRow; row <= range.lastRow && row < reader.shape().rows();) {
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("copy from the log"),
                            QStringLiteral("it was stopped"));
            const LogShape::Group group = reader.shape().groupOf(row);
            OF_TRY(rows, reader.rows(group, controls));
            const qint64 before = row;
            for (qint64 at = row - group.first; at < qint64(rows.size()) && row <= range.lastRow; ++at, ++row) {
                const LogRow &found = rows[size_t(at)];
                if (row > range.firstRow && found.place.piece == 0)
                    text += QLatin1Char('\n');
                const QString &line = found.cells.text();
                const qsizetype from = row == range.firstRow ? std::min(range.firstIndex, line.size()) : 0;
                const qsizetype to = row == range.lastRow ? std::min(range.lastIndex, line.size()) : line.size();
                text += QStringView(line).sliced(from, std::max<qsizetype>(0, to - from));
            }
            if (row == before)
                break;
            if (text.size() > mostBytes) {
                text.truncate(mostBytes);
                break;
            }
        }
        return text;
    };
    m_chores->post(
        copyKind,
        [this, work, done = std::move(done)](const std::stop_token &stop) {
            QMetaObject::invokeMethod(this, [done, text = work(stop)] { done(text); }, Qt::QueuedConnection);
        },
        true);
}

void LogDocument::writeTo(const QString &file, const LogExport &what, std::function<void(Result<void>)> done)
{
    m_chores->post(0, [this, path = m_path, file, what, done = std::move(done)](const std::stop_token &stop) {
        const Result<void> result = writeLog(path, file, what, stop);
        QMetaObject::invokeMethod(this, [done, result] { done(result); }, Qt::QueuedConnection);
    });
}

} // namespace openfactory

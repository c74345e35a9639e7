// SPDX-License-Identifier: Apache-2.0
#include "app/factory/session.h"

#include "app/factory/terminal.h"
#include "app/wiring/process.h"
#include "core/base/strictyaml.h"
#include "core/base/text.h"
#include "core/store/sqlitejobstore.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <cstdio>

namespace openfactory::cli {

namespace {

/// JSON in which every character that is not seen is written as an escape: harmless on a terminal, the same to a
/// reader.
QString jsonText(const QJsonObject &object)
{
    const QString text = QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
    QString out;
    out.reserve(text.size());
    for (const char32_t c : text.toUcs4()) {
        const QString character = QString::fromUcs4(&c, 1);
        if (c < 0x7f || displayable(character) == character) {
            out += character;
            continue;
        }
        for (const QChar unit : character)
            out += QStringLiteral("\\u%1").arg(uint(unit.unicode()), 4, 16, QLatin1Char('0'));
    }
    return out;
}

/// The strings and the keys in it masked, each by itself: numbers stay numbers.
QJsonValue maskedJson(const Masker &masker, const QJsonValue &value)
{
    if (value.isString())
        return masker.masked(value.toString());
    if (value.isArray()) {
        QJsonArray array;
        const QJsonArray list = value.toArray();
        for (const auto &one : list)
            array.append(maskedJson(masker, one));
        return array;
    }
    if (!value.isObject())
        return value;
    QJsonObject masked;
    const QJsonObject object = value.toObject();
    for (auto one = object.begin(); one != object.end(); ++one)
        masked[masker.masked(one.key())] = maskedJson(masker, one.value());
    return masked;
}

/// What a kind of error says about the job and the host.
QString meaningOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Invalid: return QStringLiteral("the command line, or a file that it names, is wrong");
    case ErrorKind::NotFound: return QStringLiteral("what was named does not exist");
    case ErrorKind::Conflict: return QStringLiteral("the job is not in a state for that, or somebody acted first");
    case ErrorKind::Fenced: return QStringLiteral("another process took the job over; this one wrote nothing more");
    case ErrorKind::Denied: return QStringLiteral("it is not allowed");
    case ErrorKind::Unsupported: return QStringLiteral("this version cannot do it");
    case ErrorKind::DiskFull: return QStringLiteral("the disk is full; what was recorded before is safe");
    case ErrorKind::Unavailable:
    case ErrorKind::Timeout:
    case ErrorKind::Io: return QStringLiteral("this host does not give what is needed; what was recorded is safe");
    case ErrorKind::Corrupt: return QStringLiteral("the store is damaged; nothing is written to it");
    case ErrorKind::Cancelled: return QStringLiteral("it was stopped; it goes on where it stood");
    case ErrorKind::Internal: return QStringLiteral("this is a fault of the program; what was recorded is safe");
    }
    return {};
}

/// What to do next where the error itself does not say.
QString nextAfter(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Invalid:
        if (yaml::placeOf(error))
            return QStringLiteral("mend that place of the file, then give the command again");
        [[fallthrough]];
    case ErrorKind::Unsupported: return QStringLiteral("factory help says what there is");
    case ErrorKind::NotFound: return QStringLiteral("factory list and factory show say what there is");
    case ErrorKind::Conflict:
    case ErrorKind::Fenced:
    case ErrorKind::Denied:
    case ErrorKind::Cancelled: return QStringLiteral("factory show -s SLUG says where the job stands");
    case ErrorKind::DiskFull: return QStringLiteral("free some space, then give the command again");
    case ErrorKind::Unavailable:
    case ErrorKind::Timeout:
    case ErrorKind::Io: return QStringLiteral("factory doctor looks at this host; then give the command again");
    case ErrorKind::Corrupt: return QStringLiteral("factory audit verify and factory doctor say more; keep a copy");
    case ErrorKind::Internal: return QStringLiteral("give the command again; if it stays, report the lines above");
    }
    return {};
}

} // namespace

int exitCodeOf(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Invalid: return Usage;
    case ErrorKind::NotFound: return NotFound;
    case ErrorKind::Conflict:
    case ErrorKind::Fenced:
    case ErrorKind::Denied: return Refused;
    case ErrorKind::Unavailable:
    case ErrorKind::Timeout:
    case ErrorKind::Io:
    case ErrorKind::DiskFull:
    case ErrorKind::Unsupported: return Environment;
    case ErrorKind::Corrupt: return StoreDamaged;
    case ErrorKind::Cancelled: return Interrupted;
    case ErrorKind::Internal: return JobFailed;
    }
    return JobFailed;
}

Session::Session(bool json, QString dataFolder)
    : m_json(json),
      m_dataFolder(std::move(dataFolder)),
      m_out(stdout),
      m_err(stderr)
{}

Session::~Session() = default;

Result<void> Session::wire()
{
    OF_TRY(factory, Factory::create(m_dataFolder));
    m_factory = std::move(factory);
    return {};
}

Result<void> Session::open(StoreUse use)
{
    OF_CHECK(wire());
    auto store = ports().openStore();
    if (!store && use == StoreUse::Reads
        && (store.error().kind == ErrorKind::DiskFull || store.error().kind == ErrorKind::Denied
            || store.error().kind == ErrorKind::Io)) {
        auto readOnly = openStore(m_dataFolder, *ports().clock, OpenMode::ReadOnly);
        if (readOnly)
            note(QStringLiteral("factory: nothing can be written to %1 (%2); this is what it holds")
                     .arg(displayable(m_dataFolder), displayableLines(store.error().said)));
        store = readOnly ? std::move(readOnly) : std::move(store);
    }
    if (!store)
        return std::unexpected(store.error());
    m_store = std::move(*store);
    m_desk = std::make_unique<OperatorDesk>(ports(), *m_store, operatorName());
    return {};
}

Result<QString> Session::repository(const Arguments &arguments)
{
    const QString path = arguments.has(QStringLiteral("repo")) ? arguments.value(QStringLiteral("repo"))
                                                               : QDir::currentPath();
    auto facts = ports().git->inspect(QDir(path).absolutePath());
    if (!facts) {
        if (facts.error().hint.isEmpty() && facts.error().kind == ErrorKind::NotFound)
            facts.error().hint = QStringLiteral("go into a git repository, or name one with --repo");
        return std::unexpected(facts.error());
    }
    return facts->root;
}

Result<Job> Session::job(const Arguments &arguments)
{
    const QString name = arguments.value(QStringLiteral("slug"));
    if (name.isEmpty())
        return fail(ErrorKind::Invalid, QStringLiteral("choose a job"), QStringLiteral("no job was named"),
                    QStringLiteral("add -s SLUG"));
    const auto here = repository(arguments);
    if (here) {
        if (auto found = m_store->find(name, *here))
            return found;
    }
    return m_store->find(name, QString());
}

/// A contract may hold a secret, a path or an error may: whatever is said here goes through this.
QString Session::masked(const QString &text) const
{
    return m_factory ? ports().masker->masked(text) : text;
}

void Session::say(const QJsonObject &object)
{
    const QString text = jsonText(object);
    const bool holdsSecret = m_factory && ports().masker->holdsSecret(text.toUtf8());
    m_out << (holdsSecret ? jsonText(maskedJson(*ports().masker, object).toObject()) : text) << '\n';
    m_out.flush();
}

void Session::say(const QString &line)
{
    if (m_json)
        return;
    m_out << masked(line) << '\n';
    m_out.flush();
}

void Session::table(const std::vector<QStringList> &rows, bool cut)
{
    if (m_json)
        return;
    std::vector<QStringList> shown = rows; // masked before a column is cut
    for (QStringList &row : shown)
        std::ranges::transform(row, row.begin(), [this](const QString &cell) { return masked(cell); });
    m_out << tableText(shown, cut ? terminalColumns() : 0);
    m_out.flush();
}

void Session::note(const QString &line)
{
    m_err << masked(line) << '\n';
    m_err.flush();
}

int Session::refuse(const Error &error)
{
    const int code = exitCodeOf(error);
    if (m_json)
        say(QJsonObject{{QStringLiteral("error"), QJsonObject{{QStringLiteral("kind"), toName(error.kind)},
                                                              {QStringLiteral("doing"), error.doing},
                                                              {QStringLiteral("said"), error.said},
                                                              {QStringLiteral("means"), meaningOf(error.kind)},
                                                              {QStringLiteral("hint"), error.hint},
                                                              {QStringLiteral("exit"), code}}}});
    note(QStringLiteral("factory: could not %1: %2").arg(displayable(error.doing), displayableLines(error.said)));
    note(QStringLiteral("  means: %1 (exit code %2)").arg(meaningOf(error.kind)).arg(code));
    note(QStringLiteral("  next:  %1").arg(error.hint.isEmpty() ? nextAfter(error) : displayable(error.hint)));
    return code;
}

QString agoText(qint64 wallMs, qint64 nowMs)
{
    if (wallMs <= 0)
        return QStringLiteral("unknown");
    return nowMs < wallMs ? QStringLiteral("just now") : durationText(nowMs - wallMs) + QStringLiteral(" ago");
}

} // namespace openfactory::cli

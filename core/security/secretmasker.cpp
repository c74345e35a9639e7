// SPDX-License-Identifier: Apache-2.0
#include "core/security/secretmasker.h"

#include "core/base/text.h"
#include "core/security/encodings.h"
#include "core/security/literalset.h"

#include <set>

namespace openfactory {

namespace {

constexpr qsizetype mostSecretBytes = 64 * 1024;
/// Scanned and copied in slices that stay in the cache.
constexpr qsizetype sliceBytes = 128 * 1024;

class PlainStream final : public MaskStream {
public:
    void feed(QByteArrayView in, QByteArray &out) override { out.append(in); }
    void finish(QByteArray &) override {}
};

/// Positions count from the start of the stream. Bytes before m_given went out, or into a marker; the rest is held,
/// because it may be the start of a needle. What is found later cannot start before m_given: its start would have been
/// held.
class LiteralStream final : public MaskStream {
public:
    explicit LiteralStream(std::shared_ptr<const LiteralSet> set) : m_set(set), m_scanner(std::move(set)) {}

    void feed(QByteArrayView in, QByteArray &out) override
    {
        while (!in.isEmpty()) {
            const QByteArrayView slice = in.first(std::min(sliceBytes, in.size()));
            in = in.sliced(slice.size());
            m_scanner.scan(slice, m_found);
            // An open tail can only begin in the slice, or in bytes that were held before.
            QByteArrayView tail = slice;
            if (!m_held.isEmpty() && slice.size() < m_set->longest())
                tail = m_joined.assign(m_held).append(slice);
            m_seen += slice.size();
            giveTo(std::min(m_seen - m_set->openTail(tail), m_scanner.openFrom()), slice, out);
        }
    }

    void finish(QByteArray &out) override
    {
        giveTo(m_seen, {}, out);
        m_scanner.restart();
        m_found.clear();
        m_given = m_seen = 0;
        m_markedTo = -1;
    }

private:
    /// Gives out everything before `end`; `slice` holds the newest bytes, m_held those before it.
    void giveTo(qint64 end, QByteArrayView slice, QByteArray &out)
    {
        const qint64 sliceFrom = m_seen - slice.size();
        const qint64 heldFrom = sliceFrom - m_held.size();
        const auto copy = [&](qint64 from, qint64 to) {
            if (from < sliceFrom)
                out.append(QByteArrayView(m_held).sliced(from - heldFrom, std::min(to, sliceFrom) - from));
            if (const qint64 start = std::max(from, sliceFrom); start < to)
                out.append(slice.sliced(start - sliceFrom, to - start));
        };
        size_t done = 0;
        for (; done < m_found.size() && m_found[done].from < end; ++done) {
            auto &range = m_found[done];
            copy(m_given, range.from);
            if (range.from != m_markedTo)
                out.append(maskMarker); // else it goes on, or touches, what the last marker stands for
            m_given = m_markedTo = std::min(range.to, end);
            if (range.to > end) {
                range.from = end;
                break;
            }
        }
        m_found.erase(m_found.begin(), m_found.begin() + qsizetype(done));
        copy(m_given, end);
        m_given = end;
        if (end < sliceFrom)
            m_held.remove(0, end - heldFrom).append(slice);
        else
            m_held.assign(slice.sliced(end - sliceFrom));
    }

    std::shared_ptr<const LiteralSet> m_set;
    LiteralScanner m_scanner;
    std::vector<LiteralScanner::Range> m_found; ///< that end after m_given; sorted, apart from each other
    QByteArray m_held;
    QByteArray m_joined; ///< a buffer
    qint64 m_given = 0;
    qint64 m_seen = 0;
    qint64 m_markedTo = -1; ///< end of what the last marker stands for
};

} // namespace

SecretMasker::SecretMasker() = default;
SecretMasker::~SecretMasker() = default;

Result<void> SecretMasker::maskOnly(const std::vector<Secret> &secrets)
{
    std::set<QByteArray> needles;
    for (const Secret &secret : secrets) {
        if (secret.value.size() < leastSecretBytes || secret.value.size() > mostSecretBytes
            || !isMaskable(secret.value))
            continue;
        const auto more = needlesOf(secret.value);
        needles.insert(more.begin(), more.end());
    }
    return take(std::move(needles), {});
}

Result<void> SecretMasker::add(const std::vector<Secret> &secrets)
{
    std::set<QByteArray> needles;
    for (const Secret &secret : secrets) {
        const QString doing = QStringLiteral("register secret %1 from %2")
                                  .arg(displayable(secret.name.left(80)), displayable(secret.source));
        const auto refuse = [&](const QString &said) { return fail(ErrorKind::Invalid, doing, said); };
        if (!isSecretName(secret.name))
            return refuse(QStringLiteral("a name has letters, digits, _ - and . only, at most 64"));
        if (secret.value.size() < leastSecretBytes)
            return refuse(QStringLiteral("it has under %1 bytes and could not be masked without masking ordinary text")
                              .arg(leastSecretBytes));
        if (secret.value.size() > mostSecretBytes)
            return refuse(QStringLiteral("it has more than %1 bytes").arg(mostSecretBytes));
        if (!isMaskable(secret.value))
            return refuse(QStringLiteral("it is too uniform, or too like the mark \"%1\", to be masked")
                              .arg(QLatin1StringView(maskMarker)));
        const auto more = needlesOf(secret.value);
        needles.insert(more.begin(), more.end());
    }
    return take(std::move(needles), secrets);
}

std::vector<Error> SecretMasker::addUsable(const std::vector<Secret> &secrets)
{
    std::vector<Error> useless;
    if (add(secrets))
        return useless;
    for (const Secret &secret : secrets) {
        if (auto added = add({secret}); !added) {
            added.error().hint = QStringLiteral(
                "give it a longer value, or remove it; until then no command gets it, and "
                "it is not masked");
            useless.push_back(added.error());
        }
    }
    return useless;
}

Result<void> SecretMasker::take(std::set<QByteArray> needles, const std::vector<Secret> &given)
{
    const std::scoped_lock adding(m_adding);
    const auto current = literals();
    const size_t before = current ? current->literals().size() : 0;
    if (current)
        needles.insert(current->literals().begin(), current->literals().end());
    auto compiled = current;
    if (needles.size() > before) {
        OF_TRY(fresh, LiteralSet::compile({needles.begin(), needles.end()}));
        compiled = std::move(fresh);
    }
    const std::scoped_lock lock(m_mutex);
    for (const Secret &secret : given)
        m_values[secret.name] = secret.value;
    m_literals = std::move(compiled);
    ++m_generation;
    return {};
}

QStringList SecretMasker::names() const
{
    const std::scoped_lock lock(m_mutex);
    QStringList names;
    for (const auto &entry : m_values)
        names += entry.first;
    return names;
}

std::shared_ptr<const LiteralSet> SecretMasker::literals() const
{
    const std::scoped_lock lock(m_mutex);
    return m_literals;
}

std::unique_ptr<MaskStream> SecretMasker::stream() const
{
    if (auto set = literals())
        return std::make_unique<LiteralStream>(std::move(set));
    return std::make_unique<PlainStream>();
}

QByteArray SecretMasker::mask(const QByteArray &text) const
{
    auto set = literals();
    if (!set)
        return text;
    LiteralStream stream(std::move(set));
    QByteArray out;
    out.reserve(text.size());
    stream.feed(text, out);
    stream.finish(out);
    return out;
}

Result<QByteArray> SecretMasker::secret(const QString &name) const
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_values.find(name); found != m_values.end())
        return found->second;
    return fail(
        ErrorKind::NotFound, QStringLiteral("get secret %1").arg(displayable(name.left(80))),
        QStringLiteral("no secret has that name"),
        QStringLiteral(
            "put it into a file of that name in the secrets folder (mode 0600), or into the environment as OPENFACTORY_SECRET_<NAME>"));
}

bool SecretMasker::holdsSecret(const QByteArray &text) const
{
    const auto set = literals();
    return set && LiteralScanner(set).findsAny(text);
}

int SecretMasker::generation() const
{
    const std::scoped_lock lock(m_mutex);
    return m_generation;
}

} // namespace openfactory

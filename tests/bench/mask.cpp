// SPDX-License-Identifier: Apache-2.0
/// Row 9: how fast a stream is masked on one core, with about 1000 needles (encodings included). Times are of the
/// thread: the machine may be busy.
#include "core/security/encodings.h"
#include "core/security/secretmasker.h"
#include "tests/bench/bench.h"

#include <QFile>
#include <QRandomGenerator>

#include <ctime>

namespace openfactory::bench {

namespace {

double threadSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

/// Random characters that a token has.
QByteArray token(QRandomGenerator &random, int length)
{
    static const QByteArray letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    QByteArray out;
    while (out.size() < length)
        out += letters[random.bounded(int(letters.size()))];
    return out;
}

/// Lines of 94 bytes, as a build prints them; with `hits`, one of them in each kB, at any place of a line.
QByteArray log(QRandomGenerator &random, qsizetype size, const std::vector<QByteArray> &hits)
{
    QByteArray out;
    out.reserve(size + 4096);
    qsizetype nextHit = 500;
    for (int line = 0; out.size() < size; ++line) {
        QByteArray text = "2026-01-01T12:00:" + QByteArray::number(line % 60).rightJustified(2, '0') + " INFO  [worker-"
                          + QByteArray::number(random.bounded(9)) + "] compiled src/module_"
                          + QByteArray::number(random.bounded(1000)) + "/file.cpp in ";
        text += QByteArray::number(random.bounded(90'000)) + " ms, object hash ";
        text += QByteArray::number(random.generate64(), 16);
        text = text.leftJustified(93, '.', true) + '\n';
        if (!hits.empty() && out.size() > nextHit) {
            text.insert(random.bounded(int(text.size())), hits[random.bounded(quint32(hits.size()))]);
            nextHit += 1000;
        }
        out += text;
    }
    return out;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
}

QByteArray read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s: %s", qPrintable(path), qPrintable(file.errorString()));
    return file.readAll();
}

} // namespace

/// mask-corpus FOLDER BYTES NEEDLES: secrets, needles (one a line, for the peers), clean.log, dirty.log. A needle that
/// holds a line feed cannot be told to the peers; it is planted in neither log.
int maskCorpus(const QStringList &words)
{
    QRandomGenerator random(1);
    QByteArray secrets;
    std::vector<QByteArray> needles;
    while (int(needles.size()) < words[2].toInt()) {
        const QByteArray value = token(random, 20 + random.bounded(41));
        secrets += value + '\n';
        for (const QByteArray &needle : needlesOf(value))
            if (!needle.contains('\n'))
                needles.push_back(needle);
    }
    QByteArray lines;
    for (const QByteArray &needle : needles)
        lines += needle + '\n';
    write(words[0] + QStringLiteral("/secrets"), secrets);
    write(words[0] + QStringLiteral("/needles"), lines);
    write(words[0] + QStringLiteral("/clean.log"), log(random, words[1].toLongLong(), {}));
    write(words[0] + QStringLiteral("/dirty.log"), log(random, words[1].toLongLong(), needles));
    say("needles", double(needles.size()));
    return 0;
}

/// mask FOLDER clean|dirty WRITE [OUT]: the log in writes of that many bytes; what comes out goes to OUT.
int mask(const QStringList &words)
{
    std::vector<Secret> secrets;
    for (const QByteArray &value : read(words[0] + QStringLiteral("/secrets")).trimmed().split('\n'))
        secrets.push_back({QStringLiteral("s%1").arg(secrets.size()), value, QStringLiteral("bench")});
    SecretMasker masker;
    const double before = threadSeconds();
    need(masker.add(secrets));
    say("register_ms", (threadSeconds() - before) * 1000);
    const QByteArray text = read(words[0] + u'/' + words[1] + QStringLiteral(".log"));
    const qsizetype chunk = words[2].toLongLong();
    QByteArray out;
    out.reserve(chunk + 65536);
    QByteArray kept;
    const auto stream = masker.stream();
    const double start = threadSeconds();
    for (qsizetype at = 0; at < text.size(); at += chunk) {
        out.resize(0);
        stream->feed(QByteArrayView(text).sliced(at, std::min(chunk, text.size() - at)), out);
        if (words.size() > 3)
            kept += out;
    }
    out.resize(0);
    stream->finish(out);
    say("gb_per_s", double(text.size()) / (threadSeconds() - start) / 1e9);
    if (words.size() > 3)
        write(words[3], kept + out);
    return 0;
}

} // namespace openfactory::bench

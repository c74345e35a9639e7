// SPDX-License-Identifier: Apache-2.0
/// The end of a log, of text and of archives, whole, cut, damaged and made to burst.
#include "core/forge/githublog.h"
#include "tests/testlib/expect.h"

#include <QtEndian>

#include <zlib.h>

using namespace openfactory;

namespace {

template<class Number>
QByteArray little(Number number)
{
    QByteArray bytes(sizeof(Number), '\0');
    qToLittleEndian(number, bytes.data());
    return bytes;
}

QByteArray deflated(const QByteArray &text)
{
    z_stream stream{};
    deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    QByteArray packed(qsizetype(deflateBound(&stream, uLong(text.size()))), '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = uInt(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = uInt(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(qsizetype(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

/// As GitHub writes them: sizes only in the directory at the end.
QByteArray zip(const std::vector<std::pair<QByteArray, QByteArray>> &files, quint16 method = 8)
{
    QByteArray all;
    QByteArray directory;
    for (const auto &[name, text] : files) {
        const QByteArray packed = method == 8 ? deflated(text) : text;
        const quint32 at = quint32(all.size());
        all += QByteArray("PK\x03\x04", 4) + little<quint16>(20) + little<quint16>(8) + little<quint16>(method)
               + QByteArray(4, '\0') + QByteArray(12, '\0') + little(quint16(name.size())) + little<quint16>(0) + name
               + packed;
        directory += QByteArray("PK\x01\x02", 4) + little<quint16>(20) + little<quint16>(20) + little<quint16>(8)
                     + little<quint16>(method) + QByteArray(8, '\0') + little(quint32(packed.size()))
                     + little(quint32(text.size())) + little(quint16(name.size())) + QByteArray(12, '\0') + little(at)
                     + name;
    }
    const quint32 at = quint32(all.size());
    const quint16 count = quint16(files.size());
    return all + directory + QByteArray("PK\x05\x06", 4) + QByteArray(4, '\0') + little(count) + little(count)
           + little(quint32(directory.size())) + little(at) + QByteArray(2, '\0');
}

/// Fed in pieces of the size.
Result<QByteArray> read(const QByteArray &bytes, qint64 most, qsizetype piece = 1000, bool *cut = nullptr)
{
    GitHubLog log(most);
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        if (!log.add(bytes.sliced(at, std::min(piece, bytes.size() - at))))
            break;
    }
    OF_CHECK(log.finish());
    const QByteArray text = log.take();
    if (cut)
        *cut = log.cut();
    return text;
}

} // namespace

class GitHubLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aShortTextIsWhole()
    {
        for (const QByteArray &text : {QByteArray(), QByteArray("P"), QByteArray("PK\x03", 3), QByteArray("one\ntwo\n"),
                                       QByteArray("\0\xff\x1b[31m", 7)}) {
            bool cut = true;
            QCOMPARE(*read(text, 100, 1, &cut), text);
            QVERIFY(!cut);
        }
    }

    void ofALongTextTheEndIsKept()
    {
        QByteArray text;
        for (int i = 0; i < 200'000; ++i)
            text += "line " + QByteArray::number(i) + "\n";
        bool cut = false;
        const QByteArray kept = *read(text, 1000, 4096, &cut);
        QVERIFY(cut);
        QVERIFY(kept.size() <= 1000 && kept.size() > 980);
        QVERIFY(kept.startsWith("line ") && text.endsWith(kept));
    }

    void oneLongLineIsCutBetweenCharacters()
    {
        bool cut = false;
        const QByteArray text = *read(QByteArray("é").repeated(100'000), 1001, 4096, &cut);
        QVERIFY(cut);
        QCOMPARE(text, QByteArray("é").repeated(500));
    }

    void anArchiveIsUnpacked()
    {
        for (const quint16 method : {quint16(8), quint16(0)}) {
            QCOMPARE(*read(zip({{"0_build.txt", "all of it\n"}, {"build/1_Set up.txt", "a part\n"}}, method), 1000),
                     QByteArray("all of it\n"));
            QCOMPARE(*read(zip({{"build/1_a.txt", "one\n"}, {"build/2_b.txt", "two\n"}}, method), 1000, 1),
                     QByteArray("one\ntwo\n"));
        }
        QCOMPARE(*read(zip({}), 1000), QByteArray());
    }

    void whatUnpacksToVeryMuchStaysSmall()
    {
        bool cut = false;
        const QByteArray bomb = zip({{"0_x.txt", QByteArray(200'000'000, 'x') + "\nthe end\n"}});
        QVERIFY(bomb.size() < 1'000'000);
        QCOMPARE(*read(bomb, 1000, 100'000, &cut), QByteArray("the end\n"));
        QVERIFY(cut);
    }

    void aDamagedArchiveIsRefused()
    {
        const QByteArray whole = zip(
            {{"0_build.txt", QByteArray("some text\n").repeated(1000)}, {"1_b.txt", "more\n"}});
        // Wherever it ends too early: an error, and nothing read past the end (sanitizers look).
        for (qsizetype size = 4; size < whole.size(); ++size)
            OF_REFUSED(read(whole.first(size), 1000), ErrorKind::Invalid, QStringLiteral("unpack"));
        // Whatever byte differs: an error or a text, never more.
        for (qsizetype at = 4; at < whole.size(); ++at) {
            QByteArray damaged = whole;
            damaged[at] = char(damaged[at] ^ 0xff);
            if (const auto text = read(damaged, 1000))
                QVERIFY(text->size() <= 1000);
        }
        OF_REFUSED(read(zip({{"x", "y"}}, 12), 1000), ErrorKind::Invalid, QStringLiteral("method 12"));
    }

    void aGiantArchiveIsNotKept()
    {
        GitHubLog log(1000);
        QByteArray piece(8 * 1024 * 1024, 'x');
        QVERIFY(log.add("PK\x03\x04"));
        int pieces = 0;
        while (log.add(piece) && pieces < 100)
            ++pieces;
        QVERIFY(pieces <= 8);
        OF_REFUSED(log.finish(), ErrorKind::Invalid, QStringLiteral("larger than"));
    }
};

QTEST_GUILESS_MAIN(GitHubLogTest)
#include "githublog_test.moc"

// SPDX-License-Identifier: Apache-2.0
/// What tools wrote, or what a job made them write: no path leads out of the repository.
#include "core/toolchain/reports.h"

#include "tests/fuzz/fuzz.h"

using namespace openfactory;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    const ReportPaths paths(QStringLiteral("/workspace"), QStringLiteral("sub"));
    for (const auto &report : {readJunit(bytes, paths), readCobertura(bytes, paths), readCoverageJson(bytes, paths),
                               readBanditJson(bytes, paths), readMypyJson(bytes, paths, nullptr),
                               readGoTest(bytes, paths, nullptr), readTap(bytes, paths), readLcov(bytes, paths),
                               readGoCover(bytes, paths, QStringLiteral("example.org/m")), readSarif(bytes, paths)}) {
        if (!report) {
            require(!report.error().said.isEmpty(), "a refusal says why");
            continue;
        }
        for (const Finding &finding : report->findings) {
            require(!finding.file.startsWith('/') && !QByteArray("/" + finding.file + "/").contains("/../"),
                    "a finding lies inside the repository");
            require(finding.line >= 0, "a line is a line");
        }
    }
    plainText(bytes);
    const QString line = oneLine(QString::fromUtf8(bytes));
    require(!line.contains(u'\n') && line.size() <= 2001, "one line is one line");
    return 0;
}

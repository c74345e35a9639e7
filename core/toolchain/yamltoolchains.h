// SPDX-License-Identifier: Apache-2.0
/// The languages that resources/toolchains/*.yaml describe, as the port Toolchains. Immutable once loaded: any thread.
#pragma once

#include "core/toolchain/languagefile.h"

#include <memory>

namespace openfactory {

class YamlToolchains final : public Toolchains {
public:
    /// Loads every *.yaml of the folder; the built-in ones by default. A wrong file is an error with line and column.
    static Result<std::unique_ptr<YamlToolchains>> load(
        const QString &folder = QStringLiteral(":/openfactory/toolchains"));

    Result<std::vector<ToolchainInfo>> detect(const QString &folder) const override;
    Result<ToolchainInfo> byName(const QString &language) const override;
    Result<SourceLayout> layout(const ToolchainInfo &toolchain, const QString &folder) const override;
    bool isTest(const ToolchainInfo &toolchain, const RepoPath &path) const override;
    std::vector<SourceFunction> functions(const RepoPath &path, const QByteArray &source) const override;
    std::optional<RepoPath> importUnit(const RepoPath &path) const override;
    std::vector<SourceImport> imports(const RepoPath &path, const QByteArray &source,
                                      const SourceFiles &files) const override;
    Result<StagePlan> plan(const ToolchainInfo &toolchain, StageKind stage, const QString &folder,
                           const QString &reports, const std::vector<RepoPath> &changedFiles) const override;
    Result<Report> read(const QString &kind, const QByteArray &bytes, const QString &folder) const override;
    /// What the stages of each language need, for people to see what they lack.
    std::vector<ToolNeed> tools() const;

private:
    YamlToolchains() = default;
    const LanguageFile *find(const QString &language) const;
    /// The language whose sources have names like this; null: none, or it is a test.
    const LanguageFile *sourceLanguage(const RepoPath &path) const;
    const TextReader *reader(const QString &name) const;
    QString builtNames() const;
    ToolchainInfo infoOf(const LanguageFile &language, const QString &evidence) const;

    std::vector<LanguageFile> m_languages; ///< sorted by name
};

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
#include "core/security/tokenrules.h"

#include <cmath>
#include <map>

namespace openfactory {

namespace {

/// Every repetition is bounded, and none starts anew inside of its own long runs: the time is linear in the line.
TokenRule rule(const char *id, const char *what, const char *anchor, const char *pattern, double leastEntropy,
               int lines = 1)
{
    static const QRegularExpression edges(QStringLiteral(R"(^\\b|\(\?!\[[^\]]*\]\)$)"));
    TokenRule made{QString::fromLatin1(id),
                   QString::fromLatin1(what),
                   QByteArrayView(anchor),
                   QRegularExpression(QString::fromLatin1(pattern)),
                   QRegularExpression(QString::fromLatin1(pattern).remove(edges)),
                   leastEntropy,
                   lines};
    Q_ASSERT(made.pattern.isValid() && made.packed.isValid());
    made.pattern.optimize();
    return made;
}

std::vector<TokenRule> makeRules()
{
    return {
        rule("github-token", "a GitHub token", "gh", R"(\bgh[pousr]_[A-Za-z0-9]{36,255}(?![A-Za-z0-9]))", 3.0),
        rule("github-fine-grained-token", "a GitHub token", "github_pat_",
             R"(\bgithub_pat_[A-Za-z0-9_]{36,255}(?![A-Za-z0-9_]))", 3.0),
        rule("gitlab-token", "a GitLab token", "gl",
             R"(\bgl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{20,64}(?![A-Za-z0-9_-]))", 3.0),
        rule("aws-access-key", "an AWS access key", "",
             R"((?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9]))", 3.0),
        rule("aws-secret-key", "an AWS secret key", "aws",
             R"((?i)aws.{0,20}(?:secret|key).{0,20}["'=:\s]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=]))", 4.0),
        rule("slack-token", "a Slack token", "xox", R"(\bxox[baprseo]-[A-Za-z0-9-]{10,250})", 3.0),
        rule("slack-webhook", "a Slack webhook", "hooks.slack.com",
             R"(hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9_+/-]{40,90})", 3.0),
        rule("anthropic-key", "an Anthropic key", "sk-ant-", R"(\bsk-ant-[A-Za-z0-9_-]{24,200})", 3.0),
        rule(
            "openai-key", "an OpenAI key", "sk-",
            R"((?<![A-Za-z0-9_-])sk-(?!ant-)(?:proj-|svcacct-|admin-)?(?=[A-Za-z0-9_-]{0,250}[0-9])(?=[A-Za-z0-9_-]{0,250}[A-Z])[A-Za-z0-9_-]{20,250})",
            3.5),
        rule("stripe-key", "a Stripe key", "k_live_", R"(\b[rs]k_live_[A-Za-z0-9]{16,250})", 3.0),
        rule("google-api-key", "a Google API key", "aiza", R"(\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-]))", 3.0),
        rule("google-oauth-secret", "a Google OAuth secret", "gocspx-",
             R"(\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-]))", 3.0),
        rule("npm-token", "an npm token", "npm_", R"(\bnpm_[A-Za-z0-9]{36}(?![A-Za-z0-9]))", 3.0),
        rule("pypi-token", "a PyPI token", "pypi-", R"(\bpypi-[A-Za-z0-9_-]{50,250})", 3.0),
        rule("huggingface-token", "a Hugging Face token", "hf_", R"(\bhf_[A-Za-z0-9]{34,40}(?![A-Za-z0-9]))", 3.0),
        rule("sendgrid-key", "a SendGrid key", "sg.", R"(\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-]))",
             3.0),
        // With the start of its body: code that looks for the armour line holds no key. Headers may stand between.
        rule("private-key", "a private key", "private key",
             R"(-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,400}?([A-Za-z0-9+/]{32}))", 3.0,
             8),
        rule("json-web-token", "a JSON web token", "eyj",
             R"((?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,2000}+\.eyJ[A-Za-z0-9_-]{10,4000}+\.[A-Za-z0-9_-]{20,200})", 3.5),
        // The two below guess by what stands beside; a refused commit is the price of a wrong guess, so they want much.
        // What looks less like a key is for the review of people (rule packs).
        rule(
            "url-password", "a password in a URL", "://",
            R"(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@"'<>{}$]{1,100}:([^\s:/@"'<>{}$]{8,200})@(?!localhost|127\.|0\.0\.0\.0|\[::1|example|test)[A-Za-z0-9\[])",
            3.0),
        rule(
            "assigned-secret", "a password or key in plain text", "",
            R"re((?i)(?:passw(?:or)?d|passphrase|secret|token|api_?-?key|access_?-?key|private_?-?key|auth_?-?key|credential)[A-Za-z0-9_-]{0,20}["']?\]?\s{0,5}(?::\s{0,5}[A-Za-z\[\]]{1,30}\s{0,5})?(?:=>|:=|=|:)\s{0,5}[bru]{0,2}["'](?![a-z]{2,10}://)(?-i:(?!(?:[A-Z]?[a-z]{1,30}|[A-Z]{1,30})(?:[-_./:](?:[A-Z]?[a-z]{1,30}|[A-Z]{1,30})){0,20}["']))([^"'\s]{16,200})["'])re",
            3.5),
    };
}

} // namespace

const std::vector<TokenRule> &tokenRules()
{
    static const std::vector<TokenRule> rules = makeRules();
    return rules;
}

double entropyOf(QStringView text)
{
    std::map<QChar, int> counts;
    for (const QChar c : text)
        ++counts[c];
    double bits = 0;
    for (const auto &entry : counts) {
        const double share = double(entry.second) / double(text.size());
        bits -= share * std::log2(share);
    }
    return bits;
}

bool isPlaceholder(QStringView text)
{
    static const QRegularExpression words(
        QStringLiteral(
            "example|changeme|change[_-]me|placeholder|dummy|redacted|your[_-]|insert[_-]|xxxx|\\*\\*\\*\\*|\\.\\.\\.|0123456789|123456789|abcdefgh"),
        QRegularExpression::CaseInsensitiveOption);
    // A reference to where the secret is, not the secret: ${NAME}, {{ name }}, <name>, %(name)s, $NAME, {name}.
    static const QRegularExpression reference(QStringLiteral("^(?:[<{$%\\[]|.{0,40}(?:\\$\\{|\\{\\{))"));
    return words.matchView(text).hasMatch() || reference.matchView(text).hasMatch();
}

} // namespace openfactory

// SPDX-License-Identifier: Apache-2.0
/// The gates that a job will come to, begun while it is still at an earlier one. Each judges a copy of the same files;
/// what it says is an answer only if, when its turn comes, all that it follows from is still the same. Worker thread.
#pragma once

#include "core/engine/attemptcontext.h"
#include "core/engine/sidework.h"

#include <map>

namespace openfactory {

class GatesAhead {
public:
    GatesAhead(JobSession &session, std::stop_token stop);
    ~GatesAhead();

    /// Begins what comes after the attempt, which is about to run, up to the stage of index `last`, where it judges the
    /// same files.
    void begin(const AttemptRecord &attempt, int last);
    /// What the stage, begun earlier, says to the attempt whose turn has come, if it judged the same inputs; the
    /// attempt then says when it really began. Nothing where the stage has to be run now.
    Result<std::optional<Verdict>> answer(AttemptContext &context, AttemptRecord &attempt);
    /// What the stage says of the files that the attempt judges, in a copy that nobody else writes to, while this
    /// thread waits. Nothing where a copy is no base to judge on, or where it came to no verdict there.
    Result<std::optional<Verdict>> judgeApart(AttemptContext &context, const StageHandler &handler,
                                              const AttemptRecord &attempt);
    /// Ends all that runs, and forgets what was said.
    void clear() { m_begun.clear(); }

private:
    struct Begun {
        TreeId tree;
        int attempt = 0;
        std::shared_ptr<std::optional<Verdict>> verdict; ///< written before the work ends
        std::unique_ptr<SideWork> work;
    };
    void begin(SideJob job);

    JobSession &m_session;
    std::stop_token m_stop;
    std::map<QString, Begun> m_begun; ///< by stage
};

} // namespace openfactory

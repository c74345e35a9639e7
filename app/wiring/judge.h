// SPDX-License-Identifier: Apache-2.0
/// Which build of the libraries plans, reads and judges (EngineSettings::judge); the build writes it
/// (cmake/judge.cmake).
#pragma once

namespace openfactory {

extern const char judgeBuild[65]; ///< 64 hex digits

} // namespace openfactory

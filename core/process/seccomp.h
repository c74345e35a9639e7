// SPDX-License-Identifier: Apache-2.0
/// The system calls that no command may make (hardening.md, B-bwrap): after Flatpak's list, plus bpf, userfaultfd and
/// io_uring.
#pragma once

#include "core/base/error.h"

namespace openfactory {

/// The filter as a BPF program for bubblewrap's --seccomp. Thread-safe; costs a few hundred microseconds.
Result<QByteArray> seccompProgram();

} // namespace openfactory

# SPDX-License-Identifier: Apache-2.0
# Names the build of what plans, reads and judges: a digest over its libraries, which hold the language files and the rule
# packs too. A verdict of another build is not answered from (docs/decisions/0015). Called by app/wiring's build:
#   cmake -DOUTPUT=<source> -DFILES=<file>:<file>... -P judge.cmake
string(REPLACE ":" ";" files "${FILES}")
set(all "")
foreach(file IN LISTS files)
    file(SHA256 "${file}" digest)
    string(APPEND all "${digest}\n")
endforeach()
string(SHA256 judge "${all}")
set(text "// SPDX-License-Identifier: Apache-2.0\n#include \"app/wiring/judge.h\"\n\n")
string(APPEND text "const char openfactory::judgeBuild[65] = \"${judge}\";\n")
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "${text}" @ONLY)

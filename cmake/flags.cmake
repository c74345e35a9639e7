# SPDX-License-Identifier: Apache-2.0
# The flags of every target of ours, in one INTERFACE target.
add_library(openfactory_flags INTERFACE)
target_compile_features(openfactory_flags INTERFACE cxx_std_23)
target_include_directories(openfactory_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(openfactory_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
    -Woverloaded-virtual -Wimplicit-fallthrough $<$<NOT:$<CONFIG:Release>>:-Werror> -fstack-protector-strong)
target_compile_definitions(openfactory_flags INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
    QT_NO_CONTEXTLESS_CONNECT QT_NO_NARROWING_CONVERSIONS_IN_CONNECT QT_NO_KEYWORDS QT_NO_FOREACH
    QT_USE_QSTRINGBUILDER OPENFACTORY_VERSION="${PROJECT_VERSION}")
if(OPENFACTORY_SANITIZE)
    list(JOIN OPENFACTORY_SANITIZE "," sanitizers)
    target_compile_options(openfactory_flags INTERFACE -fsanitize=${sanitizers} -fno-omit-frame-pointer
        -fno-sanitize-recover=undefined)
    target_link_options(openfactory_flags INTERFACE -fsanitize=${sanitizers})
endif()

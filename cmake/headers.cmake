# SPDX-License-Identifier: Apache-2.0
# One precompiled header for every target with Qt: parsing the headers of Qt and of the standard library is four fifths
# of compiling a source. What a source needs it still includes itself; the tidy preset builds without this.
option(OPENFACTORY_PRECOMPILE "Precompile the headers of Qt and of the standard library" ON)
if(OPENFACTORY_PRECOMPILE)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/headers.cpp CONTENT "") # CMake wants a source
    add_library(openfactory_headers STATIC ${CMAKE_BINARY_DIR}/headers.cpp)
    set_target_properties(openfactory_headers PROPERTIES AUTOMOC OFF)
    target_link_libraries(openfactory_headers PRIVATE openfactory_flags Qt6::Core)
    target_precompile_headers(openfactory_headers PRIVATE
        <algorithm> <array> <chrono> <condition_variable> <expected> <functional> <map> <memory> <mutex> <optional>
        <ranges> <set> <stop_token> <string> <thread> <utility> <variant> <vector>
        <QByteArray> <QDateTime> <QDir> <QFile> <QFileInfo> <QHash> <QJsonArray> <QJsonDocument> <QJsonObject> <QObject>
        <QRegularExpression> <QSet> <QString> <QStringList> <QTextStream> <QThread> <QTimer>)
endif()

# openfactory_precompiled(<target>): lets a target that links openfactory_flags and Qt6::Core use it.
function(openfactory_precompiled target)
    if(OPENFACTORY_PRECOMPILE)
        target_precompile_headers(${target} REUSE_FROM openfactory_headers)
        if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU") # else ccache passes such a source by
            target_compile_options(${target} PRIVATE -fpch-preprocess)
        endif()
    endif()
endfunction()

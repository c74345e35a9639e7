# SPDX-License-Identifier: Apache-2.0
# openfactory_room(<name> [PUBLIC <targets>] [PRIVATE <targets>]): the current folder as one static library.
# All .cpp files of the folder belong to it; arrows between rooms are what PRIVATE/PUBLIC name, nothing else.
function(openfactory_room name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PUBLIC;PRIVATE")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
    if(NOT sources)
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE openfactory_flags ${arg_PUBLIC})
        return()
    endif()
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC openfactory_flags ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    openfactory_precompiled(${name})
endfunction()

# openfactory_test(<file.cpp> <targets>...): one Qt Test executable of the same name, registered with CTest.
# A test gets its own HOME-like folders from testlib; the time limit is a net against hanging, not an expectation.
# moc is called for its one file: AUTOMOC looks through each of 125 tests by itself, 200 CPU seconds of a build.
function(openfactory_test source)
    get_filename_component(name ${source} NAME_WE)
    set(moc ${CMAKE_CURRENT_BINARY_DIR}/${name}.moc)
    add_executable(${name} ${source} ${moc})
    set_target_properties(${name} PROPERTIES AUTOMOC OFF)
    qt_generate_moc(${source} ${moc} TARGET ${name})
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
    target_link_libraries(${name} PRIVATE openfactory_flags Qt6::Test ${ARGN})
    openfactory_precompiled(${name})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 ENVIRONMENT "LC_ALL=C.UTF-8;QT_QPA_PLATFORM=offscreen")
endfunction()

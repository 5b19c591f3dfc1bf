# SPDX-License-Identifier: Apache-2.0
# What find_package() says about packages that neither the project nor we nor, in most cases, CMake has a module for: one
# line, and what to install. CMake 3.24 and newer ask here first.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)
set(_capchan_provider_folder "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")

# {PACKAGE DEBIAN-PACKAGES}... - what projects are known to use besides the SDK
set(_capchan_debian
    absl libabsl-dev Boost libboost-all-dev civetweb libcivetweb-dev CURL libcurl4-openssl-dev fmt libfmt-dev
    GTest libgtest-dev jsoncpp libjsoncpp-dev nlohmann_json nlohmann-json3-dev OpenCV libopencv-dev OpenSSL libssl-dev
    Poco libpoco-dev Protobuf "protobuf-compiler libprotobuf-dev" re2 libre2-dev spdlog libspdlog-dev
    SQLite3 libsqlite3-dev yaml-cpp libyaml-cpp-dev CACHE INTERNAL "")

# _capchan_what_to_do(RET PACKAGE) - if it is not there; empty: that is for its module to say
function(_capchan_what_to_do ret package)
    set(text "")
    list(FIND _capchan_debian "${package}" place)
    if(NOT place EQUAL -1)
        math(EXPR place "${place} + 1")
        list(GET _capchan_debian ${place} names)
        set(text "it is not installed; apt-get install ${names}")
    else()
        set(text "there is no such package; install it")
        foreach(folder IN LISTS CMAKE_MODULE_PATH ITEMS "${CMAKE_ROOT}/Modules")
            if(EXISTS "${folder}/Find${package}.cmake" AND NOT folder MATCHES "/CMakeFiles/capchan/absent/")
                set(text "")
            endif()
        endforeach()
    endif()
    set(${ret} "${text}" PARENT_SCOPE)
endfunction()

# _capchan_provide(METHOD PACKAGE ...) - look for it quietly. If it is not there CMake finds a module that says so, and
# what to do.
macro(_capchan_provide method package)
    _capchan_what_to_do(_capchan_text "${package}")
    if(_capchan_text)
        set(_capchan_arguments "${ARGN}")
        list(TRANSFORM _capchan_arguments REPLACE "^REQUIRED$" "COMPONENTS")
        find_package(${package} ${_capchan_arguments} QUIET BYPASS_PROVIDER)
        if(NOT ${package}_FOUND)
            set(_capchan_folder "${CMAKE_BINARY_DIR}/CMakeFiles/capchan/absent/${package}")
            file(WRITE "${_capchan_folder}/Find${package}.cmake"
                "include(\"${_capchan_provider_folder}/absent.cmake\")\n"
                "_capchan_no_package(${package} \"${_capchan_text}\")\n")
            list(APPEND CMAKE_MODULE_PATH "${_capchan_folder}")
        endif()
    endif()
endmacro()

get_property(_capchan_is_try GLOBAL PROPERTY IN_TRY_COMPILE)
if(NOT _capchan_is_try)
    cmake_language(SET_DEPENDENCY_PROVIDER _capchan_provide SUPPORTED_METHODS FIND_PACKAGE)
endif()

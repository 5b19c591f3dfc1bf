# SPDX-License-Identifier: Apache-2.0
# What find_package() says about the SDK's packages. A project's own Find module of that name goes before ours.
include_guard(GLOBAL)
include("${CMAKE_CURRENT_LIST_DIR}/solution.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/absent.cmake")

add_library(capchan::host INTERFACE IMPORTED GLOBAL)

# _capchan_host_package(PACKAGE [LIBRARIES NAME...] [ENTITIES NAME...]) - what Linux or the broker does itself: the
# variable NAME of a library stands for nothing that must be linked, that of a system program for none to be started
macro(_capchan_host_package package)
    cmake_parse_arguments(_capchan "" "" "LIBRARIES;ENTITIES" ${ARGN})
    set(${package}_FOUND TRUE)
    set(${package}_INCLUDE "${_capchan_prefix}/include")
    foreach(_capchan_name IN LISTS _capchan_LIBRARIES)
        set(${_capchan_name} capchan::host)
    endforeach()
    foreach(_capchan_name IN LISTS _capchan_ENTITIES)
        string(REGEX REPLACE "^${package}_?(.*)$" "\\1" _capchan_entity "${_capchan_name}")
        string(TOLOWER "${package}::${_capchan_entity}" ${_capchan_name})
        if(NOT TARGET ${${_capchan_name}}) # projects set properties of them
            add_library(${${_capchan_name}} INTERFACE IMPORTED GLOBAL)
        endif()
        set_property(GLOBAL PROPERTY "CAPCHAN_IS_HOST_${${_capchan_name}}" TRUE)
    endforeach()
    if(NOT ${package}_FIND_QUIETLY)
        message(STATUS "capchan: find_package(${package}): Linux does its work")
    endif()
endmacro()

# _capchan_no_hardware(PACKAGE) - what a host has not
macro(_capchan_no_hardware package)
    _capchan_no_package(${package}
        "a host has no such hardware; build the programs that use it for the board, and run a stand-in here")
endmacro()

# _capchan_debian_package(PACKAGE DEBIAN-PACKAGES HEADER {SUFFIX LIBRARY}...) - one of the distribution's under the
# SDK's names: PACKAGE_SUFFIX is the library, PACKAGE_INCLUDE the folder of its header
macro(_capchan_debian_package package names header)
    set(_capchan_pairs ${ARGN})
    set(_capchan_is_there TRUE)
    find_path(${package}_INCLUDE ${header})
    if(NOT ${package}_INCLUDE)
        set(_capchan_is_there FALSE)
    endif()
    while(_capchan_pairs)
        list(POP_FRONT _capchan_pairs _capchan_suffix _capchan_library)
        find_library(${package}_${_capchan_suffix} ${_capchan_library})
        if(NOT ${package}_${_capchan_suffix})
            set(_capchan_is_there FALSE)
        endif()
    endwhile()
    if(_capchan_is_there)
        set(${package}_FOUND TRUE)
    else()
        _capchan_no_package(${package} "it is one of Debian's; apt-get install ${names}")
    endif()
endmacro()

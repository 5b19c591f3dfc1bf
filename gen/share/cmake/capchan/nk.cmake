# SPDX-License-Identifier: Apache-2.0
# Headers from IDL, CDL and EDL. They hold their code (see "THE NAME NK-GEN-C" in idlc(1)), so that nothing else must be
# compiled or linked. All are below the build folder, in the folders of their packages.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)
include("${CMAKE_CURRENT_LIST_DIR}/library.cmake")

# _capchan_nk_source(RET FUNCTION FILE) - where FILE is: below the source folder, or made by the build
function(_capchan_nk_source ret function file)
    get_filename_component(source "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    get_filename_component(built "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
    if(NOT EXISTS "${source}")
        get_source_file_property(is_built "${built}" GENERATED)
        if(NOT is_built AND NOT EXISTS "${built}")
            _capchan_fail("${function}(): there is no ${source}; paths are relative to the folder "
                "of this CMakeLists.txt")
        endif()
        set(source "${built}")
    endif()
    set(${ret} "${source}" PARENT_SCOPE)
endfunction()

# _capchan_nk_is_copy(RET FILE OTHER) - whether they say the same: programs may each have a copy in their folders
function(_capchan_nk_is_copy ret file other)
    set(is_copy FALSE)
    if(file STREQUAL other)
        set(is_copy TRUE)
    elseif(EXISTS "${file}" AND EXISTS "${other}")
        file(SHA256 "${file}" hash)
        file(SHA256 "${other}" other_hash)
        string(COMPARE EQUAL "${hash}" "${other_hash}" is_copy)
    endif()
    set(${ret} ${is_copy} PARENT_SCOPE)
endfunction()

# _capchan_nk_no_binding(FUNCTION MODULE FILE) - what programs of the C++ runtime include, to say that there is none
function(_capchan_nk_no_binding function module file)
    get_filename_component(name "${file}" NAME)
    set(header "${CMAKE_BINARY_DIR}/${module}/${name}.cpp.h")
    if(NOT EXISTS "${header}")
        message(STATUS "capchan: ${function}(): LANG CXX: there is no C++ runtime (kosipc) yet; C++ programs can use "
            "what LANG C makes, <${module}/${name}.h>")
        file(WRITE "${header}"
            "#error \"there is no C++ runtime (kosipc) yet; include <${module}/${name}.h>, which C++ can use\"\n")
    endif()
endfunction()

# _capchan_nk_file(RET FUNCTION MODULE FILE FLAGS DEPENDS) - the target that makes the headers of a file
function(_capchan_nk_file ret function module file flags depends)
    _capchan_nk_source(source ${function} "${file}")
    get_filename_component(name "${source}" NAME)
    string(REPLACE "/" "-" target "nk-${module}-${name}")
    set(${ret} ${target} PARENT_SCOPE)
    set(folder "${CMAKE_BINARY_DIR}/${module}")
    set_property(GLOBAL APPEND PROPERTY CAPCHAN_HEADER_FOLDERS "${folder}")
    if(TARGET ${target})
        get_target_property(other ${target} CAPCHAN_SOURCE)
        _capchan_nk_is_copy(is_copy "${source}" "${other}")
        if(NOT is_copy)
            _capchan_fail("${function}(): ${source} and ${other} both are ${module}/${name}; rename one of the classes")
        endif()
        return()
    endif()

    # what files import is found by the names of packages, wherever the files themselves are
    set(own "${CMAKE_BINARY_DIR}/CMakeFiles/capchan")
    file(MAKE_DIRECTORY "${own}/imports/${module}" "${own}/made/${module}")
    file(CREATE_LINK "${source}" "${own}/imports/${module}/${name}" SYMBOLIC)
    set(stamp "${own}/made/${module}/${name}")
    set(idlc "${_capchan_prefix}/bin/nk-gen-c")
    add_custom_command(OUTPUT "${stamp}"
        BYPRODUCTS "${folder}/${name}.h"
        COMMAND "${_capchan_modules}/generate.sh" "${stamp}" "${folder}" "${idlc}"
            -I "${own}/imports" ${flags} "${source}"
        DEPENDS "${source}" "${idlc}" "${_capchan_modules}/generate.sh"
        DEPFILE "${stamp}.d"
        COMMENT "Generating ${module}/${name}.h" VERBATIM)
    add_custom_target(${target} DEPENDS "${stamp}")
    set_target_properties(${target} PROPERTIES CAPCHAN_SOURCE "${source}")
    set(is_first TRUE)
    foreach(other IN LISTS depends)
        get_property(is_ours GLOBAL PROPERTY "CAPCHAN_IS_NK_${other}")
        if(NOT is_ours)
            add_dependencies(${target} ${other})
            set(is_first FALSE)
        endif()
    endforeach()
    if(is_first) # else all programs would wait for it, and it may be one of them that it needs
        set_property(GLOBAL APPEND PROPERTY CAPCHAN_HEADERS ${target})
    endif()
endfunction()

# _capchan_nk_build(FUNCTION TARGET ...) - what all functions below do: add files to a target
function(_capchan_nk_build function target)
    cmake_parse_arguments(arg "NOINSTALL" "NK_MODULE;WORKING_DIRECTORY"
        "IDL;CDL;EDL;IDL_TARGET;CDL_TARGET;EDL_TARGET;DEPENDS;NK_FLAGS;LANG" ${ARGN})
    set(files ${arg_IDL} ${arg_CDL} ${arg_EDL} ${arg_UNPARSED_ARGUMENTS})
    if(NOT files)
        _capchan_fail("${function}(${target}): name at least one file")
    endif()
    foreach(language IN LISTS arg_LANG)
        if(NOT language MATCHES "^(C|CXX)$")
            _capchan_fail("${function}(${target}): LANG ${language} is neither C nor CXX")
        endif()
    endforeach()
    if(NOT TARGET ${target})
        # with a source of any kind it is something that can be built
        add_library(${target} INTERFACE "${_capchan_modules}/nk.cmake")
        set_property(GLOBAL PROPERTY "CAPCHAN_IS_NK_${target}" TRUE)
    endif()
    string(REPLACE "." "/" module "${arg_NK_MODULE}")
    list(JOIN arg_NK_FLAGS " " flags)
    separate_arguments(flags UNIX_COMMAND "${flags}")
    foreach(file IN LISTS files)
        if(arg_WORKING_DIRECTORY)
            get_filename_component(folder "${arg_WORKING_DIRECTORY}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
            get_filename_component(file "${file}" ABSOLUTE BASE_DIR "${folder}")
        endif()
        _capchan_nk_file(made ${function} "${module}" "${file}" "${flags}" "${arg_DEPENDS}")
        add_dependencies(${target} ${made})
        if("CXX" IN_LIST arg_LANG)
            _capchan_nk_no_binding(${function} "${module}" "${file}")
        endif()
    endforeach()
    foreach(other IN LISTS arg_IDL_TARGET arg_CDL_TARGET arg_EDL_TARGET arg_DEPENDS)
        add_dependencies(${target} ${other})
    endforeach()
endfunction()

# nk_build_idl_files(TARGET NK_MODULE PACKAGE IDL FILE... [WORKING_DIRECTORY FOLDER] [DEPENDS TARGET...]
# [NK_FLAGS FLAGS]), and with CDL FILE... [IDL_TARGET TARGET], EDL FILE... [CDL_TARGET TARGET]; TARGET may be given again
# with other files, and is what programs name with add_dependencies(PROGRAM TARGET). With NOINSTALL nothing changes.
function(nk_build_idl_files target)
    _capchan_nk_build(nk_build_idl_files ${target} ${ARGN})
endfunction()
function(nk_build_cdl_files target)
    _capchan_nk_build(nk_build_cdl_files ${target} ${ARGN})
endfunction()
function(nk_build_edl_files target)
    _capchan_nk_build(nk_build_edl_files ${target} ${ARGN})
endfunction()

# add_nk_idl(TARGET FILE... NK_MODULE PACKAGE [LANG C]) and its kin - TARGET is for bind_nk_targets() and
# target_link_libraries()
function(add_nk_idl target)
    _capchan_nk_build(add_nk_idl ${target} ${ARGN})
endfunction()
function(add_nk_cdl target)
    _capchan_nk_build(add_nk_cdl ${target} ${ARGN})
endfunction()
function(add_nk_edl target)
    _capchan_nk_build(add_nk_edl ${target} ${ARGN})
endfunction()

# bind_nk_targets(TARGET OTHER...) - TARGET, a program or another one of these, needs what the others make
function(bind_nk_targets target)
    foreach(other IN LISTS ARGN)
        add_dependencies(${target} ${other})
    endforeach()
endfunction()

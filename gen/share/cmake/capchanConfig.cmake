# SPDX-License-Identifier: Apache-2.0
# find_package(capchan) - for projects of one's own: the target capchan::capchan, and capchan_generate(). Those in the
# form of KasperskyOS's take the toolchain file instead.
include("${CMAKE_CURRENT_LIST_DIR}/capchan/nk.cmake")

# capchan_generate(TARGET [ROOT FOLDER] FILE...) - TARGET, a program or library, uses what the IDL, CDL and EDL files
# declare; packages are folders below ROOT, which is resources/ unless given
function(capchan_generate target)
    cmake_parse_arguments(arg "" "ROOT" "" ${ARGN})
    if(NOT arg_ROOT)
        set(arg_ROOT resources)
    endif()
    get_filename_component(root "${arg_ROOT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    foreach(file IN LISTS arg_UNPARSED_ARGUMENTS)
        get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
        file(RELATIVE_PATH inside "${root}" "${path}")
        if(inside MATCHES "^[.][.]/")
            _capchan_fail("capchan_generate(${target}): ${path} is not below ${root}; say ROOT FOLDER")
        endif()
        get_filename_component(module "${inside}" DIRECTORY)
        _capchan_nk_file(made capchan_generate "${module}" "${path}" "" "")
        add_dependencies(${target} ${made})
    endforeach()
    target_include_directories(${target} PRIVATE "${CMAKE_BINARY_DIR}")
    target_link_libraries(${target} PRIVATE capchan::capchan)
endfunction()

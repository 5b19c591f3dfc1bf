# SPDX-License-Identifier: Apache-2.0
# What every program of a KasperskyOS project gets without asking for it.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)

include("${CMAKE_CURRENT_LIST_DIR}/library.cmake")

# _capchan_targets(RET FOLDER) - all targets of the folder and those below it
function(_capchan_targets ret folder)
    get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
    get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
    foreach(below IN LISTS folders)
        _capchan_targets(more "${below}")
        list(APPEND targets ${more})
    endforeach()
    set(${ret} "${targets}" PARENT_SCOPE)
endfunction()

# _capchan_library(RET TARGET) - which of our libraries it must be linked with
function(_capchan_library ret target)
    get_target_property(folder ${target} SOURCE_DIR)
    set(flags "")
    foreach(variable CMAKE_C_FLAGS CMAKE_CXX_FLAGS CMAKE_EXE_LINKER_FLAGS)
        get_directory_property(value DIRECTORY "${folder}" DEFINITION ${variable})
        string(APPEND flags " ${value}")
    endforeach()
    foreach(property LINK_FLAGS LINK_OPTIONS LINK_LIBRARIES)
        get_target_property(value ${target} ${property})
        string(APPEND flags " ${value}")
    endforeach()
    set(${ret} capchan::capchan PARENT_SCOPE)
    if(flags MATCHES "(^|[ ;])-static(-pie)?($|[ ;])")
        set(${ret} capchan::static PARENT_SCOPE)
    endif()
endfunction()

# _capchan_equip(TARGET) - projects name neither the library nor the folders of generated headers, and do not always say
# which of these a program needs. What newer compilers refuse was a warning for the SDK's.
function(_capchan_equip target)
    get_property(folders GLOBAL PROPERTY CAPCHAN_HEADER_FOLDERS)
    get_property(headers GLOBAL PROPERTY CAPCHAN_HEADERS)
    list(REMOVE_DUPLICATES folders)
    set_property(TARGET ${target} APPEND PROPERTY INCLUDE_DIRECTORIES "${CMAKE_BINARY_DIR}" ${folders})
    _capchan_library(library ${target})
    # libm: the host's C library has its mathematics there, and nobody else asks for it
    set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES ${library} m)
    foreach(name implicit-function-declaration incompatible-pointer-types int-conversion)
        set_property(TARGET ${target} APPEND PROPERTY COMPILE_OPTIONS "$<$<COMPILE_LANGUAGE:C>:-Wno-error=${name}>")
    endforeach()
    if(headers)
        add_dependencies(${target} ${headers})
    endif()
endfunction()

# _capchan_finish() - when all folders have been read
function(_capchan_finish)
    if(COMMAND _capchan_finish_images)
        _capchan_finish_images()
    endif()
    _capchan_targets(targets "${CMAKE_SOURCE_DIR}")
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        if(type MATCHES "^(EXECUTABLE|(STATIC|SHARED|MODULE|OBJECT)_LIBRARY)$")
            _capchan_equip(${target})
        endif()
    endforeach()
endfunction()
cmake_language(DEFER DIRECTORY "${CMAKE_SOURCE_DIR}" CALL _capchan_finish)

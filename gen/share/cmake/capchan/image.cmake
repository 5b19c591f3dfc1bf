# SPDX-License-Identifier: Apache-2.0
# Solutions. An image is a folder with links to the programs, init.yaml as it was expanded, and the program that CMake
# calls EINIT_ENTITY: run, it has `capchan run` start the solution.
include_guard(GLOBAL)
cmake_policy(VERSION 3.20)

# _capchan_image_file(RET FUNCTION WHAT FILE) - where the file of an argument is
function(_capchan_image_file ret function what file)
    get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    if(NOT file OR NOT EXISTS "${path}" OR IS_DIRECTORY "${path}")
        _capchan_fail("${function}(): ${what} must name a file, and '${path}' is none")
    endif()
    set(${ret} "${path}" PARENT_SCOPE)
endfunction()

# _capchan_policy(RET FUNCTION FILE) - where it is, said once of each that it is not enforced; the build may make it
function(_capchan_policy ret function file)
    get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
    string(FIND "${path}" "${CMAKE_BINARY_DIR}/" place)
    if(NOT place EQUAL 0)
        _capchan_image_file(path ${function} SECURITY_PSL "${file}")
    endif()
    get_property(policies GLOBAL PROPERTY CAPCHAN_POLICIES)
    if(NOT path IN_LIST policies)
        message(STATUS "capchan: ${path} is not enforced: there are no policies yet")
        set_property(GLOBAL APPEND PROPERTY CAPCHAN_POLICIES "${path}")
    endif()
    set(${ret} "${path}" PARENT_SCOPE)
endfunction()

# _capchan_write(FILE TEXT) - leave it alone if it would stay the same
function(_capchan_write file text)
    set(old "")
    if(EXISTS "${file}")
        file(READ "${file}" old)
    endif()
    if(NOT EXISTS "${file}" OR NOT old STREQUAL text)
        file(WRITE "${file}" "${text}")
    endif()
endfunction()

# _capchan_variables(RET TEXT) - put in CMake's variables, and mark the macros for expand_init.awk. Its own variables
# must not be in the way of those.
function(_capchan_variables _capchan_ret _capchan_text)
    set(_capchan_about "INIT_[^@ \n]+_ENTITY_(CONNECTIONS|ENV|ARGS)[+]?")
    string(REGEX MATCHALL "@(${_capchan_about}|INIT_EXTERNAL_ENTITIES|INIT_[^@ \n]+_PATH)@" _capchan_macros
        "${_capchan_text}")
    foreach(_capchan_name IN LISTS _capchan_macros)
        string(REPLACE "@" "" _capchan_name "${_capchan_name}")
        if(NOT DEFINED "${_capchan_name}")
            string(REPLACE "@${_capchan_name}@" "<capchan ${_capchan_name}>" _capchan_text "${_capchan_text}")
        endif()
    endforeach()
    string(CONFIGURE "${_capchan_text}" _capchan_text @ONLY)
    set(${_capchan_ret} "${_capchan_text}" PARENT_SCOPE)
endfunction()

# What is about the kernel and the file system of a board's image, and changes nothing here.
set(_capchan_image_options PERFCNT_KERNEL NO_AUTO_BLOB_CONTAINER PACK_DEPS CACHE INTERNAL "")
set(_capchan_image_values EXTRA_XDL_DIR IMAGE_BINARY_DIR_BIN PACK_DEPS_COPY_ONLY PACK_DEPS_LIBS_PATH
    PACK_DEPS_COPY_TARGET CACHE INTERNAL "")

# _capchan_add_image(FUNCTION TARGET ...) - what both functions below do; the rest is done by _capchan_finish_image()
function(_capchan_add_image function target)
    cmake_parse_arguments(arg "${_capchan_image_options}"
        "EINIT_ENTITY;CONNECTIONS_CFG;SECURITY_PSL;KLOG_ENTITY;QEMU_FLAGS;GINGER_ENABLE;${_capchan_image_values}"
        "IMAGE_FILES;QEMU_DEPENDENCIES;GINGER_DEFINITIONS" ${ARGN})
    if(arg_PACK_DEPS_COPY_TARGET AND NOT TARGET ${arg_PACK_DEPS_COPY_TARGET})
        add_custom_target(${arg_PACK_DEPS_COPY_TARGET}) # programs find shared libraries where they are built
    endif()
    if(NOT arg_EINIT_ENTITY)
        _capchan_fail("${function}(${target}): EINIT_ENTITY is missing; name the program that starts the others")
    endif()
    _capchan_image_file(template ${function} CONNECTIONS_CFG "${arg_CONNECTIONS_CFG}")
    if(arg_SECURITY_PSL)
        _capchan_policy(policy ${function} "${arg_SECURITY_PSL}")
    endif()
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${target}.image")
    execute_process(COMMAND awk "{ print NR \"\\t\" $0 }" "${template}" OUTPUT_VARIABLE text)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${template}")
    _capchan_variables(text "${text}")
    file(MAKE_DIRECTORY "${folder}")
    if(arg_SECURITY_PSL)
        file(CREATE_LINK "${policy}" "${folder}/security.psl" SYMBOLIC)
    endif()
    _capchan_write("${folder}/init.yaml.in" "${text}")

    set(source "${CMAKE_CURRENT_BINARY_DIR}/${target}.einit.c")
    add_executable(${arg_EINIT_ENTITY} "${source}")
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(NOT "C" IN_LIST languages)
        set_source_files_properties("${source}" PROPERTIES LANGUAGE CXX)
    endif()
    add_custom_target(${target}
        COMMAND "${_capchan_modules}/make_image.sh" "${folder}" "${folder}/files.txt"
        COMMAND $<TARGET_FILE:${arg_EINIT_ENTITY}> --check
        VERBATIM)
    set_target_properties(${target} PROPERTIES
        CAPCHAN_FUNCTION "${function}"
        CAPCHAN_FOLDER "${folder}"
        CAPCHAN_SOURCE "${source}"
        CAPCHAN_SOURCE_FOLDER "${CMAKE_CURRENT_SOURCE_DIR}"
        CAPCHAN_TEMPLATE "${template}"
        CAPCHAN_EINIT "${arg_EINIT_ENTITY}"
        CAPCHAN_FILES "${arg_IMAGE_FILES};${arg_UNPARSED_ARGUMENTS};${arg_KLOG_ENTITY}"
        CAPCHAN_DEPENDENCIES "${arg_QEMU_DEPENDENCIES}")
    add_dependencies(${target} ${arg_EINIT_ENTITY})
    set_property(GLOBAL APPEND PROPERTY CAPCHAN_IMAGES ${target})
endfunction()

# _capchan_add_sim(IMAGE) - the target that runs it
function(_capchan_add_sim image)
    get_target_property(einit ${image} CAPCHAN_EINIT)
    add_custom_target(sim COMMAND $<TARGET_FILE:${einit}> USES_TERMINAL VERBATIM)
    add_dependencies(sim ${image})
endfunction()

# build_kos_qemu_image(TARGET EINIT_ENTITY PROGRAM CONNECTIONS_CFG FILE [SECURITY_PSL FILE]
#                      [QEMU_DEPENDENCIES TARGET...] [IMAGE_FILES] PROGRAM|FILE...) - TARGET builds the solution, the
#                      target sim runs it
function(build_kos_qemu_image target)
    _capchan_add_image(build_kos_qemu_image ${target} ${ARGN})
    if(NOT TARGET sim)
        _capchan_add_sim(${target})
    endif()
endfunction()

# build_kos_hw_image(TARGET ...) - the same, without a target that runs it
function(build_kos_hw_image target)
    _capchan_add_image(build_kos_hw_image ${target} ${ARGN})
endfunction()

# _capchan_file_name(RET PROGRAM) - what the file of a target is called
function(_capchan_file_name ret program)
    get_target_property(name ${program} OUTPUT_NAME)
    if(NOT name)
        set(name ${program})
    endif()
    set(${ret} "${name}" PARENT_SCOPE)
endfunction()

# _capchan_image_programs(RET IMAGE) - put the files of an image into its list, and their names into another one; return
# those of them that are targets
function(_capchan_image_programs ret image)
    get_target_property(function ${image} CAPCHAN_FUNCTION)
    get_target_property(folder ${image} CAPCHAN_FOLDER)
    get_target_property(source_folder ${image} CAPCHAN_SOURCE_FOLDER)
    get_target_property(items ${image} CAPCHAN_FILES)
    get_target_property(dependencies ${image} CAPCHAN_DEPENDENCIES)
    foreach(item IN LISTS dependencies) # programs may follow that keyword, too
        if(TARGET ${item})
            get_target_property(type ${item} TYPE)
            if(type STREQUAL EXECUTABLE)
                list(APPEND items ${item})
            endif()
        endif()
    endforeach()
    set(has_flags FALSE)
    set(list "")
    set(names "")
    set(programs "")
    list(REMOVE_ITEM items "")
    list(TRANSFORM items REPLACE "^\\$<TARGET_FILE:([^<>]+)>$" "\\1")
    list(REMOVE_DUPLICATES items)
    foreach(item IN LISTS items)
        get_property(is_host GLOBAL PROPERTY "CAPCHAN_IS_HOST_${item}")
        get_filename_component(path "${item}" ABSOLUTE BASE_DIR "${source_folder}")
        if(is_host)
            continue()
        elseif(TARGET ${item})
            list(APPEND programs ${item})
            _capchan_file_name(name ${item})
            string(APPEND names "${name}\n")
            get_target_property(type ${item} TYPE)
            if(type MATCHES "^(EXECUTABLE|SHARED_LIBRARY|MODULE_LIBRARY)$")
                string(APPEND list "$<TARGET_FILE:${item}>\n")
            endif()
        elseif(EXISTS "${path}" OR IS_ABSOLUTE "${item}")
            string(APPEND list "${path}\n")
            string(APPEND names "${path}\n")
        elseif(item MATCHES "^-")
            set(has_flags TRUE)
        elseif(NOT has_flags) # else it may belong to QEMU_FLAGS that were given without quotes
            _capchan_fail("${function}(${image}): '${item}' is neither a target nor a file below ${source_folder}")
        endif()
    endforeach()
    file(GENERATE OUTPUT "${folder}/files.txt" CONTENT "${list}")
    file(WRITE "${folder}/names.txt" "${names}")
    set(${ret} "${programs}" PARENT_SCOPE)
endfunction()

# _capchan_program_values(FOLDER PROGRAM) - write what macros about a program stand for
function(_capchan_program_values folder program)
    foreach(property CONNECTIONS ARGS ENV)
        get_target_property(value ${program} EXTRA_${property})
        if(NOT value)
            set(value "")
        endif()
        file(WRITE "${folder}/${program}.${property}" "${value}\n")
    endforeach()
    _capchan_file_name(name ${program})
    file(WRITE "${folder}/${program}.PATH" "${name}\n")
endfunction()

# _capchan_expand(FOLDER TEMPLATE) - make init.yaml of init.yaml.in
function(_capchan_expand folder template)
    set(awk awk -v "table=${_capchan_modules}/../../host_entities" -f "${_capchan_modules}/host_entities.awk")
    execute_process(COMMAND ${awk} -v "values=${folder}/values" -v "template=${template}" -v "map=${folder}/init.yaml.map"
            -f "${_capchan_modules}/expand_init.awk" "${folder}/init.yaml.in"
        OUTPUT_FILE "${folder}/expanded.yaml" RESULT_VARIABLE status ERROR_VARIABLE complaint)
    string(STRIP "${complaint}" complaint)
    if(NOT status EQUAL 0)
        _capchan_fail("${complaint}")
    elseif(complaint)
        string(REPLACE "\n" "\n capchan: " complaint "${complaint}")
        message(WARNING " capchan: ${complaint}")
    endif()
    execute_process(COMMAND ${awk} -v "files=${folder}/names.txt"
            -f "${_capchan_modules}/drop_host.awk" "${folder}/expanded.yaml"
        OUTPUT_VARIABLE text ERROR_VARIABLE notes)
    string(REGEX MATCHALL "[^\n]+" notes "${notes}")
    foreach(note IN LISTS notes)
        message(STATUS "${note}")
    endforeach()
    _capchan_write("${folder}/init.yaml" "${text}")
endfunction()

# _capchan_finish_image(IMAGE) - what can be done only when all properties of all programs are known
function(_capchan_finish_image image)
    foreach(property FUNCTION FOLDER SOURCE SOURCE_FOLDER TEMPLATE EINIT DEPENDENCIES)
        get_target_property(${property} ${image} CAPCHAN_${property})
    endforeach()
    _capchan_image_programs(programs ${image})
    file(REMOVE_RECURSE "${FOLDER}/values")
    foreach(program IN LISTS programs)
        add_dependencies(${image} ${program})
        _capchan_program_values("${FOLDER}/values" ${program})
    endforeach()
    foreach(target IN LISTS DEPENDENCIES)
        if(TARGET ${target})
            add_dependencies(${image} ${target})
        endif()
    endforeach()
    _capchan_expand("${FOLDER}" "${TEMPLATE}")

    get_filename_component(template_folder "${TEMPLATE}" DIRECTORY)
    get_target_property(include_folders ${EINIT} INCLUDE_DIRECTORIES)
    if(NOT include_folders)
        set(include_folders "")
    endif()
    list(PREPEND include_folders "${template_folder}" "${SOURCE_FOLDER}")
    list(FILTER include_folders EXCLUDE REGEX "\\$<")
    list(REMOVE_DUPLICATES include_folders)
    separate_arguments(options UNIX_COMMAND "${CAPCHAN_RUN_OPTIONS}")
    list(APPEND options --bin "${FOLDER}/files")
    foreach(list include_folders options)
        list(TRANSFORM ${list} REPLACE "(.+)" "\"\\1\"")
        list(JOIN ${list} ", " ${list})
    endforeach()
    configure_file("${_capchan_modules}/einit.c.in" "${SOURCE}" @ONLY)
endfunction()

# _capchan_finish_images() - called by _capchan_finish()
function(_capchan_finish_images)
    get_property(images GLOBAL PROPERTY CAPCHAN_IMAGES)
    foreach(image IN LISTS images)
        _capchan_finish_image(${image})
    endforeach()
    if(images AND NOT TARGET sim)
        list(GET images 0 image)
        _capchan_add_sim(${image})
    endif()
    if(images AND NOT TARGET kos-image)
        add_custom_target(kos-image)
        add_dependencies(kos-image ${images})
    endif()
endfunction()

# SPDX-License-Identifier: Apache-2.0
# Included at the end of each project(), see the toolchain file.

if(NOT CAPCHAN_SYSTEM_PROCESSOR STREQUAL CMAKE_HOST_SYSTEM_PROCESSOR)
    set(CMAKE_SYSTEM_PROCESSOR "${CAPCHAN_SYSTEM_PROCESSOR}")
    foreach(_capchan_language C CXX)
        foreach(_capchan_tool COMPILER LINKER)
            set(_capchan_launcher CMAKE_${_capchan_language}_${_capchan_tool}_LAUNCHER)
            list(PREPEND ${_capchan_launcher} "${CMAKE_CURRENT_LIST_DIR}/host_compiler.sh")
            list(REMOVE_DUPLICATES ${_capchan_launcher})
        endforeach()
    endforeach()
endif()

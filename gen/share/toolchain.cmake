# SPDX-License-Identifier: Apache-2.0
# The toolchain file of KasperskyOS projects: the compiler of this machine, and the SDK's CMake functions.
#
#     cmake -B build -D CMAKE_TOOLCHAIN_FILE=<prefix>/share/capchan/toolchain.cmake && cmake --build build --target sim
#
# -D CAPCHAN_SANITIZE=address             builds everything with sanitizers of gcc or clang, several with commas
# -D CAPCHAN_SYSTEM_PROCESSOR=x86_64      what CMAKE_SYSTEM_PROCESSOR says; aarch64 unless given, which projects insist
#                                         on. Flags that only that processor's compiler knows are then kept from ours.
# -D CAPCHAN_RUN_OPTIONS="--exit-with T"  options of `capchan run` for the target sim

set(CAPCHAN_SANITIZE "" CACHE STRING "sanitizers to build with, such as address,undefined")
set(CAPCHAN_SYSTEM_PROCESSOR aarch64 CACHE STRING "what CMAKE_SYSTEM_PROCESSOR says")
set(CAPCHAN_RUN_OPTIONS "" CACHE STRING "options of capchan run for the target sim")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES CAPCHAN_SANITIZE)

# Behind the project's own, so that its Find modules can take the place of ours.
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/cmake" "${CMAKE_CURRENT_LIST_DIR}/cmake/packages")
list(REMOVE_DUPLICATES CMAKE_MODULE_PATH)
# What project() would overwrite is set when it is through.
list(APPEND CMAKE_PROJECT_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/cmake/capchan/project.cmake")
list(REMOVE_DUPLICATES CMAKE_PROJECT_INCLUDE)

# What is said of packages that are not there
list(APPEND CMAKE_PROJECT_TOP_LEVEL_INCLUDES "${CMAKE_CURRENT_LIST_DIR}/cmake/capchan/provider.cmake")
list(REMOVE_DUPLICATES CMAKE_PROJECT_TOP_LEVEL_INCLUDES)

set(_capchan_flags "-g")
if(CAPCHAN_SANITIZE)
    string(APPEND _capchan_flags " -fsanitize=${CAPCHAN_SANITIZE} -fno-omit-frame-pointer")
endif()
foreach(_capchan_language C CXX)
    set(CMAKE_${_capchan_language}_FLAGS_INIT "${_capchan_flags}")
endforeach()

# SPDX-License-Identifier: Apache-2.0
# Where scripts of projects look for it, which say SDK_PREFIX.
include("${CMAKE_CURRENT_LIST_DIR}/../../../toolchain.cmake")

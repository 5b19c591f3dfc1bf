# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_no_package(nglog "there is no log server yet; <component/logrr/clog/clog.h> logs to standard error")

# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_no_package(tls "the SDK's library is not there; use OpenSSL (apt-get install libssl-dev)")

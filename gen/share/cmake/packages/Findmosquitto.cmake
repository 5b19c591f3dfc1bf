# SPDX-License-Identifier: Apache-2.0
include("${CMAKE_CURRENT_LIST_DIR}/../capchan/package.cmake")
_capchan_debian_package(mosquitto "libmosquitto-dev libmosquittopp-dev"
    mosquitto.h LIB mosquitto C_LIB mosquitto CXX_LIB mosquittopp)

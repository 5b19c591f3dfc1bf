# SPDX-License-Identifier: Apache-2.0
# Functions of the SDK that there are not, so that who calls one is told more than CMake would say.
include_guard(GLOBAL)

function(generate_edl_file)
    _capchan_fail("generate_edl_file() is missing; write the EDL file by hand and give it to nk_build_edl_files()")
endfunction()
function(project_static_executable_header_default)
    _capchan_fail("project_static_executable_header_default() is missing; call project_header_default()")
endfunction()

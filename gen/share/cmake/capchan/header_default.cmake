# SPDX-License-Identifier: Apache-2.0
include_guard(GLOBAL)

# _capchan_standard(LANGUAGE STANDARD) - for targets of this folder and below, unless the project said so itself
macro(_capchan_standard language standard)
    if(NOT DEFINED CMAKE_${language}_STANDARD OR CMAKE_${language}_STANDARD STREQUAL "${_capchan_${language}_standard}")
        set(CMAKE_${language}_STANDARD ${standard})
        set(CMAKE_${language}_EXTENSIONS ON)
        set(_capchan_${language}_standard ${standard})
    endif()
endmacro()

# project_header_default("NAME:YES|NO"...) - language standard and warnings of the folder. STANDARD_GNU_11 to _20 are
# standards of C++; C, which has no 14 and 20, takes the next older one. C++ takes 17 at least: what was written for an
# older one is good for it, and many projects say 11 for the sake of C. Names that are not known change nothing.
macro(project_header_default)
    foreach(_capchan_item ${ARGN})
        if(_capchan_item MATCHES "^STANDARD_GNU_([0-9]+):YES$")
            set(_capchan_year "${CMAKE_MATCH_1}")
            set(_capchan_cxx_year "${_capchan_year}")
            if(_capchan_year LESS 17 OR _capchan_year GREATER 90)
                set(_capchan_cxx_year 17)
            endif()
            _capchan_standard(CXX ${_capchan_cxx_year})
            if(_capchan_year STREQUAL 14)
                set(_capchan_year 11)
            elseif(_capchan_year GREATER 17 AND _capchan_year LESS 90)
                set(_capchan_year 17)
            endif()
            _capchan_standard(C ${_capchan_year})
        elseif(_capchan_item STREQUAL "STRICT_WARNINGS:YES")
            add_compile_options(-Wall -Wextra)
        elseif(_capchan_item STREQUAL "EXTRA_STRICT_WARNINGS:YES")
            add_compile_options(-Wall -Wextra -Wconversion -Wsign-conversion)
        elseif(NOT _capchan_item MATCHES "^(STANDARD_[A-Z0-9_]+|(EXTRA_)?STRICT_WARNINGS):(YES|NO)$")
            message(AUTHOR_WARNING "project_header_default(): '${_capchan_item}' is not known, and changes nothing")
        endif()
    endforeach()
endmacro()

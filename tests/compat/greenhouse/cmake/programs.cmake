# add_entity(NAME EDL_TARGET) - a program of all sources in its folder
include(platform/nk)

function(add_entity NAME EDL)
    project_header_default("STANDARD_GNU_11:YES" "STRICT_WARNINGS:YES")
    file(GLOB SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.c ${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp)
    add_executable(${NAME} ${SOURCES})
    add_dependencies(${NAME} ${EDL})
    target_link_libraries(${NAME} PRIVATE greenhouse_common)
    set_target_properties(${NAME} PROPERTIES LINK_FLAGS "${LINK_FLAGS} -Wl,--no-undefined" ${vfs_ENTITY}_REPLACEMENT "")
endfunction()

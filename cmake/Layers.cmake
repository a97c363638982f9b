# SPDX-License-Identifier: MPL-2.0

# certwright_layer(<target> <folder> <links>...): a static library of the folder's sources, or of those below it as well if the
# folder ends in "/...". Sources are globbed, so that a file cannot be forgotten.
function(certwright_layer target folder)
  if(folder MATCHES "(.*)/\\.\\.\\.$")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${CMAKE_MATCH_1}/*.cc)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
  endif()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PRIVATE compiler_options PUBLIC ${ARGN})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARGN})
  endif()
endfunction()

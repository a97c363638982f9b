# SPDX-License-Identifier: MPL-2.0

# certwright_layer(<target> <folder> <links>...): a static library of the folder's sources, sub-folders of layers of their own excepted.
# Sources are globbed, so that a file cannot be forgotten.
function(certwright_layer target folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
  foreach(part IN ITEMS cty providers destinations)
    file(GLOB more CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/${part}/*.cc)
    list(APPEND sources ${more})
  endforeach()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PRIVATE compiler_options PUBLIC ${ARGN})
    target_precompile_headers(${target} REUSE_FROM standard_header_set)
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARGN})
  endif()
endfunction()

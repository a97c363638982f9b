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

# certwright_vendors(<list> <folder> <links>...): a layer of its own for each folder in that folder; none of them links another.
# Puts the targets into the list.
function(certwright_vendors list folder)
  file(GLOB vendors LIST_DIRECTORIES true CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*)
  foreach(vendor IN LISTS vendors)
    if(IS_DIRECTORY ${vendor})
      get_filename_component(name ${vendor} NAME)
      certwright_layer(vendor_${name} ${folder}/${name}/... ${ARGN})
      list(APPEND targets vendor_${name})
    endif()
  endforeach()
  set(${list} ${targets} PARENT_SCOPE)
endfunction()

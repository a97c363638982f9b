# SPDX-License-Identifier: MPL-2.0

# certwright_layer(<target> <place> <links>...): a static library of the sources of a folder, of those below it as well if the place
# ends in "/...", or of the one source of that name. Sources are globbed, so that a file cannot be forgotten. A catalog.cc is a
# layer above its folder.
function(certwright_layer target place)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${place}.cc)
    set(sources ${CMAKE_SOURCE_DIR}/${place}.cc)
  elseif(place MATCHES "(.*)/\\.\\.\\.$")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${CMAKE_MATCH_1}/*.cc)
  else()
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${place}/*.cc)
    list(FILTER sources EXCLUDE REGEX "/catalog\\.cc$")
  endif()
  if(sources)
    add_library(${target} STATIC ${sources})
    target_link_libraries(${target} PRIVATE compiler_options PUBLIC ${ARGN})
    target_precompile_headers(${target} REUSE_FROM standard_header_set)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${CERTWRIGHT_UNITY})
  else()
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE ${ARGN})
  endif()
endfunction()

# certwright_sources(<target> <folder>...): the sources of these folders, for a layer that has more than one.
function(certwright_sources target)
  foreach(folder IN LISTS ARGN)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cc)
    target_sources(${target} PRIVATE ${sources})
  endforeach()
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

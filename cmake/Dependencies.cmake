# SPDX-License-Identifier: MPL-2.0
# Foreign libraries as targets deps::*, found as Debian's packages. With CERTWRIGHT_STATIC, all are linked into the binary, libc too;
# libcurl is then the one of scripts/curl-minimal.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

# certwright_dependency(<name> <pkg-config module>... [LIBRARIES <name>...]): deps::<name>; LIBRARIES are those that ship no .pc file.
function(certwright_dependency name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${arg_UNPARSED_ARGUMENTS})
  add_library(deps_${name} INTERFACE)
  add_library(deps::${name} ALIAS deps_${name})
  if(CERTWRIGHT_STATIC)
    certwright_archives(archives ${arg_LIBRARIES} ${${name}_STATIC_LIBRARIES})
    target_include_directories(deps_${name} SYSTEM INTERFACE ${${name}_STATIC_INCLUDE_DIRS})
    target_link_libraries(deps_${name} INTERFACE ${archives} Threads::Threads ${CMAKE_DL_LIBS} m)
  else()
    certwright_libraries(libraries ${arg_LIBRARIES})
    target_link_libraries(deps_${name} INTERFACE ${libraries} PkgConfig::${name} Threads::Threads)
  endif()
endfunction()

function(certwright_libraries result)
  set(found)
  foreach(library IN LISTS ARGN)
    find_library(${library}_LIBRARY ${library} REQUIRED)
    list(APPEND found ${${library}_LIBRARY})
  endforeach()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# The .a file of each library. Names without one belong to libc or the compiler (m, dl, rt, pthread, atomic) and are left out.
# One group each, because the archives of gRPC and Abseil refer to each other in circles.
function(certwright_archives result)
  set(found)
  foreach(library IN LISTS ARGN)
    find_library(${library}_ARCHIVE lib${library}.a HINTS ${CMAKE_SOURCE_DIR}/build/deps/lib)
    if(${library}_ARCHIVE)
      list(APPEND found ${${library}_ARCHIVE})
    elseif(NOT library MATCHES "^(atomic|m|dl|rt|pthread)$")
      message(FATAL_ERROR "no static library lib${library}.a; run scripts/build, which installs and builds what is needed")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES found)
  list(JOIN found "," found)
  set(${result} "$<LINK_GROUP:RESCAN,${found}>" PARENT_SCOPE)
endfunction()

if(CERTWRIGHT_STATIC AND NOT CMAKE_CROSSCOMPILING)
  set(ENV{PKG_CONFIG_PATH} "${CMAKE_SOURCE_DIR}/build/deps/lib/pkgconfig:$ENV{PKG_CONFIG_PATH}")
endif()
certwright_dependency(openssl openssl)
certwright_dependency(curl libcurl)
certwright_dependency(ldns openssl LIBRARIES ldns)
certwright_dependency(grpc grpc++ protobuf-lite absl_synchronization)
certwright_dependency(pugixml pugixml)
certwright_dependency(yaml yaml-0.1)
certwright_dependency(ssh libssh openssl zlib)
if(CERTWRIGHT_STATIC)
  add_library(no_kerberos STATIC ${CMAKE_CURRENT_LIST_DIR}/no_kerberos.cc)
  target_link_libraries(no_kerberos PRIVATE compiler_options)
  target_link_libraries(deps_ssh INTERFACE no_kerberos)

  # An object of the program itself: of an archive, the linker would not take it.
  add_library(static_parts OBJECT ${CMAKE_CURRENT_LIST_DIR}/static_libc.cc)
  target_link_libraries(static_parts PRIVATE compiler_options)
endif()

# Headers only, and no .pc file that fits: Debian's asks for Boost, which is not needed.
find_path(MSGPACK_INCLUDE msgpack.hpp REQUIRED)
add_library(deps_msgpack INTERFACE)
add_library(deps::msgpack ALIAS deps_msgpack)
target_compile_definitions(deps_msgpack INTERFACE MSGPACK_NO_BOOST)
target_include_directories(deps_msgpack SYSTEM INTERFACE ${MSGPACK_INCLUDE})

# SPDX-License-Identifier: MPL-2.0
# Warnings are errors; hardening in every build; sanitizers on request.
# `protection` is for generated code too, which is not ours to warn about. All code ends up in programs, so that libraries are compiled as
# programs are (PIE), and share precompiled headers with them.
set(protection -fstack-protector-strong -fvisibility=hidden -fPIE)
set(release_protection -ffunction-sections -fdata-sections -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
add_library(compiler_options INTERFACE)
target_compile_options(compiler_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror ${protection})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # False alarms in std::variant whenever GCC 12 inlines; the sanitizers find the real ones.
  target_compile_options(compiler_options INTERFACE -Wno-maybe-uninitialized)
  # No garbage collection below 1 GB (in KB): it takes a tenth of the compile time. 95 % of the files stay below 615 MB.
  target_compile_options(compiler_options INTERFACE --param=ggc-min-heapsize=1048576)
endif()
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "aarch64")
  # There, char is unsigned; the tests run where it is signed.
  target_compile_options(compiler_options INTERFACE -fsigned-char)
else()
  # Of binutils 2.40, the linker for arm64 does not know it.
  set(pack_relocations -Wl,-z,pack-relative-relocs)
endif()
target_include_directories(compiler_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_options(compiler_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(compiler_options INTERFACE ${release_protection})
  list(APPEND protection ${release_protection})
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
  # Links in a third of the time of GNU ld.
  find_program(LLD ld.lld)
  if(LLD)
    target_link_options(compiler_options INTERFACE -fuse-ld=lld)
  endif()
endif()
if(CERTWRIGHT_SANITIZE)
  target_compile_options(compiler_options INTERFACE -fsanitize=${CERTWRIGHT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CERTWRIGHT_SANITIZE MATCHES "undefined")
    # They check each access to a member, which takes a quarter of the compile time. The address sanitizer reports a null pointer as well;
    # the fuzzers are compiled with all checks.
    target_compile_options(compiler_options INTERFACE -fno-sanitize=null,alignment,vptr)
  endif()
  target_link_options(compiler_options INTERFACE -fsanitize=${CERTWRIGHT_SANITIZE})
endif()
if(CERTWRIGHT_STATIC)
  # The linker's warnings are libc's, of functions that load libraries of the machine: cmake/static_libc.cc sees that they do not.
  target_link_options(compiler_options INTERFACE -static-pie -Wl,--gc-sections ${pack_relocations} -Wl,--no-warnings -s)
else()
  target_link_options(compiler_options INTERFACE -pie)
endif()

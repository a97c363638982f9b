# SPDX-License-Identifier: MPL-2.0
# Linux arm64 from another machine, with the libraries that scripts/sysroot-arm64 unpacks.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_SYSROOT ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-arm64)
cmake_path(NORMAL_PATH CMAKE_SYSROOT)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# The libc and libstdc++ that come with Debian's cross compiler get no security updates. Those of the sysroot do, so that the linker
# is shown them first.
set(system_libraries ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu)
file(GLOB compiler_libraries ${CMAKE_SYSROOT}/usr/lib/gcc/aarch64-linux-gnu/*)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-B${compiler_libraries} -B${system_libraries}")

set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/local/lib/pkgconfig:${system_libraries}/pkgconfig)
set(ENV{PKG_CONFIG_SYSTEM_INCLUDE_PATH} ${CMAKE_SYSROOT}/usr/include)

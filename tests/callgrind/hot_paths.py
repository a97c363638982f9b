# SPDX-License-Identifier: MPL-2.0
"""Counts the instructions of each hot path under callgrind and holds them against hot_paths.bounds: NAME and the most that one run
may take. With UPDATE_BOUNDS=1 it writes the file anew, a fifth above what was counted: say in the commit why it grew."""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

BOUNDS = pathlib.Path(__file__).with_name("hot_paths.bounds")
RUNS = 10  # kRuns of hot_paths.cc
# The same code of OpenSSL and libc on every processor: with AES-NI, without AVX and what came later.
_SAME_EVERYWHERE = {"OPENSSL_ia32cap": "~0x1000000000000000:~0xffffffffffffffff",
                    "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX_Fast_Unaligned_Load,-ERMS,-BMI1,-BMI2"}


def count(program: str, path: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        subprocess.run(["valgrind", "-q", "--tool=callgrind", "--toggle-collect=Measured", f"--callgrind-out-file={out}", program, path],
                       check=True, env={**os.environ, **_SAME_EVERYWHERE})
        return int(re.search(r"^(?:summary|totals): (\d+)", out.read_text(), re.MULTILINE).group(1)) // RUNS


def main() -> int:
    program = sys.argv[1]
    bounds = {name: int(most) for name, most in (line.split() for line in BOUNDS.read_text().splitlines() if not line.startswith("#"))}
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        counted = dict(zip(bounds, pool.map(lambda path: count(program, path), bounds)))
    if os.environ.get("UPDATE_BOUNDS"):
        heading = BOUNDS.read_text().splitlines()[0]
        BOUNDS.write_text("\n".join([heading] + [f"{name} {instructions * 6 // 5}" for name, instructions in counted.items()]) + "\n")
        return 0
    for path, instructions in counted.items():
        verdict = "" if instructions <= bounds[path] else "  TOO MANY"
        print(f"{path:8} {instructions:10,} instructions, at most {bounds[path]:10,}{verdict}")
    # Nothing counted is a broken measurement, not a quick path.
    return 0 if all(1000 < instructions <= bounds[path] for path, instructions in counted.items()) else 1


if __name__ == "__main__":
    sys.exit(main())

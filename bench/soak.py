# SPDX-License-Identifier: MPL-2.0
"""Many issuances in one provider process, against Pebble: what it holds in memory, descriptors and threads as they go on.

Usage: python3 bench/soak.py [ISSUANCES]     2,000 when not given, in rounds of 200 by a Terraform run each."""

import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "bench")]

from bench import _NO_SYNC, Bench  # noqa: E402
from lab import Lab, exit_on_signals, find_provider  # noqa: E402
from lab.resident import Resident  # noqa: E402

ROUND = 200


def main() -> int:
    exit_on_signals()
    rounds = (int(sys.argv[1]) if len(sys.argv) > 1 else 2000) // ROUND
    with tempfile.TemporaryDirectory(prefix="certwright-soak-") as home, Lab(pathlib.Path(home)) as lab:
        bench = Bench(lab)
        provider = Resident(find_provider(), pathlib.Path(home) / "provider")
        try:
            print("| issuances in one process | the process afterwards |\n|---|---|", flush=True)
            print(f"| 0 | {provider.figures()} |", flush=True)
            for number in range(1, rounds + 1):
                terraform = bench.prepare(f"round-{number}", {"count": str(ROUND), "dns_names": f'["n${{count.index}}.r{number}.example.test"]'},
                                          env={"TF_REATTACH_PROVIDERS": provider.reattach}, sync=_NO_SYNC)
                terraform.apply("-target=certwright_certificate.web", "-parallelism=50", check=True, timeout=900)
                print(f"| {number * ROUND:,} | {provider.figures()} |", flush=True)
        finally:
            provider.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())

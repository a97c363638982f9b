# SPDX-License-Identifier: MPL-2.0
"""The figures that the project promises, measured, beside those of other clients.

Without rows it measures all and writes RESULTS.md, RESULTS.json and the README's figures; with rows it prints these alone. A row
yields report.Row; its doc text is its heading."""

import argparse
import os
import pathlib
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "bench")]

import issuance_rows  # noqa: E402
import machine  # noqa: E402
import process_rows  # noqa: E402
import renewal_rows  # noqa: E402
import report  # noqa: E402
import route53_rows  # noqa: E402
import scale_rows  # noqa: E402
import sync_rows  # noqa: E402
import vancluever_rows  # noqa: E402
from lab import Lab, exit_on_signals  # noqa: E402

ROWS = {one.__name__: one for one in (
    process_rows.process, issuance_rows.requests, issuance_rows.single, issuance_rows.latency, issuance_rows.certificates,
    issuance_rows.names, vancluever_rows.vancluever, issuance_rows.nonces, issuance_rows.renewals, renewal_rows.renewal_info,
    renewal_rows.renewal_plan, route53_rows.route53, sync_rows.syncs, scale_rows.plans, scale_rows.plans_under_a_profile)}


def measure(name: str, small: bool) -> list[report.Row]:
    begin = time.monotonic()
    print(f"\n## {ROWS[name].__doc__} ({name})\n\n{report.HEAD}", flush=True)
    rows = []
    with tempfile.TemporaryDirectory(prefix="certwright-bench-") as home, Lab(pathlib.Path(home)) as lab:
        for row in ROWS[name](lab, small):
            rows.append(row)
            print(row.line(), flush=True)
    print(f"\n{name} took {time.monotonic() - begin:.0f} s", flush=True)
    return rows


def main() -> int:
    exit_on_signals()
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of: {' '.join(ROWS)}")
    parser.add_argument("--small", action="store_true", help="small counts: do all rows run? The figures mean little, and are not written")
    chosen = parser.parse_args()
    if unknown := set(chosen.rows) - set(ROWS):
        parser.error(f"no row {', '.join(sorted(unknown))}; there are: {' '.join(ROWS)}")
    writes = not chosen.rows and not chosen.small and vancluever_rows.PEER in os.environ
    if not writes:
        print(f"Nothing will be written: that takes all rows, and a build of vancluever/acme in {vancluever_rows.PEER}")
    told = machine.describe()
    print("\n".join(f"{name}: {value}" for name, value in told.items()), flush=True)
    groups = {name: (ROWS[name].__doc__, measure(name, chosen.small)) for name in chosen.rows or ROWS}
    missed = [row.what for _, rows in groups.values() for row in rows if row.kept is False]
    print(f"\n{len(missed)} promises are missed" + "".join(f"\n- {what}" for what in missed))
    if writes:
        report.write(ROOT / "bench", told, groups)
        print("bench/RESULTS.md, bench/RESULTS.json and the figures in README.md are written")
    return 0


if __name__ == "__main__":
    sys.exit(main())

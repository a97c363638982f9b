# SPDX-License-Identifier: MPL-2.0
"""What the fuzzer prints."""

import collections

from .destinations import DESTINATIONS
from .sequence import Result
from .steps import KINDS

SEQUENCES_OF_JOB = 5  # as many as share servers


def print_result(result: Result):
    """In one piece: several processes print."""
    verdict = f"FOUND {result.rule}: {result.fact}" if result.rule else "holds"
    lines = [f"seed {result.seed} {result.destination}: {len(result.taken)} steps, {result.seconds:.0f} s, {verdict}"]
    lines += [f"  an apply without an accident failed first: {refused}" for refused in result.refused]
    if result.rule:
        lines += [f"  {note}" for note in result.notes]
        lines += [f"  | {line}" for line in result.output.splitlines()[-40:]]
        lines.append(f"  again: tests/e2e/lifecycle_fuzz.py --seed {result.seed} --destination {result.destination}"
                     + (f" --take {','.join(map(str, result.taken))}" if result.taken else ""))
    print("\n".join(lines) + "\n", end="", flush=True)


def print_table(results: list[Result], least: int) -> bool:
    """Steps by destination. False when a pair was there less often than `least`."""
    counts = collections.Counter((step.kind, result.destination) for result in results for step in result.taken
                                 if step not in result.missed)
    width = max(map(len, KINDS))
    print("\n" + " ".join(["step".ljust(width), *DESTINATIONS]))
    for kind in KINDS.values():
        cells = [str(counts[kind.name, name]) if kind.fits(DESTINATIONS[name]) else "-" for name in DESTINATIONS]
        print(" ".join([kind.name.ljust(width), *(cell.rjust(len(name)) for cell, name in zip(cells, DESTINATIONS))]))
    seldom = [f"{kind.name} at {name}" for kind in KINDS.values() for name in DESTINATIONS
              if kind.fits(DESTINATIONS[name]) and counts[kind.name, name] < least]
    if seldom:
        print(f"\nfewer than {least} times: {', '.join(seldom)}")
    found = collections.Counter((result.rule, result.destination) for result in results if result.rule)
    print(f"\n{len(results)} sequences, {sum(len(result.taken) for result in results)} steps, of which "
          f"{sum(len(result.missed) for result in results)} were over before their accident; {sum(found.values())} findings")
    for (rule, destination), count in sorted(found.items()):
        seeds = [str(result.seed) for result in results if (result.rule, result.destination) == (rule, destination)]
        print(f"  {rule} at {destination}: {count}, seeds {', '.join(seeds)}")
    return not seldom


def print_verdicts(verdicts: dict[str, Result | None]) -> int:
    """0 when all were found."""
    print()
    for known, result in verdicts.items():
        print(f"{'found' if result else 'NOT FOUND'}: {known}" + (f": seed {result.seed}, {result.destination}" if result else ""))
    return 0 if all(verdicts.values()) else 1

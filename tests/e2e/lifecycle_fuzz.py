# SPDX-License-Identifier: MPL-2.0
"""The life-cycle fuzzer for certificate syncs, see lifecycle/__init__.py. Prints a line for each sequence, what it found, and a table of
steps by destination.

    lifecycle_fuzz.py --seed 1 --sequences 300 --steps 15        the destinations take turns
    lifecycle_fuzz.py --destination vault_kv --take rename:7,renew:9"""

import argparse
import concurrent.futures
import os
import signal
import sys

from lab import missing_programs
from lab.process import end_with_parent
from lifecycle import report
from lifecycle.destinations import DESTINATIONS
from lifecycle.steps import KINDS, parse_steps
from lifecycle.verdicts import judge
from lifecycle.worker import Job, work


def main() -> int:
    # A pool would go through all its jobs before it ends: the program goes at once, and the workers follow.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: os._exit(128 + received))
    options = parse_options()
    names = [options.destination] if options.destination else list(DESTINATIONS)
    if missing := missing_programs(*{program for name in names for program in DESTINATIONS[name].programs}):
        print(f"not on this machine: {', '.join(missing)}; scripts/install-packages test installs them")
        return 1
    results = []
    with concurrent.futures.ProcessPoolExecutor(options.jobs, initializer=end_with_parent) as pool:
        for future in concurrent.futures.as_completed([pool.submit(work_and_print, job) for job in jobs(options)]):
            results += future.result()
    is_even = report.print_table(results, options.least)
    if options.judge:
        return report.print_verdicts(judge(results))
    return 1 if any(result.rule for result in results) or not is_even else 0


def work_and_print(job: Job):
    try:
        return work(job, report.print_result)
    except SystemExit:
        os._exit(1)  # a pool would keep the worker for a job that nobody sends


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the first sequence")
    parser.add_argument("--sequences", type=int, default=1)
    parser.add_argument("--steps", type=int, default=15, help="of each sequence")
    parser.add_argument("--destination", choices=DESTINATIONS)
    parser.add_argument("--take", help="the steps themselves, as a finding prints them; with --destination")
    parser.add_argument("--without", default="", help=f"kinds of step to leave out, of {', '.join(KINDS)}")
    parser.add_argument("--least", type=int, default=0, help="fail when a step was taken less often at one of its destinations")
    parser.add_argument("--minimize", action="store_true", help="after a finding, drop steps for as long as the same rule fails")
    parser.add_argument("--judge", action="store_true", help="succeed only if all that the first schema's last commit does wrong was found")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.without = frozenset(filter(None, options.without.split(",")))
    if options.take and not options.destination:
        parser.error("--take needs --destination")
    return options


def jobs(options) -> list[Job]:
    if options.take:
        steps = tuple(parse_steps(options.take))
        return [Job(options.destination, (options.seed,), options.steps, options.without, steps, options.minimize)]
    by_destination = {}
    for seed in range(options.seed, options.seed + options.sequences):
        by_destination.setdefault(options.destination or list(DESTINATIONS)[seed % len(DESTINATIONS)], []).append(seed)
    return [Job(destination, tuple(seeds[start:start + report.SEQUENCES_OF_JOB]), options.steps, options.without, (), options.minimize)
            for destination, seeds in by_destination.items() for start in range(0, len(seeds), report.SEQUENCES_OF_JOB)]


if __name__ == "__main__":
    sys.exit(main())

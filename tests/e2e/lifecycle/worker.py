# SPDX-License-Identifier: MPL-2.0
"""Some sequences of one destination after another, on the same servers for as long as nothing was found."""

import dataclasses
import random
import time
import traceback

from . import finding, steps
from .bench import Bench
from .finding import Finding
from .sequence import Result, Sequence
from .steps import Step

# What every state can do, for sequences in which a step found nothing to be done to.
_ALWAYS = ("add_certificate", "apply", "create", "renew", "rename_key", "replace")


@dataclasses.dataclass(frozen=True)
class Job:
    """`take`: the steps; else they are drawn."""
    destination: str
    seeds: tuple[int, ...]
    count: int
    without: frozenset[str]
    take: tuple[Step, ...] = ()
    minimizes: bool = False


def work(job: Job, tell=lambda _: None) -> list[Result]:
    """`tell`: is called with each result."""
    results = []
    bench = None
    try:
        for seed in job.seeds:
            try:
                bench = bench or Bench(job.destination)
            except (OSError, RuntimeError) as error:
                result = Result(seed, job.destination, rule=finding.LAB, fact=repr(error), output=traceback.format_exc())
            else:
                result = _go_through(bench, job, seed)
            if result.rule and bench:
                bench.close()
                bench = None
            results.append(_minimize(job, result) if result.rule and job.minimizes else result)
            tell(results[-1])
    finally:
        if bench:
            bench.close()
    return results


def _go_through(bench: Bench, job: Job, seed: int) -> Result:
    result = Result(seed, job.destination)
    start = time.monotonic()
    try:
        sequence = Sequence(bench, result)
        sequence.begin()
        if job.take:
            for step in job.take:
                sequence.take(step)
        else:
            _draw(sequence, job, seed)
        sequence.end()
    except Finding as found:
        result.rule, result.fact, result.output = found.rule, found.fact, found.output
    except Exception as error:  # one broken server does not end the other sequences
        result.rule, result.fact, result.output = finding.LAB, repr(error), traceback.format_exc()
    result.seconds = time.monotonic() - start
    return result


def _draw(sequence: Sequence, job: Job, seed: int):
    """A step that finds nothing to be done to waits until there is something, or the sequence ends."""
    waiting: list[Step] = []
    count = 0
    for step in steps.deal(seed, job.destination, job.count, job.without):
        if not sequence.take(step):
            waiting.append(step)
            continue
        count += 1
        for other in list(waiting):
            if sequence.take(other):
                waiting.remove(other)
                count += 1
    rng = random.Random(seed)
    while count < job.count:
        count += sequence.take(Step(rng.choice(sorted(set(_ALWAYS) - job.without)), rng.randrange(1 << 32)))


def _minimize(job: Job, result: Result) -> Result:
    """Drops one step after another, from the first on: the last one is what it was found by."""
    best = result
    for step in result.taken[:-1]:
        taken = tuple(one for one in best.taken if one != step)
        shorter, = work(dataclasses.replace(job, seeds=(result.seed,), take=taken, minimizes=False))
        if shorter.rule == result.rule:
            best = shorter
    return best

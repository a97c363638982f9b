# SPDX-License-Identifier: MPL-2.0
"""All steps by name, and which of them a sequence takes."""

import dataclasses
import random
from collections.abc import Callable

from . import accident, changes
from .destinations import DESTINATIONS
from .destinations.destination import ALTER, LOOSEN, REMOVE, REPLACE, UNMARK

# Special steps.
DESTROY, CLAIM, IN_THE_WAY, LOSE_RUNNER = "destroy", "claim", "in_the_way", "lose_runner"

_CHANGES = {
    "apply": changes.nothing, "create": changes.create, "remove": changes.remove, "rename": changes.rename,
    "rename_with_moved": changes.rename_with_moved, "move_key": changes.move_key, "split": changes.split, "merge": changes.merge,
    "replace": changes.replace, "replace_create_first": changes.replace_create_first, "change_each": changes.change_each,
    "move_module": changes.move_module, "move_module_with_moved": changes.move_module_with_moved,
    "destroy_beside_create": changes.destroy_beside_create, "rename_key": changes.rename_key, "change_place": changes.change_place,
    "renew": changes.renew, "change_algorithm": changes.change_algorithm, "add_certificate": changes.add_certificate,
    "drop_certificate": changes.drop_certificate, "remove_key": changes.remove_key,
}
_DRIFTS = (REMOVE, ALTER, REPLACE, UNMARK, LOOSEN)
# What a run is about when something happens to it. The first two more often: most runs in the world are one or the other.
_UNDER_ACCIDENT = (*["create"] * 6, *["renew"] * 5, "add_certificate", "rename", "split", "merge", "move_key", "replace",
                   "replace_create_first", "rename_key", "change_place", "change_algorithm", "destroy_beside_create")


@dataclasses.dataclass(frozen=True)
class Kind:
    """`change`: None where it is drawn from those that accidents happen to. `special`: what change, drift and accident cannot say."""
    name: str
    change: Callable | None = changes.nothing
    drift: str | None = None
    accident: str | None = None
    loses_runner: bool = False
    special: str | None = None

    def fits(self, destination) -> bool:
        """`destination`: its class."""
        if self.drift:
            return self.drift in destination.drifts
        if self.special in (CLAIM, IN_THE_WAY):
            return destination.names_are_unique
        return self.accident is None or self.accident in (*destination.failures, *accident.KILLS)


def _make() -> dict[str, Kind]:
    kinds = [Kind(name, change) for name, change in _CHANGES.items()]
    kinds += [Kind(f"drift_{what}", drift=what) for what in _DRIFTS]
    kinds += [Kind(what, None, accident=what) for what in accident.FAILURES]
    kinds += [Kind(f"kill_{what}", None, accident=what) for what in accident.KILLS]
    kinds += [Kind(f"kill_{what}_lose_runner", None, accident=what, loses_runner=True) for what in accident.KILLS]
    kinds += [Kind(name, special=name) for name in (DESTROY, CLAIM, IN_THE_WAY, LOSE_RUNNER)]
    return {kind.name: kind for kind in kinds}


KINDS = _make()


@dataclasses.dataclass(frozen=True)
class Step:
    """`seed`: of everything that the step draws, so that it does the same when others are left out."""
    kind: str
    seed: int

    def __str__(self):
        return f"{self.kind}:{self.seed}"


def parse_steps(text: str) -> list[Step]:
    return [Step(kind, int(seed)) for kind, seed in (one.split(":") for one in text.split(","))]


def deal(seed: int, destination: str, count: int, without: frozenset[str]) -> list[Step]:
    """The steps of a sequence. Sequences of one destination that follow each other take theirs from one pack after another, so that each
    kind has its turn."""
    names = sorted(name for name, kind in KINDS.items() if name not in without and kind.fits(DESTINATIONS[destination]))
    rng = random.Random(f"{seed} {destination}")
    first = seed // len(DESTINATIONS) * count
    return [Step(_card(names, destination, first + number), rng.randrange(1 << 32)) for number in range(count)]


def _card(names: list[str], destination: str, number: int) -> str:
    pack = random.Random(f"{destination} {number // len(names)}").sample(names, len(names))
    return pack[number % len(names)]


def draw_change(kind: Kind, state, rng: random.Random) -> tuple[str, changes.Change | None]:
    """The change of the step and its name; None where the state has nothing that it could be done to."""
    if kind.change:
        return kind.change.__name__, kind.change(state, rng)
    for name in rng.sample(_UNDER_ACCIDENT, len(_UNDER_ACCIDENT)):
        if change := _CHANGES[name](state, rng):
            return name, change
    return "", None

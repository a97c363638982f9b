# SPDX-License-Identifier: MPL-2.0
"""What a sequence needs of a destination: to see everything that is there as its operator does, to do what others do there, and to let
accidents happen to writes."""

import dataclasses

from ..accident import KILLS, Accident

# What others do to an object of ours.
REMOVE, ALTER, REPLACE, UNMARK, LOOSEN = "remove", "alter", "replace", "unmark", "loosen"


@dataclasses.dataclass(frozen=True)
class Found:
    """One object. `problem`: why it cannot serve, or None. `identifier`: tells objects of one name apart. `mark`: whose it is, in the
    destination's own form, to be compared alone."""
    name: str
    identifier: str
    certificate: str | None
    key: str | None
    problem: str | None = None
    mark: str = ""


class Destination:
    name = ""
    # Of accident.py, besides kills.
    failures: tuple[str, ...] = ()
    drifts: tuple[str, ...] = ()
    # Requests, or changes of the folder, that one object may take: accidents happen to one of the first so many.
    writes = 3
    # Whether two objects may have one name, so that nobody else's can be in the way.
    names_are_unique = True
    # Whether certificate and key are apart, so that a kill can come between.
    is_in_two_parts = False
    programs: tuple[str, ...] = ()

    def block(self) -> str:
        """The value of `destination`."""
        raise NotImplementedError

    def connection(self) -> str | None:
        """The block of the connection, labeled "connection"; None where there is none."""
        return None

    def environment(self) -> dict[str, str]:
        return {}

    def objects(self) -> list[Found]:
        """All there is but what add_foreign() put there."""
        raise NotImplementedError

    def leftovers(self) -> list[str]:
        """What no run may leave: temporary files, marks without an object."""
        return []

    def private_keys(self) -> list[str]:
        """Where a private key is, after all syncs are gone."""
        return []

    def add_foreign(self, name: str):
        """An object of somebody else."""
        raise NotImplementedError

    def remove_foreign(self, name: str):
        raise NotImplementedError

    def foreign(self) -> dict[str, str]:
        """What is in each object of others, by name."""
        raise NotImplementedError

    def drift(self, what: str, name: str):
        """Of `drifts`, to the object of that name."""
        raise NotImplementedError

    def remove(self, found: Found):
        """As an operator who cleans up."""
        raise NotImplementedError

    def arm(self, accident: Accident):
        raise NotImplementedError

    def disarm(self):
        raise NotImplementedError

    def accidents(self) -> tuple[str, ...]:
        return (*self.failures, *KILLS)

    def clean(self):
        """After a sequence: what would slow down the next ones."""

    def stop(self):
        pass

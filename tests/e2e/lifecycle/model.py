# SPDX-License-Identifier: MPL-2.0
"""What the configuration of a state says: values without behavior, so that a step can make the next one from the present one."""

import dataclasses

SHARED = "shared"  # the certificate that B gets from A by its handle
PLACES = ("pa", "pb")
PLACE_OF_LENT = "pc"  # where B alone deploys it: the two states do not have the same place by accident


@dataclasses.dataclass(frozen=True)
class Certificate:
    """`edition`: another one means other DNS names, and so another order."""
    label: str
    edition: int = 0
    algorithm: str = "EC_P256"


@dataclasses.dataclass(frozen=True)
class Sync:
    """`place`: the beginning of its name schema. `certificates`: label of a certificate, or SHARED, by key. `each`: the key of for_each, or
    None for a resource without it."""
    label: str
    place: str
    certificates: dict[str, str]
    each: str | None = None
    in_module: bool = False
    create_before_destroy: bool = False

    @property
    def resource(self) -> str:
        return f"{'module.inner.' if self.in_module else ''}certwright_certificate_sync.{self.label}"

    @property
    def address(self) -> str:
        return self.resource + (f'["{self.each}"]' if self.each else "")


@dataclasses.dataclass(frozen=True)
class State:
    """One working folder. `moved`: pairs of addresses."""
    name: str
    certificates: dict[str, Certificate]
    syncs: dict[str, Sync]
    moved: tuple[tuple[str, str], ...] = ()

    def with_syncs(self, *syncs: Sync, without: tuple[str, ...] = (), moved: tuple[tuple[str, str], ...] = ()) -> "State":
        kept = {label: sync for label, sync in self.syncs.items() if label not in without}
        return dataclasses.replace(self, syncs={**kept, **{sync.label: sync for sync in syncs}}, moved=moved)

    def with_certificates(self, *certificates: Certificate, without: tuple[str, ...] = ()) -> "State":
        kept = {label: one for label, one in self.certificates.items() if label not in without}
        return dataclasses.replace(self, certificates={**kept, **{one.label: one for one in certificates}}, moved=())

    def without_moves(self) -> "State":
        return dataclasses.replace(self, moved=())

    def places_of(self, certificate: str) -> set[str]:
        return {sync.place for sync in self.syncs.values() if certificate in sync.certificates.values()}


def first_states() -> dict[str, State]:
    """What each sequence begins with. Names at the destination come from the certificates' IDs, so the two share none."""
    return {
        "a": State("a", {label: Certificate(label) for label in ("a1", "a2")},
                   {"web": Sync("web", "pa", {"one": "a1", "two": "a2"})}),
        "b": State("b", {label: Certificate(label) for label in ("b1", "b2")},
                   {"web": Sync("web", "pa", {"one": "b1"}), "api": Sync("api", "pa", {"two": "b2"}),
                    "lent": Sync("lent", PLACE_OF_LENT, {"theirs": SHARED})}),
    }

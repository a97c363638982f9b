# SPDX-License-Identifier: MPL-2.0
"""Says what must be at the destination, and whether it is."""

import collections
import dataclasses

from . import finding, pem
from .destinations.destination import Destination, Found
from .finding import Finding
from .model import SHARED, State
from .statefile import StateFile


@dataclasses.dataclass(frozen=True)
class Object:
    """What must be there under a name. `address` and `key`: whose it is."""
    name: str
    fingerprint: str
    dns_name: str
    address: str
    key: str


@dataclasses.dataclass(frozen=True)
class Lent:
    """The certificate that A lends, as it was when B got its handle."""
    certificate_id: str
    fingerprint: str
    handle: str
    dns_name: str


def expect(state: State, file: StateFile, lent: Lent | None, zone: str) -> dict[str, Object]:
    """By name. Certificates that the state does not have yet are left out."""
    known = {label: Lent(one["certificate_id"], one["fingerprint_sha256"], "", f"{label}.{zone}")
             for label, one in file.certificates().items() if one["certificate_id"]}
    if lent:
        known[SHARED] = lent
    objects = [Object(f"{sync.place}-{known[label].certificate_id}", known[label].fingerprint, known[label].dns_name, sync.address, key)
               for sync in state.syncs.values() for key, label in sync.certificates.items() if label in known]
    return {one.name: one for one in objects}


class Oracle:

    def __init__(self, destination: Destination):
        self._destination = destination
        self._foreign = destination.foreign()

    def note_foreign(self):
        """What others did themselves."""
        self._foreign = self._destination.foreign()

    def serving(self, expected: dict[str, Object]) -> dict[str, Found]:
        """Those that are there and can serve."""
        return {found.name: found for found in self._destination.objects()
                if found.name in expected and not _problem(found, expected[found.name])}

    def check_settled(self, expected: dict[str, Object]):
        """After success: `expected`, of all states, is there, and nothing else."""
        found = self._destination.objects()
        self.check_foreign()
        count = collections.Counter(one.name for one in found)
        for name, one in expected.items():
            if not count[name]:
                raise Finding(finding.LOST, f"{name} of {one.address} is not at the destination")
        for one in found:
            if one.name not in expected or count[one.name] > 1:
                raise Finding(finding.LEFTOVER, f"{one.name} ({one.identifier}) is at the destination"
                              f"{f' {count[one.name]} times' if count[one.name] > 1 else ', and no configuration says so'}")
            _raise_problem(one, expected[one.name])
            if pem.fingerprint(one.certificate) != expected[one.name].fingerprint:
                raise Finding(finding.MISMATCHED, f"{one.name} is not the certificate that the state has")
        if left := self._destination.leftovers():
            raise Finding(finding.KEY_LEFT, f"left at the destination: {', '.join(left)}")

    def check_kept(self, before: dict[str, Found], wanted: dict[str, Object], *, was_killed: bool = False):
        """After a failure: what served `before`, and is `wanted` still, serves. Two files cannot change as one: after a kill between
        them, they may not match until the next apply."""
        self.check_foreign()
        found = {one.name: one for one in self._destination.objects()}
        for name in before:
            if name not in wanted:
                continue
            if name not in found:
                raise Finding(finding.LOST, f"{name} of {wanted[name].address} served before the run that failed, and is gone")
            if was_killed and self._destination.is_in_two_parts and _problem(found[name], wanted[name]) == _NO_PAIR:
                continue
            _raise_problem(found[name], wanted[name])

    def check_untouched(self, before: dict[str, Found], whose: str):
        """What belongs to another state: as it was, its mark included."""
        now = {found.name: found for found in self._destination.objects()}
        for name, found in before.items():
            if name not in now:
                raise Finding(finding.LOST, f"{name} of state {whose} is gone")
            if now[name] != found:
                raise Finding(finding.CLAIMED, f"{name} of state {whose} is not what it was")

    def check_state(self, state: State, file: StateFile, expected: dict[str, Object], before: dict[str, Found]):
        """What Terraform saved is true: what it says is synced is there, and it has the facts about what still serves."""
        found = {one.name: one for one in self._destination.objects()}
        saved = file.syncs()
        for one in expected.values():
            entry = ((saved.get(one.address) or {}).get("synced") or {}).get(one.key)
            if entry is None:
                continue
            # A move that failed keeps the former name.
            there = found.get(entry["name"] or one.name)
            if entry["status"] == "synced":
                _check_synced(one, entry, there)
            missing = [fact for fact in ("external_id", "name", "not_after") if not entry[fact]]
            if one.name in before and there and missing:
                raise Finding(finding.FACTS_LOST, f"{one.name} serves, and {one.address} has no {', '.join(missing)} of it any more")

    def check_end(self):
        """After all states are destroyed."""
        self.check_foreign()
        if found := self._destination.objects():
            raise Finding(finding.LEFTOVER, f"after destroy: {', '.join(one.name for one in found)}")
        if keys := self._destination.private_keys():
            raise Finding(finding.KEY_LEFT, f"after destroy, private keys: {', '.join(keys)}")
        if left := self._destination.leftovers():
            raise Finding(finding.KEY_LEFT, f"after destroy: {', '.join(left)}")

    def check_foreign(self):
        if self._destination.foreign() != self._foreign:
            raise Finding(finding.FOREIGN, "an object of others is not what it was")


def _check_synced(one: Object, entry: dict, there: Found | None):
    if there is None:
        raise Finding(finding.STATE_LIES, f"{one.address} says that {one.name} is synced, and it is not there")
    if not entry["fingerprint_sha256"]:
        raise Finding(finding.STATE_LIES, f"{one.address} says that {one.name} is synced, and has no fingerprint of it")
    if pem.fingerprint(there.certificate or "") != entry["fingerprint_sha256"]:
        raise Finding(finding.STATE_LIES, f"{one.address} says that {one.name} is synced, and another certificate is there")


_NO_PAIR = finding.MISMATCHED, "the key is not the certificate's"


def _problem(found: Found, expected: Object) -> tuple[str, str] | None:
    if not found.certificate or found.problem:
        return finding.LOST, found.problem or "there is no certificate in it"
    if not pem.names(found.certificate, expected.dns_name):
        return finding.MISMATCHED, "there is another certificate in it"
    if found.key is not None and not pem.is_pair(found.certificate, found.key):
        return _NO_PAIR
    return None


def _raise_problem(found: Found, expected: Object):
    if problem := _problem(found, expected):
        raise Finding(problem[0], f"{found.name} of {expected.address}: {problem[1]}")

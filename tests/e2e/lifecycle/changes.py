# SPDX-License-Identifier: MPL-2.0
"""What people do to the configuration of a state: from the state as it is to what is applied next. None: there is nothing to do that to."""

import dataclasses
import random

from .model import PLACES, Certificate, State, Sync

_KEYS = ("one", "two", "three", "four", "five", "six")
_MOST_CERTIFICATES = 3


@dataclasses.dataclass(frozen=True)
class Change:
    """`replaced`: addresses for -replace. `recreated`: addresses whose objects Terraform is told to remove before it makes new ones, so
    that a failure in between may leave none."""
    state: State
    note: str
    replaced: tuple[str, ...] = ()
    recreated: tuple[str, ...] = ()


def nothing(state: State, _: random.Random) -> Change:
    return Change(state, "nothing changes")


def create(state: State, rng: random.Random) -> Change | None:
    """Another sync, for a place where the certificate is not."""
    free = [(label, place) for label in state.certificates for place in PLACES if place not in state.places_of(label)]
    if not free:
        return None
    label, place = rng.choice(free)
    sync = Sync(_new_label(state, rng), place, {rng.choice(_KEYS): label}, create_before_destroy=rng.random() < 0.3)
    return Change(state.with_syncs(sync), f"{sync.address} for {label} at {place}")


def remove(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    return sync and Change(state.with_syncs(without=(sync.label,)), f"{sync.address} leaves")


def rename(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    new = dataclasses.replace(sync, label=_new_label(state, rng))
    return Change(state.with_syncs(new, without=(sync.label,)), f"{sync.address} becomes {new.address}")


def rename_with_moved(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    new = dataclasses.replace(sync, label=_new_label(state, rng))
    moved = ((sync.address, new.address),)
    return Change(state.with_syncs(new, without=(sync.label,), moved=moved), f"{sync.address} moves to {new.address}")


def move_key(state: State, rng: random.Random) -> Change | None:
    """A certificate goes from one sync's map to another's of the same place."""
    pair = _pick_pair(state, rng, lambda one: len(one.certificates) > 1)
    if not pair:
        return None
    source, target = pair
    key = rng.choice(sorted(source.certificates))
    return Change(state.with_syncs(
        dataclasses.replace(source, certificates={k: v for k, v in source.certificates.items() if k != key}),
        dataclasses.replace(target, certificates={**target.certificates, _new_key(target, key): source.certificates[key]})),
        f"{key} goes from {source.address} to {target.address}")


def split(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng, lambda one: len(one.certificates) > 1)
    if not sync:
        return None
    key = rng.choice(sorted(sync.certificates))
    new = Sync(_new_label(state, rng), sync.place, {key: sync.certificates[key]})
    rest = dataclasses.replace(sync, certificates={k: v for k, v in sync.certificates.items() if k != key})
    return Change(state.with_syncs(rest, new), f"{key} of {sync.address} goes into {new.address}")


def merge(state: State, rng: random.Random) -> Change | None:
    pair = _pick_pair(state, rng)
    if not pair:
        return None
    source, target = pair
    merged = target
    for key, label in source.certificates.items():
        merged = dataclasses.replace(merged, certificates={**merged.certificates, _new_key(merged, key): label})
    return Change(state.with_syncs(merged, without=(source.label,)), f"{source.address} goes into {target.address}")


def replace(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    plain = dataclasses.replace(sync, create_before_destroy=False)
    return Change(state.with_syncs(plain), f"-replace {sync.address}", (sync.address,), (sync.address,))


def replace_create_first(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    careful = dataclasses.replace(sync, create_before_destroy=True)
    return Change(state.with_syncs(careful), f"-replace {sync.address}, create_before_destroy", (sync.address,))


def change_each(state: State, rng: random.Random) -> Change | None:
    """for_each comes, or gets another key."""
    sync = _pick(state, rng)
    if not sync:
        return None
    new = dataclasses.replace(sync, each=rng.choice([key for key in ("x", "y", "z") if key != sync.each]))
    return Change(state.with_syncs(new), f"{sync.address} becomes {new.address}")


def move_module(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    new = dataclasses.replace(sync, in_module=not sync.in_module)
    return Change(state.with_syncs(new), f"{sync.address} becomes {new.address}")


def move_module_with_moved(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    new = dataclasses.replace(sync, in_module=not sync.in_module)
    return Change(state.with_syncs(new, moved=((sync.resource, new.resource),)), f"{sync.address} moves to {new.address}")


def destroy_beside_create(state: State, rng: random.Random) -> Change | None:
    """Another sync, with other keys and another life cycle, for the same names."""
    sync = _pick(state, rng)
    if not sync:
        return None
    keys = rng.sample(_KEYS, len(sync.certificates))
    new = Sync(_new_label(state, rng), sync.place, dict(zip(keys, sync.certificates.values())),
               create_before_destroy=rng.random() < 0.5)
    return Change(state.with_syncs(new, without=(sync.label,)), f"{new.address} in the place of {sync.address}")


def rename_key(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng)
    if not sync:
        return None
    old = rng.choice(sorted(sync.certificates))
    new = rng.choice([key for key in _KEYS if key not in sync.certificates])
    certificates = {new if key == old else key: label for key, label in sync.certificates.items()}
    return Change(state.with_syncs(dataclasses.replace(sync, certificates=certificates)), f"{old} of {sync.address} becomes {new}")


def change_place(state: State, rng: random.Random) -> Change | None:
    """Another name schema, and so other names."""
    fits = lambda one: one.place in PLACES and not any(_other(one.place) in state.places_of(label) for label in one.certificates.values())
    sync = _pick(state, rng, fits)
    if not sync:
        return None
    new = dataclasses.replace(sync, place=_other(sync.place))
    return Change(state.with_syncs(new), f"{sync.address} goes from {sync.place} to {new.place}")


def renew(state: State, rng: random.Random) -> Change | None:
    """Other DNS names: a new certificate under the same ID."""
    if not state.certificates:
        return None
    old = state.certificates[rng.choice(sorted(state.certificates))]
    new = dataclasses.replace(old, edition=old.edition + 1)
    return Change(state.with_certificates(new), f"{old.label} is issued again")


def change_algorithm(state: State, rng: random.Random) -> Change | None:
    if not state.certificates:
        return None
    old = state.certificates[rng.choice(sorted(state.certificates))]
    new = dataclasses.replace(old, algorithm="EC_P384" if old.algorithm == "EC_P256" else "EC_P256")
    return Change(state.with_certificates(new), f"{old.label} becomes {new.algorithm}")


def add_certificate(state: State, rng: random.Random) -> Change | None:
    """A new certificate in a sync that is there."""
    sync = _pick(state, rng, lambda one: len(one.certificates) < _MOST_CERTIFICATES)
    if not sync or len(state.certificates) >= _MOST_CERTIFICATES:
        return None
    label = next(one for one in (f"{state.name}{number}" for number in range(1, 99)) if one not in state.certificates)
    new = dataclasses.replace(sync, certificates={**sync.certificates, _new_key(sync, rng.choice(_KEYS)): label})
    return Change(state.with_certificates(Certificate(label)).with_syncs(new), f"{label} is new in {sync.address}")


def drop_certificate(state: State, rng: random.Random) -> Change | None:
    """A certificate leaves the configuration, and with it every sync that had nothing else."""
    if len(state.certificates) < 2:
        return None
    label = rng.choice(sorted(state.certificates))
    kept, gone = [], []
    for sync in state.syncs.values():
        rest = {key: one for key, one in sync.certificates.items() if one != label}
        kept += [dataclasses.replace(sync, certificates=rest)] if rest else []
        gone += [] if rest else [sync.label]
    if not kept:
        return None
    return Change(state.with_certificates(without=(label,)).with_syncs(*kept, without=tuple(gone)), f"{label} leaves")


def remove_key(state: State, rng: random.Random) -> Change | None:
    sync = _pick(state, rng, lambda one: len(one.certificates) > 1)
    if not sync:
        return None
    key = rng.choice(sorted(sync.certificates))
    rest = {one: label for one, label in sync.certificates.items() if one != key}
    return Change(state.with_syncs(dataclasses.replace(sync, certificates=rest)), f"{key} leaves {sync.address}")


def claim(state: State, label: str, place: str, rng: random.Random) -> Change:
    """A sync for a certificate where the other state has it."""
    sync = Sync(_new_label(state, rng), place, {rng.choice(_KEYS): label})
    return Change(state.with_syncs(sync), f"{sync.address} for {label} at {place}, which the other state has")


def _pick(state: State, rng: random.Random, fits=lambda _: True) -> Sync | None:
    labels = [label for label in sorted(state.syncs) if fits(state.syncs[label])]
    return state.syncs[rng.choice(labels)] if labels else None


def _pick_pair(state: State, rng: random.Random, fits=lambda _: True) -> tuple[Sync, Sync] | None:
    """Two of one place."""
    pairs = [(one, other) for _, one in sorted(state.syncs.items()) for _, other in sorted(state.syncs.items())
             if one is not other and one.place == other.place and fits(one)]
    return rng.choice(pairs) if pairs else None


def _new_label(state: State, rng: random.Random) -> str:
    return rng.choice([label for label in (f"s{number}" for number in range(20)) if label not in state.syncs])


def _new_key(sync: Sync, wish: str) -> str:
    return next(key for key in (wish, *_KEYS) if key not in sync.certificates)


def _other(place: str) -> str:
    return PLACES[1 - PLACES.index(place)]

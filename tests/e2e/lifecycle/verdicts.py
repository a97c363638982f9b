# SPDX-License-Identifier: MPL-2.0
"""Judges the fuzzer: what it has to find in a provider that is known to have it (the last commit with the first schema)."""

from . import finding
from .sequence import Result

_REWRITES = ("rename", "move_key", "split", "merge", "replace_create_first", "change_each", "move_module", "destroy_beside_create")
_CREATES = ("create", "rename", "split", "replace", "replace_create_first", "destroy_beside_create")
_UPDATES = ("renew", "change_algorithm", "rename_key", "add_certificate", "merge", "move_key")


def _is_silent_loss(one: Result) -> bool:
    return one.rule == finding.LOST and _last(one) in _REWRITES and "served before the run that failed" not in one.fact


def _is_killed_create(one: Result, rule: str, destination: str) -> bool:
    return one.rule == rule and one.destination == destination and _last(one).startswith("kill_") and one.change in _CREATES


def _is_killed_update(one: Result) -> bool:
    rules = (finding.MISMATCHED, finding.NO_END, finding.LEFTOVER)
    return one.rule in rules and _last(one).startswith("kill_provider") and one.change in _UPDATES


_KNOWN = {
    "a renamed, split or replaced sync deletes what is live, and the apply succeeds": _is_silent_loss,
    "a killed create leaves a second certificate at ACM":
        lambda one: _is_killed_create(one, finding.LEFTOVER, "aws_certificate_manager"),
    "a killed create makes each later apply fail at Secrets Manager":
        lambda one: _is_killed_create(one, finding.NO_END, "aws_secrets_manager"),
    "the provider dies in an update, and what it wrote is nobody's": _is_killed_update,
    "a kill while files are written leaves a temporary file": lambda one: one.rule == finding.KEY_LEFT and ".tmp" in one.fact,
    "a failure makes the state forget what still serves": lambda one: one.rule == finding.FACTS_LOST,
    "a state takes over what another one has deployed, and removes it":
        lambda one: one.rule == finding.CLAIMED and "removes it" in one.fact,
}


def judge(results: list[Result]) -> dict[str, Result | None]:
    """The first finding of each, by what is known."""
    found = sorted((one for one in results if one.rule), key=lambda one: one.seed)
    return {known: next((one for one in found if is_it(one)), None) for known, is_it in _KNOWN.items()}


def _last(one: Result) -> str:
    return one.taken[-1].kind if one.taken else ""

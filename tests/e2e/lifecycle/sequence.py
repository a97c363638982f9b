# SPDX-License-Identifier: MPL-2.0
"""Carries out a sequence of steps over two states, and looks after each one whether everything holds."""

import dataclasses
import random

from . import changes, finding, pem, run, steps
from .accident import KILLS, Accident
from .bench import Bench
from .destinations.destination import UNMARK
from .finding import Finding
from .model import SHARED, State, first_states
from .oracle import Lent, Object, Oracle, expect
from .run import Run
from .statefile import StateFile
from .steps import KINDS, Kind, Step

_FURTHER_APPLIES = 2
_LENT = "a1"


@dataclasses.dataclass
class Result:
    """`taken`: the steps that were, in their order. `missed`: those of them whose accident did not come about. `change`:
    what the last one did. `refused`: kinds of step, and the first line of the error, where an apply without an accident failed."""
    seed: int
    destination: str
    taken: list[Step] = dataclasses.field(default_factory=list)
    notes: list[str] = dataclasses.field(default_factory=list)
    missed: list[Step] = dataclasses.field(default_factory=list)
    change: str = ""
    refused: list[str] = dataclasses.field(default_factory=list)
    seconds: float = 0.0
    rule: str = ""
    fact: str = ""
    output: str = ""


class Sequence:

    def __init__(self, bench: Bench, result: Result):
        self._bench, self._result = bench, result
        self._destination = bench.destination
        self._states = first_states()
        self._folders = {name: bench.folder(name) for name in self._states}
        self._settled: dict[str, dict[str, Object]] = {name: {} for name in self._states}
        self._lent: Lent | None = None
        self._destination.add_foreign("pa-theirs")
        self._oracle = Oracle(self._destination)

    def begin(self):
        for name, state in self._states.items():
            self._change(name, changes.Change(state, "first apply"), random.Random(0))

    def take(self, step: Step) -> bool:
        """False when there is nothing that the step could be done to."""
        kind, rng = KINDS[step.kind], random.Random(step.seed)
        names = rng.sample(sorted(self._states), 2)
        if kind.special:
            return getattr(self, f"_{kind.special}")(step, names[0], rng)
        return any(self._take(step, kind, name, random.Random(step.seed + number)) for number, name in enumerate(names))

    def end(self):
        """Both states go, in either order."""
        names = sorted(self._states)
        for name in names if self._result.seed % 2 else reversed(names):
            self._destroy_all(name)
        self._oracle.check_end()
        self._destination.remove_foreign("pa-theirs")
        self._destination.clean()

    # --- kinds of steps

    def _take(self, step: Step, kind: Kind, name: str, rng: random.Random) -> bool:
        what, change = steps.draw_change(kind, self._states[name], rng)
        if not change or (kind.drift and not self._settled[name]):
            return False
        self._result.change = what
        if kind.drift:
            target = rng.choice(sorted(self._settled[name]))
            self._note(step, name, f"{kind.drift} {target}; {change.note}")
            self._destination.drift(kind.drift, target)
            self._change(name, change, rng, drifted=target if kind.drift == UNMARK else None)
            return True
        accident = kind.accident and Accident(kind.accident, rng.randint(1, self._destination.writes), rng.random() < 0.5)
        note = f"{what}: {change.note}" + (f"; {accident}" if accident else "")
        self._note(step, name, note + ("; .terraform is lost" if kind.loses_runner else ""))
        self._change(name, change, rng, accident, loses_runner=kind.loses_runner)
        return True

    def _lose_runner(self, step: Step, name: str, rng: random.Random) -> bool:
        self._note(step, name, ".terraform is lost")
        self._bench.renew_runner(self._folders[name])
        self._change(name, changes.nothing(self._states[name], rng), rng)
        return True

    def _destroy(self, step: Step, name: str, rng: random.Random) -> bool:
        self._note(step, name, "destroy, then apply")
        self._destroy_all(name)
        self._change(name, changes.nothing(self._states[name], rng), rng)
        return True

    def _claim(self, step: Step, name: str, rng: random.Random) -> bool:
        """A state deploys the shared certificate where the other one has it."""
        other = "b" if name == "a" else "a"
        own, theirs = (_LENT, SHARED) if name == "a" else (SHARED, _LENT)
        self._borrow()
        places = [place for place in sorted(self._states[other].places_of(theirs) - self._states[name].places_of(own))
                  if self._lent and f"{place}-{self._lent.certificate_id}" in self._settled[other]]
        if not places or (name == "a" and _LENT not in self._states["a"].certificates):
            return False
        change = changes.claim(self._states[name], own, rng.choice(places), rng)
        self._note(step, name, change.note)
        before = self._oracle.serving(self._settled[other])
        done = self._refused(name, change, rng)
        if done.code == 0:
            self._change(name, changes.nothing(self._states[name], rng), rng, is_checked=False)
            is_gone = not before.keys() <= self._oracle.serving(self._settled[other]).keys()
            raise Finding(finding.CLAIMED, f"state {name} takes over what state {other} has deployed"
                          f"{', and removes it when it lets go of it' if is_gone else ''}", done.tail())
        self._oracle.check_untouched(before, other)
        if not any(map(done.names, StateFile(self._folders[other].directory).sync_ids())):
            raise Finding(finding.NO_OWNER, "the conflict does not name the sync that owns the object", done.tail())
        self._change(name, changes.nothing(self._states[name], rng), rng)
        self._oracle.check_untouched(before, other)
        return True

    def _in_the_way(self, step: Step, name: str, rng: random.Random) -> bool:
        """Somebody else has an object of the name."""
        change = changes.create(self._states[name], rng)
        if not change:
            return False
        new = next(sync for label, sync in change.state.syncs.items() if label not in self._states[name].syncs)
        certificate = StateFile(self._folders[name].directory).certificates()[next(iter(new.certificates.values()))]
        object_ = f"{new.place}-{certificate['certificate_id']}"
        self._note(step, name, f"{change.note}, where others have {object_}")
        self._destination.add_foreign(object_)
        self._oracle.note_foreign()
        done = self._refused(name, change, rng)
        self._oracle.check_foreign()
        if done.code == 0:
            raise Finding(finding.CLAIMED, f"{object_} is others', and the apply succeeds", done.tail())
        self._change(name, changes.nothing(self._states[name], rng), rng)
        self._destination.remove_foreign(object_)
        self._oracle.note_foreign()
        return True

    # --- runs

    def _refused(self, name: str, change: changes.Change, rng: random.Random) -> Run:
        """An apply that has to fail, because the place is taken."""
        before = self._oracle.serving(self._settled[name])
        done = run.apply(self._ready(name, change.state), *_arguments(change, rng))
        if done.code != 0:
            self._oracle.check_kept(before, self._settled[name])
        return done

    def _change(self, name: str, change: changes.Change, rng: random.Random, accident: Accident | None = None, *,
                loses_runner: bool = False, drifted: str | None = None, is_checked: bool = True):
        """Applies, and applies again as often as may be needed; then the state is settled."""
        terraform = self._ready(name, change.state)
        before = self._oracle.serving(self._settled[name])
        arguments = _arguments(change, rng)
        done = run.apply_with(terraform, self._destination, accident, *arguments) if accident else run.apply(terraform, *arguments)
        if accident and not accident.has_happened:
            self._result.missed.append(self._result.taken[-1])
        if not is_checked:
            return
        # Of what a killed provider had done, Terraform saves nothing either.
        saved = accident is None or accident.what not in KILLS
        try:
            exempt = change.recreated if accident else ()
            kept = {key: one for key, one in before.items() if self._settled[name][key].address not in exempt}
            if done.code != 0:
                self._note_refusal(done, accident)
                self._check_failed(name, change.state, kept, saved)
            if loses_runner and accident.what in KILLS:
                self._bench.renew_runner(terraform)
                self._remove_strays(name, change.state)
            self._settle(name, change.state, done, kept, rng, loses_runner, drifted)
        except Finding as found:
            found.output = found.output or done.tail()
            raise

    def _check_failed(self, name: str, state: State, before: dict, saved: bool):
        expected = self._expect(name, state)
        self._oracle.check_kept(before, expected, was_killed=not saved)
        if saved:
            self._oracle.check_state(state, StateFile(self._folders[name].directory), expected, before)

    def _settle(self, name: str, state: State, done: Run, kept: dict, rng: random.Random, loses_runner: bool, drifted: str | None):
        others = {key: one for other, objects in self._settled.items() if other != name for key, one in objects.items()}
        terraform = self._folders[name]
        for further in range(_FURTHER_APPLIES + 1 + loses_runner):
            if further > 0:
                if done.is_conflict and (loses_runner or drifted):
                    self._clean_up(name, state, done, drifted)
                    kept = {}
                done = run.apply(terraform, *_arguments(None, rng))
            expected = self._expect(name, state)
            if done.code != 0:
                self._oracle.check_kept(kept, expected, was_killed=loses_runner)
                continue
            self._oracle.check_settled({**others, **expected})
            self._oracle.check_state(state, StateFile(terraform.directory), expected, kept)
            planned = run.plan(terraform)
            if planned.code == 0:
                self._states[name], self._settled[name] = state.without_moves(), expected
                return
            done = Run(0, planned.output) if planned.code == 2 else planned
        what = "the plan is not empty" if done.code == 0 else "the apply fails"
        raise Finding(finding.NO_END, f"after {_FURTHER_APPLIES} further applies {what}", done.tail())

    def _clean_up(self, name: str, state: State, done: Run, drifted: str | None):
        """What the message of a conflict tells people to look at: here they remove it."""
        for found in self._destination.objects():
            if found.name in self._expect(name, state) and (found.name == drifted or done.names(found.name)):
                self._result.notes.append(f"   an operator removes {found.name}")
                self._destination.remove(found)

    def _remove_strays(self, name: str, state: State):
        """Objects of a certificate that the runner took along before any state had it: the next one has another ID, and so another name."""
        lost = state.certificates.keys() - StateFile(self._folders[name].directory).certificates().keys()
        known = {key for objects in self._settled.values() for key in objects}
        for found in self._destination.objects():
            labels = [label for label in lost if pem.names(found.certificate or "", f"{label}.{self._bench.zone}")]
            if labels and found.name not in known:
                self._result.notes.append(f"   an operator removes {found.name}, of a certificate that no state has")
                self._destination.remove(found)

    def _destroy_all(self, name: str):
        terraform = self._folders[name]
        for _ in range(_FURTHER_APPLIES + 1):
            done = run.destroy(terraform)
            if done.code == 0:
                break
            self._note_refusal(done, None)
        else:
            raise Finding(finding.NO_END, f"destroy fails {_FURTHER_APPLIES + 1} times", done.tail())
        if not StateFile(terraform.directory).is_empty():
            raise Finding(finding.STATE_LIES, "destroy succeeds, and the state is not empty", done.tail())
        self._settled[name] = {}
        self._oracle.check_settled({key: one for objects in self._settled.values() for key, one in objects.items()})

    def _ready(self, name: str, state: State):
        """The folder of the state, with this configuration."""
        terraform = self._folders[name]
        if name == "b":
            self._borrow()
        self._bench.set_variables(terraform, **({"shared": self._lent.handle} if name == "b" else {}))
        self._bench.write(state, terraform)
        return terraform

    def _borrow(self):
        """A's certificate as it is now; when A has it no more, as it was."""
        one = StateFile(self._folders["a"].directory).certificates().get(_LENT)
        if one and one["handle"]:
            self._lent = Lent(one["certificate_id"], one["fingerprint_sha256"], one["handle"], f"{_LENT}.{self._bench.zone}")

    def _expect(self, name: str, state: State) -> dict[str, Object]:
        return expect(state, StateFile(self._folders[name].directory), self._lent if name == "b" else None, self._bench.zone)

    def _note(self, step: Step, name: str, what: str):
        self._result.taken.append(step)
        self._result.notes.append(f"{step} — state {name}: {what}")

    def _note_refusal(self, done: Run, accident: Accident | None):
        if accident is None:
            error = next((line for line in done.output.splitlines() if "Error:" in line), "no error")
            self._result.refused.append(f"{self._result.taken[-1].kind if self._result.taken else 'begin'}: {error.strip('│ ')}")


def _arguments(change: changes.Change | None, rng: random.Random) -> list[str]:
    parallelism = rng.choice((1, 10))
    return [f"-parallelism={parallelism}", *(f"-replace={address}" for address in (change.replaced if change else ()))]

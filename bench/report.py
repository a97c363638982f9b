# SPDX-License-Identifier: MPL-2.0
"""What was measured, as data; a table and a JSON file are made of the same rows."""

import dataclasses
import json
import pathlib
import re


@dataclasses.dataclass(frozen=True)
class Row:
    what: str
    measured: float
    unit: str
    promised: float | None = None  # at most so much
    note: str = ""  # what else was seen

    @property
    def kept(self) -> bool | None:
        return None if self.promised is None else self.measured <= self.promised

    def line(self) -> str:
        promised = "" if self.promised is None else f"{_number(self.promised)} {self.unit}"
        mark = " **missed**" if self.kept is False else ""
        note = f" ({self.note})" if self.note else ""
        return f"| {self.what} | {promised} | {_number(self.measured)} {self.unit}{mark}{note} |"


HEAD = "| what | at most | measured |\n|---|---|---|"


def _number(value: float) -> str:
    """Three digits, and no more than the measurement has."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.{0 if value == int(value) else max(0, 3 - len(str(int(value)))) if value >= 1 else 3}f}"


_IN_README = re.compile(r"(?<=<!-- figures: written by scripts/bench -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)


def beside(data: dict) -> str:
    """The README's table: each figure that was measured of two providers, from RESULTS.json. A row of either is called "NAME: what"."""
    figures: dict[str, dict[str, str]] = {}
    for row in data["rows"]:
        if row["name"] == "vancluever":
            name, what = row["what"].split(": ", 1)
            note = f" in {row['note']}" if row["note"] else ""
            figures.setdefault(what, {})[name] = f"{_number(row['measured'])} {row['unit']}{note}"
    lines = [f"| {what} | {of['Certwright']} | {of['vancluever/acme']} |" for what, of in figures.items()]
    return "\n".join(["| | Certwright | vancluever/acme |", "|---|---|---|", *lines, ""])


def with_figures(readme: str, data: dict) -> str:
    return _IN_README.sub(lambda _: beside(data), readme)


def write(folder: pathlib.Path, machine: dict, groups: dict[str, tuple[str, list[Row]]]):
    """RESULTS.md, RESULTS.json, and the figures in the README beside `folder`. `groups`: by the name that scripts/bench takes, a heading
    and its rows."""
    text = ["# Figures", "", "Written by `scripts/bench`; every program was measured in the same run, on one machine, on loopback. A peer does "
            "the same work on the same servers.", "", "| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in machine.items())]
    for name, (heading, rows) in groups.items():
        text += ["", f"## {heading}", "", f"`scripts/bench {name}`", "", HEAD, *(row.line() for row in rows)]
    (folder / "RESULTS.md").write_text("\n".join(text) + "\n")
    data = {"machine": machine, "rows": [{"name": name, **dataclasses.asdict(row), "kept": row.kept}
                                         for name, (_, rows) in groups.items() for row in rows]}
    (folder / "RESULTS.json").write_text(json.dumps(data, indent=1) + "\n")
    readme = folder.parent / "README.md"
    readme.write_text(with_figures(readme.read_text(), data))

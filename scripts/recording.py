# SPDX-License-Identifier: MPL-2.0
"""The part of scripts/recording that comes after the build: runs Terraform on examples/quickstart and draws what it printed, line by line
at the pace of the run."""

import dataclasses
import html
import json
import pathlib
import re
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "scripts")]

from lab import Lab, exit_on_signals  # noqa: E402

import quickstart  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"

COLUMNS, ROWS = 120, 36
_CHARACTER, _LINE = 7.8, 17  # pixels, for text of 13 px
_LONGEST_PAUSE = 1.5  # seconds; a reader has to follow, so no line comes sooner than this after the one before:
_SHORTEST_PAUSE = 0.06
_AT_THE_END = 6.0
_STYLE = re.compile(r"\x1b\[([\d;]*)m")
_CLASSES = {"1": "b", "31": "red", "32": "green", "33": "yellow", "34": "blue", "36": "cyan", "90": "dim"}


@dataclasses.dataclass(frozen=True)
class Line:
    at: float  # seconds from the start of the recording
    text: str  # with the escape sequences of colours


def record(terraform, *arguments: str) -> list[Line]:
    """What the command prints, and when. A prompt with the command comes first."""
    shown = " ".join(argument for argument in arguments if argument not in ("-input=false", "-auto-approve"))
    lines = [Line(0, f"$ \x1b[1mterraform {shown}\x1b[0m")]
    begin = time.monotonic()
    process = terraform.start(*arguments)
    for line in process.stdout:
        lines.append(Line(time.monotonic() - begin, line.rstrip("\n")))
    if process.wait() != 0:
        raise SystemExit(process.stderr.read())
    return lines


def _wrapped(lines: list[Line]) -> list[Line]:
    """Lines that are longer than the terminal are cut, as their ends are certificates or handles."""
    def cut(text: str) -> str:
        width, parts = 0, []
        for part in re.split(r"(\x1b\[[\d;]*m)", text):
            if part.startswith("\x1b"):
                parts.append(part)
            elif width < COLUMNS:
                room = COLUMNS - width
                parts.append(part if len(part) <= room else part[:room - 1] + "…")
                width += len(part)
        return "".join(parts)
    return [Line(line.at, cut(line.text)) for line in lines]


def _paced(lines: list[Line]) -> list[Line]:
    paced, now, before = [], 0.0, 0.0
    for line in lines:
        now += min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, line.at - before)) if paced else 0
        before = line.at
        paced.append(Line(now, line.text))
    return paced


def _spans(text: str) -> str:
    """The text of one line as SVG, coloured as the escape sequences say."""
    parts, classes, start = [], [], 0

    def take(piece: str):
        if piece:
            attribute = f' class="{" ".join(classes)}"' if classes else ""
            parts.append(f"<tspan{attribute}>{html.escape(piece, quote=False)}</tspan>")
    for match in _STYLE.finditer(text):
        take(text[start:match.start()])
        start = match.end()
        for code in match.group(1).split(";"):
            classes = [] if code in ("", "0") else [*classes, *([_CLASSES[code]] if code in _CLASSES else [])]
    take(text[start:])
    return "".join(parts)


def draw(lines: list[Line], title: str) -> str:
    """An SVG in which the lines appear one after another and scroll as in a terminal; where animation is off, it shows the last screen."""
    lines = _paced(_wrapped(lines))
    total = lines[-1].at + _AT_THE_END
    width, height = int(COLUMNS * _CHARACTER) + 24, ROWS * _LINE + 24
    frames, texts = ["0%{transform:translateY(0)}"], []
    last_shift = max(0, len(lines) - ROWS) * _LINE
    for number, line in enumerate(lines):
        percent = 100 * line.at / total
        if number >= ROWS:
            frames.append(f"{percent:.3f}%{{transform:translateY(-{(number - ROWS + 1) * _LINE}px)}}")
        if line.text.strip():
            texts.append(f'<text x="12" y="{(number + 1) * _LINE}" style="animation-delay:{line.at:.2f}s">{_spans(line.text)}</text>')
    frames.append(f"100%{{transform:translateY(-{last_shift}px)}}")
    style = (
        "text{font:13px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d8dee9;white-space:pre}"
        ".b{font-weight:bold}.red{fill:#ff7b72}.green{fill:#7ee787}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.cyan{fill:#56d4dd}"
        f".dim{{fill:#8b949e}}#screen{{transform:translateY(-{last_shift}px)}}"
        "@media (prefers-reduced-motion: no-preference){"
        f"#screen{{animation:scroll {total:.2f}s step-end 1 both}}"
        "text{animation:appear .01s linear 1 both}}"
        "@keyframes appear{from{opacity:0}to{opacity:1}}@keyframes scroll{" + "".join(frames) + "}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'xml:space="preserve">\n'
        f"<title>{html.escape(title)}</title>\n<style>{style}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        f'<svg y="10" width="{width}" height="{ROWS * _LINE + 6}"><g id="screen">\n' + "\n".join(texts) + "\n</g></svg>\n</svg>\n")


def main() -> int:
    exit_on_signals()
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="certwright-recording-") as home, Lab(pathlib.Path(home)) as lab:
        bind = lab.bind(zone=quickstart.ZONE)
        pebble = lab.pebble(bind)
        terraform = lab.terraform()
        terraform.env["TF_VAR_tsig_secret"] = bind.secret
        quickstart.write_configuration(terraform, bind, pebble)
        # The outputs would say it all once more, and a public CA's roots are those of the system.
        (terraform.directory / "outputs.tf").unlink()
        roots = pebble.directory / "roots.pem"
        roots.write_text(pebble.ca_file.read_text() + pebble.root_pem())
        terraform.env["SSL_CERT_FILE"] = str(roots)
        settings = terraform.directory / "terraform.tfvars.json"
        settings.write_text(json.dumps({**json.loads(settings.read_text()), "trusted_roots_file": None}))
        terraform.init()
        first = record(terraform, "apply", "-input=false", "-auto-approve")
        (PICTURES / "first-apply.svg").write_text(draw(first, "A first terraform apply"))
        # Time passes: the CA's window is said to have begun.
        terraform.edit_state("certwright_certificate.web", lambda web, _: web["renewal"].update(due_at="2026-01-01T00:00:00Z"))
        renewal = record(terraform, "plan", "-input=false")
        (PICTURES / "renewal-plan.svg").write_text(draw(renewal, "The plan of a renewal"))
    print("\n".join(str(path.relative_to(ROOT)) for path in sorted(PICTURES.glob("*.svg"))))
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MPL-2.0
"""Logins, beside the vendor's own SDK: the same environment and files in, the same identity out. Where they differ, we refuse with a
sentence that the case names; nothing is silently different."""

import collections
import concurrent.futures
import dataclasses
import enum
import http.server
import json
import os
import pathlib
import queue
import re
import subprocess
import threading

from . import Lab
from .configuration import block
from .venv import ROOT

# Terraform is started several times at once: most of its time is its own.
WORKERS = 3
_HEAD = """terraform {{
  required_providers {{ certwright = {{ source = "certwright/certwright" }} }}
}}
provider "certwright" {{
  allow_exec = {allow_exec}
}}
"""


class Outcome(enum.Enum):
    EQUAL = "equal"  # the same identity
    BOTH_REFUSE = "both refuse"
    REFUSED = "refused with a reason"  # by us alone


@dataclasses.dataclass
class Case:
    """`environment`, `files` (below HOME) and `connection` (HCL expressions) may contain {url}, where the fake answers, and {home}.
    `sdk`: what the SDK is told besides, as connection tells us. `says`: a regular expression, part of our error."""

    name: str
    environment: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    connection: dict = dataclasses.field(default_factory=dict)
    sdk: dict = dataclasses.field(default_factory=dict)
    outcome: Outcome = Outcome.EQUAL
    says: str = ""
    allow_exec: bool = False


class FakeVendor:
    """A server on loopback. Each client has a URL of its own, /<client>; `identities` has who it was, by client. A subclass answers."""

    def __init__(self):
        self.identities = collections.defaultdict(list)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def answer(self, client: str, request, path: str, body: bytes) -> tuple[int, dict, str]:
        """Status, headers and body. `path` has a query, and no client any more."""
        raise NotImplementedError

    def stop(self):
        self._server.shutdown()
        self._server.server_close()

    def _handler(self):
        vendor = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                _, client, path = (self.path + "/").split("/", 2) if self.path.count("/") < 2 else self.path.split("/", 2)
                status, headers, text = vendor.answer(client, self, f"/{path}", body)
                content = text.encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = handle_any

            def log_message(self, *_):
                pass

        return Handler


class LoginTest:
    """A subclass, a unittest.TestCase as well, has `kind` (of the connection), `cases`, `vendor`, `sdk` (the interpreter and the program that stands for the SDK),
    `environment` of every case, `clean`, the beginnings of variables that are taken away, `guide`, where all that is read is named, and
    `elsewhere`, the variables of the guide that unit tests look at instead."""

    kind: str
    cases: list[Case]
    environment: dict = {}
    clean: tuple = ()
    guide: str
    elsewhere: set = set()

    def make_vendor(self) -> FakeVendor:
        raise NotImplementedError

    def sdk_command(self) -> list:
        raise NotImplementedError

    def setUp(self):
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.vendor = self.make_vendor()
        self.addCleanup(self.vendor.stop)

    def test_the_guide_names_what_is_read(self):
        text = (ROOT / "docs" / "guides" / self.guide).read_text()
        section = text.partition("## What is read from where")[2].partition("\n## ")[0]
        tried = {name for case in self.cases for name in (*self.environment, *case.environment)}
        named = set(re.findall(r"`([A-Z][A-Z0-9_]+)[`=]", section))
        self.assertEqual(sorted(named), sorted(tried | self.elsewhere))

    def test_who_one_is(self):
        names = [case.name for case in self.cases]
        self.assertEqual(len(names), len(set(names)))
        wanted = re.compile(os.environ.get("LOGIN_CASES", ""))
        cases = [(number, case) for number, case in enumerate(self.cases) if wanted.search(case.name)]
        ours = self._run_ours(cases)
        theirs = self._run_theirs(cases)
        tally = collections.Counter()
        for number, case in cases:
            with self.subTest(case.name):
                self._judge(case, ours[number], theirs[number])
                tally[case.outcome.value] += 1
        print(f"{self.kind}: {len(cases)} environments: " + ", ".join(f"{count} {what}" for what, count in sorted(tally.items())),
              flush=True)

    def _judge(self, case: Case, ours: dict, theirs: dict):
        both = f"ours: {ours}\ntheirs: {theirs}"
        if case.outcome == Outcome.EQUAL:
            self.assertIn("identity", ours, both)
            self.assertEqual(ours.get("identity"), theirs.get("identity"), both)
            return
        self.assertIn("error", ours, both)
        self.assertRegex(ours["error"], case.says, both)
        self.assertTrue(case.says, "the case says nothing about the reason")
        self.assertIn("error" if case.outcome == Outcome.BOTH_REFUSE else "identity", theirs, both)

    def _prepare(self, number: int, case: Case, side: str) -> tuple[dict, dict]:
        """The environment, and the words to fill in."""
        home = self.lab.directory / f"home-{number}-{side}"
        words = {"url": f"{self.vendor.url}/{number}-{side}", "home": str(home)}
        home.mkdir()
        for name, text in case.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(fill(text, words))
            path.chmod(0o700)
        given = {**self.environment, **case.environment}
        environment = {name: fill(value, words) for name, value in given.items() if value is not None}
        return {"HOME": str(home), **environment}, words

    def _result_of(self, client: str, error: str) -> dict:
        identities = self.vendor.identities[client]
        return {"identity": identities[-1]} if identities and not error else {"error": error or "nobody arrived"}

    def _run_ours(self, cases) -> dict[int, dict]:
        workers = queue.Queue()
        for number in range(WORKERS):
            terraform = self.lab.terraform(f"terraform-{number}")
            (terraform.directory / "main.tf").write_text(_HEAD.format(allow_exec="false"))
            terraform.init()
            workers.put(terraform)

        def run(numbered):
            number, case = numbered
            terraform = workers.get()
            try:
                return number, self._run_case(terraform, number, case)
            finally:
                workers.put(terraform)

        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            return dict(pool.map(run, cases))

    def _run_case(self, terraform, number: int, case: Case) -> dict:
        environment, words = self._prepare(number, case, "ours")
        (terraform.directory / "terraform.tfstate").unlink(missing_ok=True)
        attributes = {name: fill(value, words) for name, value in case.connection.items()}
        (terraform.directory / "main.tf").write_text(
            _HEAD.format(allow_exec=str(case.allow_exec).lower()) + block(f"app_connection_{self.kind}", "it", attributes))
        base = terraform.env
        terraform.env = {name: value for name, value in base.items() if not name.startswith(self.clean)}
        try:
            outcome = terraform.apply("-json", env=environment)
        finally:
            terraform.env = base
        error = " ".join(" ".join(f"{one['summary']}: {one['detail']}".split()) for one in outcome.diagnostics())
        return self._result_of(f"{number}-ours", error)

    def _run_theirs(self, cases) -> dict[int, dict]:
        asked = []
        for number, case in cases:
            environment, words = self._prepare(number, case, "theirs")
            told = json.loads(fill(json.dumps(case.sdk), words))
            asked.append({"environment": {"PATH": os.environ["PATH"], **environment}, **told})
        sdk = subprocess.run([str(word) for word in self.sdk_command()], input=json.dumps(asked), capture_output=True, text=True,
                             timeout=300)
        self.assertEqual(sdk.returncode, 0, sdk.stderr)
        errors = json.loads(sdk.stdout)
        return {number: self._result_of(f"{number}-theirs", error) for (number, _), error in zip(cases, errors, strict=True)}


def fill(text: str, words: dict) -> str:
    for name, value in words.items():
        text = text.replace("{" + name + "}", value)
    return text


SDKS = pathlib.Path(__file__).parent / "sdks"

# SPDX-License-Identifier: MPL-2.0
"""Logins, beside the vendor's own SDK: the same environment and files in, the same identity out. Where they differ, we refuse with a
sentence that the case names; nothing is silently different."""

import base64
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
import ssl
import subprocess

from . import Lab
from .configuration import block
from .loopback import LoopbackServer
from .venv import ROOT

# Terraform is started several times at once: most of its time is its own.
WORKERS = 3
# One case of so many, unless CERTWRIGHT_ALL_LOGINS is set: `scripts/judges logins` takes all.
_SAMPLE = 3
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
    """`environment`, `files` (below HOME) and `connection` (HCL expressions) may contain {home}, and the words
    of FakeVendor: {url}, where it answers, and so on; a file may be written as "base64:...".
    `sdk`: what the SDK is told besides, as connection tells us. `says`: a regular expression, part of our error."""

    name: str
    environment: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    connection: dict = dataclasses.field(default_factory=dict)
    sdk: dict = dataclasses.field(default_factory=dict)
    outcome: Outcome = Outcome.EQUAL
    says: str = ""
    allow_exec: bool = False


class FakeVendor(LoopbackServer):
    """A server on loopback. Each client has a URL of its own, /<client>; `identities` has who it was, by client. A subclass answers.

    It is a proxy too, for clients that know no other host than the vendor's: what they send to `hosts` by TLS comes here. The client is
    the user's name in the proxy's URL then, and `ca_file` what it has to trust."""

    def __init__(self, directory: pathlib.Path, hosts: tuple = ()):
        self.identities = collections.defaultdict(list)
        self.ca_file = directory / "vendor.pem"
        self._tls = self._make_tls(directory / "vendor.key", hosts) if hosts else None
        super().__init__(self._handler())
        self._server.handle_error = lambda *_: None  # clients leave when they please

    def words(self, client: str) -> dict:
        return {"url": f"http://{self.address}/{client}", "address": f"{self.address}/{client}",
                "proxy": f"http://{client}:x@{self.address}", "ca": str(self.ca_file)}

    def answer(self, client: str, request, host: str, path: str, body: bytes) -> tuple[int, dict, str]:
        """Status, headers and body. `host`: empty for what came to the URL. `path` has a query, and no client."""
        raise NotImplementedError

    def _make_tls(self, key: pathlib.Path, hosts: tuple) -> ssl.SSLContext:
        names = ",".join(f"DNS:{host}" for host in hosts)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj",
             "/CN=vendor", "-addext", f"subjectAltName={names}", "-keyout", key, "-out", self.ca_file], check=True, capture_output=True)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(self.ca_file, key)
        return tls

    def _handler(self):
        vendor = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            host = client = ""

            def do_CONNECT(self):
                proof = self.headers.get("Proxy-Authorization", "").removeprefix("Basic ")
                self.client = base64.b64decode(proof).decode().split(":")[0]
                self.host = self.path.split(":")[0]
                self.send_response_only(200)
                self.end_headers()
                self.connection = self.request = vendor._tls.wrap_socket(self.connection, server_side=True)
                self.rfile = self.connection.makefile("rb")
                self.wfile = self.connection.makefile("wb", buffering=0)
                self.close_connection = False

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                client, path = self.client, self.path
                if not self.host:
                    client, _, path = path[1:].partition("/")
                    path = f"/{path}"
                status, headers, text = vendor.answer(client, self, self.host, path, body)
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
    `elsewhere`, the variables of the guide that unit tests look at instead; `plumbing`, those of the test."""

    kind: str
    cases: list[Case]
    environment: dict = {}
    clean: tuple = ()
    guide: str
    elsewhere: set = set()
    plumbing: set = set()

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
        self.assertEqual(sorted(named), sorted((tried | self.elsewhere) - self.plumbing))

    def test_who_one_is(self):
        names = [case.name for case in self.cases]
        self.assertEqual(len(names), len(set(names)))
        cases = list(enumerate(self.cases))
        if wanted := os.environ.get("LOGIN_CASES"):
            cases = [(number, case) for number, case in cases if re.search(wanted, case.name)]
        elif "CERTWRIGHT_ALL_LOGINS" not in os.environ:
            cases = cases[::_SAMPLE]
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
        words = {"home": str(home), **self.vendor.words(f"{number}-{side}")}
        home.mkdir()
        for name, text in case.files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text.startswith("base64:"):
                path.write_bytes(base64.b64decode(text.removeprefix("base64:")))
            else:
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

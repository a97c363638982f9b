# SPDX-License-Identifier: MPL-2.0
"""AWS as moto plays it, behind a proxy that refuses what AWS refuses. What Route 53 takes, the lab's BIND serves."""

import json
import pathlib
import secrets
import urllib.request

from .bind import Bind
from .process import Server, free_port
from .venv import venv

# The proxy signs again with botocore, which comes with moto.
PACKAGES = ("moto[server]==5.2.1", "botocore==1.43.11", "boto3==1.43.11")


def find_moto() -> pathlib.Path:
    return venv("moto", *PACKAGES)


class Aws:
    """`latency`: seconds that each answer takes longer."""

    def __init__(self, directory: pathlib.Path, bind: Bind, *, latency: float = 0.0):
        self.directory = directory
        self.key_id = "AKIA" + secrets.token_hex(8).upper()
        self.secret = secrets.token_urlsafe(30)
        programs = find_moto() / "bin"
        moto_port = free_port()
        self._moto = Server([programs / "moto_server", "-H", "127.0.0.1", "-p", str(moto_port)], directory / "moto.log")
        self._moto.wait_until(lambda: "Running on" in self._moto.text(), 60)
        self.port = free_port()
        settings = directory / "proxy.json"
        settings.write_text(json.dumps({
            "port": self.port, "moto": f"http://127.0.0.1:{moto_port}", "key_id": self.key_id, "secret": self.secret,
            "zone": bind.zone, "bind": bind.address, "tsig": f"hmac-sha256:{bind.key_name}:{bind.secret}", "latency": latency}))
        settings.chmod(0o600)
        self._proxy = Server([programs / "python", "-B", pathlib.Path(__file__).parent / "aws_proxy.py", settings],
                             directory / "proxy.log")
        self._proxy.wait_until(lambda: "ready" in self._proxy.text(), 60)
        self.zone_id = self._ask("zone")["id"]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """For Terraform: the secret of aws_configuration(), and nothing of what the machine itself is at AWS."""
        return {"TF_VAR_aws_secret": self.secret, "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}

    def records(self) -> dict[str, list[str]]:
        """The TXT values in the hosted zone, by name, as moto has them."""
        return self._ask("records")

    def add_foreign(self, name: str, value: str):
        self._ask("foreign", {"name": name, "value": value})

    def fail_next(self, *codes: str):
        """The next requests that are signed well get these errors."""
        self._ask("fail", {"codes": codes})

    def actions(self) -> list[str]:
        """What AWS was asked to do so far: "ChangeResourceRecordSets" and so on, with " refused" where it was."""
        return self._ask("actions")

    def make_balancer(self, pem: str, key: str) -> dict:
        """A load balancer with an HTTPS listener, whose default certificate is this one: the ARNs load_balancer, listener, foreign."""
        return self._ask("make_balancer", {"pem": pem, "key": key})

    def meddle(self, do: str, **what):
        """What others do: see aws_rules.py."""
        self._ask("meddle", {"do": do, **what})

    def world(self) -> dict:
        """certificates: their tags by ARN; secrets: text and whether deleted, by name; listeners: ARNs, the default first."""
        return self._ask("world")

    def inventory(self) -> dict:
        """certificates: tags and certificate, by ARN; secrets: tags, text and whether deleted, by name."""
        return self._ask("inventory")

    def stop(self):
        self._proxy.stop()
        self._moto.stop()

    def _ask(self, what: str, body: dict | None = None):
        request = urllib.request.Request(f"{self.url}/_lab/{what}", None if body is None else json.dumps(body).encode())
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.loads(answer.read())

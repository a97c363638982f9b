# SPDX-License-Identifier: MPL-2.0
"""Pebble, Let's Encrypt's small ACME server, and what its log says about the requests that it got."""

import collections
import datetime
import json
import os
import pathlib
import re
import ssl
import subprocess
import urllib.request

from .process import Server, free_port

_REQUEST = re.compile(r"^Pebble \S+ \S+ (GET|HEAD|POST) (/\S*) -> calling handler\(\)", re.MULTILINE)
# Path prefixes of Pebble's directory, and the names that RFC 8555 has for them.
_RESOURCES = [
    ("/dir", "directory"), ("/nonce-plz", "newNonce"), ("/sign-me-up", "newAccount"), ("/my-account", "account"),
    ("/order-plz", "newOrder"), ("/my-order", "order"), ("/finalize-order", "finalize"), ("/authZ", "authorization"),
    ("/chalZ", "challenge"), ("/certZ", "certificate"), ("/revoke-cert", "revokeCert"), ("/rollover-account-key", "keyChange"),
    ("/draft-ietf-acme-ari-03/renewalInfo", "renewalInfo"),
]


class Pebble:
    """`eab`: {kid: base64url key}, then accounts must be bound. `blocklist`: names refused as rejectedIdentifier; Pebble 2.4.0 panics
    when a blocked name has more labels than an ordered one whose tail it matches. `program`: another Pebble, see go.py. `profiles`: name
    to seconds of validity, from 2.7 on."""

    def __init__(self, directory: pathlib.Path, dns: str, *, nonce_reject: int = 0, authz_reuse: int = 0, sleep: int = 0,
                 eab: dict | None = None, blocklist: list | None = None, port: int | None = None,
                 program: str | pathlib.Path = "pebble", profiles: dict | None = None, alternate_roots: int = 0):
        self.directory = directory
        self.port = port or free_port()
        self.management_port = free_port()
        self.ca_file = self.directory / "tls.pem"
        if not self.ca_file.exists():
            self._make_tls_certificate()
        config = {
            "listenAddress": f"127.0.0.1:{self.port}", "managementListenAddress": f"127.0.0.1:{self.management_port}",
            "certificate": str(self.ca_file), "privateKey": str(self.directory / "tls.key"),
            "httpPort": 5002, "tlsPort": 5001, "ocspResponderURL": "",
            "externalAccountBindingRequired": bool(eab), "externalAccountMACKeys": eab or {},
            "domainBlocklist": blocklist or [], "certificateValidityPeriod": 90 * 24 * 3600,
        }
        if profiles:
            config["profiles"] = {name: {"description": name, "validityPeriod": seconds} for name, seconds in profiles.items()}
        (self.directory / "pebble.json").write_text(json.dumps({"pebble": config}, indent=2))
        env = dict(os.environ, PEBBLE_WFE_NONCEREJECT=str(nonce_reject), PEBBLE_AUTHZREUSE=str(authz_reuse),
                   PEBBLE_ALTERNATE_ROOTS=str(alternate_roots))
        env.update({"PEBBLE_VA_SLEEPTIME": str(sleep)} if sleep else {"PEBBLE_VA_NOSLEEP": "1"})
        self.server = Server([program, "-config", self.directory / "pebble.json", "-dnsserver", dns, "-strict"],
                             self.directory / "pebble.log", env)
        self.server.wait_until(self._answers)

    @property
    def directory_url(self) -> str:
        return f"https://localhost:{self.port}/dir"

    def root_pem(self) -> str:
        """The root of the certificates that it issues, new with each start."""
        return self._manage("roots/0")

    def root_common_name(self, number: int) -> str:
        text = subprocess.run(["openssl", "x509", "-noout", "-subject"], input=self._manage(f"roots/{number}"), check=True,
                              capture_output=True, text=True).stdout
        return text.strip().split("CN = ")[-1]

    def status_of(self, serial_number: str) -> str:
        """"Valid" or "Revoked"."""
        return json.loads(self._manage(f"cert-status-by-serial/{serial_number.lstrip('0')}"))["Status"]

    def set_renewal_window(self, certificate_pem: str, start: datetime.datetime, end: datetime.datetime, explanation: str = ""):
        """What the CA says of that certificate from now on (from 2.8 on)."""
        window = {name: when.strftime("%Y-%m-%dT%H:%M:%SZ") for name, when in (("start", start), ("end", end))}
        answer = {"suggestedWindow": window, **({"explanationURL": explanation} if explanation else {})}
        self._manage("set-renewal-info/", json.dumps({"Certificate": certificate_pem, "ARIResponse": json.dumps(answer)}))

    def _manage(self, path: str, body: str | None = None) -> str:
        url = f"https://localhost:{self.management_port}/{path}"
        with self._opener().open(url, body.encode() if body else None, timeout=5) as answer:
            return answer.read().decode()

    def _make_tls_certificate(self):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
             "-subj", "/CN=Pebble of this lab", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", str(self.directory / "tls.key"), "-out", str(self.ca_file)],
            check=True, capture_output=True)

    def _opener(self) -> urllib.request.OpenerDirector:
        context = ssl.create_default_context(cafile=self.ca_file)
        return urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))

    def _answers(self) -> bool:
        try:
            self._opener().open(self.directory_url, timeout=2).close()
        except OSError:
            return False
        self.mark()
        return True

    def mark(self):
        """requests() and text() count from here on."""
        self.log_start = len(self.server.text())

    def text(self) -> str:
        return self.server.text()[self.log_start:]

    def requests(self) -> collections.Counter:
        """How often each resource was asked for since the last mark()."""
        return collections.Counter(_resource(path) for _, path in _REQUEST.findall(self.text()))

    def stop(self):
        self.server.stop()


def _resource(path: str) -> str:
    return next((name for prefix, name in _RESOURCES if path.startswith(prefix)), path)


def issuance_requests(requests: collections.Counter) -> int:
    """The requests of orders: all but directory, newNonce and the account's."""
    return sum(count for name, count in requests.items() if name not in ("directory", "newNonce", "newAccount", "account"))

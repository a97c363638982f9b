# SPDX-License-Identifier: MPL-2.0
"""BIND 9 as the authoritative server of a zone that takes signed updates (RFC 2136, TSIG) of TXT records and nothing else, and as a
resolver that caches."""

import base64
import os
import pathlib
import re
import shutil
import subprocess

from .process import Server, find_program, free_port

_OPTIONS = """
options {{
  directory "{directory}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  session-keyfile none;
  dnssec-validation no;
  empty-zones-enable no;
{options}}};
controls {{ }};
"""

_CONFIG = """
key "{key_name}" {{ algorithm hmac-sha256; secret "{secret}"; }};
zone "{zone}" {{
  type primary;
  file "{zone}.zone";
  update-policy {{ grant "{key_name}" zonesub TXT; {grants}}};
}};
"""

_ZONE = """$TTL 1
@ {negative_ttl} IN SOA ns.{zone}. hostmaster.{zone}. 1 3600 600 86400 {negative_ttl}
@ IN NS ns.{zone}.
ns IN A 127.0.0.1
{records}
"""


_CACHING_CONFIG = """
zone "{zone}" {{ type forward; forward only; forwarders {{ 127.0.0.1 port {authority}; }}; }};
"""


def _copy_named(directory: pathlib.Path) -> pathlib.Path:
    """Debian's AppArmor profile lets /usr/sbin/named read /etc/bind alone; a copy at another path has no profile."""
    return pathlib.Path(shutil.copy(find_program("named"), directory / "named"))


class CachingBind:
    """A resolver that remembers what it was told, also that a name is not there, and knows one zone."""

    def __init__(self, directory: pathlib.Path, authority: "Bind"):
        self.address = f"127.0.0.1:{(port := free_port())}"
        config = directory / "named.conf"
        config.write_text(
            _OPTIONS.format(directory=directory, port=port, options="  recursion yes;\n  querylog yes;\n")
            + _CACHING_CONFIG.format(zone=authority.zone, authority=authority.port))
        self.directory = directory
        self.server = Server([_copy_named(directory), "-g", "-c", config], directory / "named.log")
        self.server.wait_until(lambda: "running" in self.server.text())

    def queries(self) -> list[str]:
        """The names that it was asked for, in order."""
        return re.findall(r"query: (\S+) IN", self.server.text())

    def stop(self):
        self.server.stop()


class Bind:
    key_name = "certwright."

    def __init__(self, directory: pathlib.Path, *, zone: str = "example.test", port: int | None = None, secret: str | None = None,
                 records: str = "", kerberos=None, negative_ttl: int = 1):
        """`records`: lines of the zone's file besides the usual ones. `kerberos`: the realm whose principal `certwright` may update, too.
        `negative_ttl`: for how many seconds resolvers remember that a name is not there."""
        self.zone = zone
        self.directory = directory
        self.records = records
        self.kerberos = kerberos
        self.negative_ttl = negative_ttl
        self.keytab = kerberos and kerberos.keytab(f"DNS/ns.{zone}")
        self.secret = secret or base64.b64encode(os.urandom(32)).decode()
        program = _copy_named(self.directory)
        for _ in range(3):
            self.port = port or free_port()
            if self._start(program):
                return
        raise RuntimeError(f"named did not start; see {self.server.log}")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _start(self, program: pathlib.Path) -> bool:
        config = self.directory / "named.conf"
        options = f'  recursion no;\n  notify no;\n  allow-transfer {{ key "{self.key_name}"; }};\n'
        if self.kerberos:
            options += f'  tkey-gssapi-keytab "{self.keytab}";\n'
        config.write_text(_OPTIONS.format(directory=self.directory, port=self.port, options=options) + _CONFIG.format(
            zone=self.zone, key_name=self.key_name, secret=self.secret,
            grants=f'grant "certwright@{self.kerberos.realm}" zonesub TXT; ' if self.kerberos else ""))
        config.chmod(0o600)
        (self.directory / f"{self.zone}.zone").write_text(
            _ZONE.format(zone=self.zone, records=self.records, negative_ttl=self.negative_ttl))
        self.server = Server([program, "-g", "-c", config], self.directory / "named.log", env=self.kerberos and self.kerberos.env)
        self.server.wait_until(lambda: "all zones loaded" in self.server.text())
        # Another process may have taken the port in between: named then runs on, deaf.
        if "address in use" in self.server.text():
            self.server.stop()
            return False
        return True

    def txt_records(self) -> list[str]:
        """The zone's TXT records, one line each, by a zone transfer: nothing can hide from it."""
        key = f"hmac-sha256:{self.key_name}:{self.secret}"
        answer = subprocess.run(
            ["dig", "@127.0.0.1", "-p", str(self.port), "-y", key, "+onesoa", "+noall", "+answer", self.zone, "AXFR"],
            check=True, capture_output=True, text=True, timeout=10).stdout
        if "SOA" not in answer:
            raise RuntimeError(f"the zone transfer failed: {answer}")
        return [line for line in answer.splitlines() if line.split()[3:4] == ["TXT"]]

    def add_foreign(self, name: str, value: str):
        commands = f"server 127.0.0.1 {self.port}\nzone {self.zone}\nupdate add {name} 1 TXT {value}\nsend\n"
        subprocess.run(["nsupdate", "-y", f"hmac-sha256:{self.key_name}:{self.secret}"], input=commands, text=True, check=True)

    def stop(self):
        self.server.stop()

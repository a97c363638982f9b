# SPDX-License-Identifier: MPL-2.0
"""A Kerberos realm of MIT's krb5 on loopback, for name servers that take updates signed by a ticket (GSS-TSIG), as Active Directory's do."""

import os
import pathlib
import subprocess

from .process import Server, find_program, free_port

_CLIENT = """[libdefaults]
  default_realm = {realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  {realm} = {{
    kdc = 127.0.0.1:{port}
  }}
[domain_realm]
  .{domain} = {realm}
"""
_SERVER = """[realms]
  {realm} = {{
    database_name = {directory}/principal
    key_stash_file = {directory}/stash
    kdc_listen = 127.0.0.1:{port}
    kdc_tcp_listen = 127.0.0.1:{port}
  }}
[logging]
  kdc = STDERR
"""


class Kerberos:
    def __init__(self, directory: pathlib.Path, *, domain: str = "example.test"):
        self.directory = directory
        self.realm = domain.upper()
        self.config = directory / "krb5.conf"
        port = free_port()
        values = {"realm": self.realm, "domain": domain, "directory": directory, "port": port}
        self.config.write_text(_CLIENT.format(**values))
        (directory / "kdc.conf").write_text(_SERVER.format(**values))
        self.env = dict(os.environ, KRB5_CONFIG=str(self.config), KRB5_KDC_PROFILE=str(directory / "kdc.conf"))
        self._run("kdb5_util", "create", "-s", "-P", "a master password")
        self.server = Server([find_program("krb5kdc"), "-n"], directory / "kdc.log", env=self.env)
        self.server.wait_until(lambda: "starting" in self.server.text())

    def keytab(self, principal: str) -> pathlib.Path:
        """A file with the key of a principal, which is new: "DNS/ns.example.test"."""
        file = self.directory / f"{principal.replace('/', '-')}.keytab"
        for query in (f"addprinc -randkey {principal}", f"ktadd -k {file} {principal}"):
            self._run("kadmin.local", "-q", query)
        return file

    def _run(self, program: str, *arguments: str):
        subprocess.run([find_program(program), *arguments], env=self.env, check=True, capture_output=True)

    def stop(self):
        self.server.stop()

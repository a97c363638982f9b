# SPDX-License-Identifier: MPL-2.0
"""What quickstart, bench and the end-to-end tests run against: a real CA, a real name server, a real Terraform, all on loopback."""

import pathlib
import shutil
import signal
import sys
import tempfile

from .aws import Aws, find_moto
from .bind import Bind, CachingBind
from .fake import Fake
from .kerberos import Kerberos
from .key_vault import KeyVault
from .knot import Knot
from .kube_apiserver import KubeApiserver
from .kubernetes import Kubernetes
from .nginx import Nginx
from .pebble import Pebble
from .powerdns import Powerdns
from .process import find_program
from .sshd import PasswordSshd, Sshd
from .stepca import StepCa
from .terraform import Terraform, find_provider, find_terraform
from .unbound import Unbound
from .vault import Vault, VaultCa


def missing_programs(*others: str) -> list[str]:
    """The programs of every lab, and the others, that this machine lacks."""
    return [name for name in ("pebble", "dig", "named", "nsupdate", "openssl", *others) if not find_program(name)]


class Lab:
    """Starts servers and Terraform directories below `directory` (a temporary one when not given, removed at the end) and stops all.

    with Lab() as lab:
        bind = lab.bind()
        pebble = lab.pebble(bind)
        terraform = lab.terraform()
    """

    def __init__(self, directory: pathlib.Path | None = None):
        self._temporary = directory is None
        self.directory = pathlib.Path(directory or tempfile.mkdtemp(prefix="certwright-lab-")).resolve()
        self.directory.mkdir(parents=True, exist_ok=True)
        self._servers = []
        self._terraforms = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def bind(self, **options) -> Bind:
        return self._add(Bind(self._server_directory("bind"), **options))

    def kerberos(self, **options) -> Kerberos:
        return self._add(Kerberos(self._server_directory("kerberos"), **options))

    def knot(self, acl: str, **options) -> Knot:
        return self._add(Knot(self._server_directory("knot"), acl, **options))

    def powerdns(self, **options) -> Powerdns:
        return self._add(Powerdns(self._server_directory("powerdns"), **options))

    def unbound(self, zones: dict[str, str]) -> Unbound:
        return self._add(Unbound(self._server_directory("unbound"), zones))

    def caching_bind(self, authority: Bind) -> CachingBind:
        return self._add(CachingBind(self._server_directory("caching_bind"), authority))

    def pebble(self, dns, **options) -> Pebble:
        """`dns`: the server that it resolves names by."""
        return self._add(Pebble(self._server_directory("pebble"), dns.address, **options))

    def step_ca(self, dns, program: pathlib.Path, **options) -> StepCa:
        """`dns`: the server that it resolves names by."""
        return self._add(StepCa(self._server_directory("step_ca"), dns.address, program, **options))

    def aws(self, bind: Bind, **options) -> Aws:
        return self._add(Aws(self._server_directory("aws"), bind, **options))

    def key_vault(self) -> KeyVault:
        return self._add(KeyVault(self._server_directory("key_vault")))

    def kubernetes(self) -> Kubernetes:
        return self._add(Kubernetes(self._server_directory("kubernetes")))

    def kube_apiserver(self, program: pathlib.Path) -> KubeApiserver:
        return self._add(KubeApiserver(self._server_directory("kube_apiserver"), program))

    def fake(self, kind: str) -> Fake:
        return self._add(Fake(self._server_directory(kind), kind))

    def nginx(self, certificate, private_key) -> Nginx:
        return self._add(Nginx(self._server_directory("nginx"), certificate, private_key))

    def sshd(self) -> Sshd:
        return self._add(Sshd(self._server_directory("sshd")))

    def password_sshd(self, **options) -> PasswordSshd:
        return self._add(PasswordSshd(self._server_directory("password_sshd"), **options))

    def vault(self) -> Vault:
        return self._add(Vault(self._server_directory("vault")))

    def vault_ca(self, dns, **options) -> VaultCa:
        return VaultCa(self.vault(), self._server_directory("vault_ca"), dns.address, **options)

    def terraform(self, name: str = "terraform", **options) -> Terraform:
        terraform = Terraform(self.directory / name, **options)
        self._terraforms.append(terraform)
        return terraform

    def stop_servers(self):
        while self._servers:
            self._servers.pop().stop()

    def close(self):
        self.stop_servers()
        reports = "".join(terraform.sanitizer_reports() for terraform in self._terraforms)
        if self._temporary:
            shutil.rmtree(self.directory, ignore_errors=True)
        if reports:
            raise AssertionError(f"a sanitizer found an error in the provider:\n{reports}")

    def _add(self, server):
        self._servers.append(server)
        return server

    def _server_directory(self, kind: str) -> pathlib.Path:
        """bind-1, bind-2 and so on: the same in each run, so that a lab in a lasting directory finds its files again."""
        number = sum(server.directory.name.startswith(kind) for server in self._servers) + 1
        directory = self.directory / f"{kind}-{number}"
        directory.mkdir(parents=True, exist_ok=True)
        return directory


def exit_on_signals():
    """SIGTERM and SIGHUP end the program as Ctrl-C does: through the `with` blocks, which stop the servers."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))

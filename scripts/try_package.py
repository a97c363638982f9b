# SPDX-License-Identifier: MPL-2.0
"""One certificate from the packaged zip alone, inside a root directory. Usage: try_package.py ROOT"""

import base64
import hashlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from lab import Lab, exit_on_signals  # noqa: E402
from lab.configuration import configuration  # noqa: E402
from lab.terraform import find_terraform  # noqa: E402

# resolv.conf cannot name a port; loopback has addresses enough.
RESOLVER = "127.53.53.53"
WORK = "certwright"
CLI_CONFIG = 'provider_installation {\n  filesystem_mirror { path = "/certwright/mirror" }\n}\n'
# A name service that a binary with its own libc must not load: it would end the process.
POISON = "__attribute__((constructor)) static void Load(void) { __builtin_trap(); }\n"


def serve_dns(target_port: int):
    """Hands queries on to the lab's name server."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((RESOLVER, 53))

    def run():
        while True:
            query, client = listener.recvfrom(4096)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as forward:
                forward.settimeout(2)
                forward.sendto(query, ("127.0.0.1", target_port))
                listener.sendto(forward.recv(4096), client)

    threading.Thread(target=run, daemon=True).start()


def write(path: pathlib.Path, text: str):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text)


def furnish(root: pathlib.Path, bind, pebble) -> pathlib.Path:
    """All that the root needs, and the folder of the configuration. The name server is found by the search list, the CA trusted by the
    system's roots."""
    write(root / "etc/resolv.conf", f"search {bind.zone}\nnameserver {RESOLVER}\n")
    write(root / "etc/nsswitch.conf", "hosts: poison [NOTFOUND=return] files dns\npasswd: poison files\ngroup: poison files\n")
    write(root / "etc/ssl/certs/ca-certificates.crt", pebble.ca_file.read_text())
    (root / "tmp").mkdir(exist_ok=True)
    library = root / "lib/x86_64-linux-gnu/libnss_poison.so.2"
    library.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["g++", "-shared", "-nostdlib", "-fPIC", "-x", "c", "-", "-o", library], input=POISON, text=True, check=True)
    work = root / WORK
    shutil.rmtree(work, ignore_errors=True)
    mirror = work / "mirror" / "registry.terraform.io" / "certwright" / "certwright"
    mirror.mkdir(parents=True)
    shutil.copy(package(), mirror)
    shutil.copy(find_terraform(), work / "terraform")
    write(work / "cli.tfrc", CLI_CONFIG)
    connection = {"server": f'"ns:{bind.port}"'}
    write(work / "main.tf", configuration(bind, pebble, connection=connection, ca={"trusted_roots_pem": None}))
    return work


def package() -> pathlib.Path:
    architecture = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
    found, = (ROOT / "dist").glob(f"*_linux_{architecture}.zip")
    return found


def package_hash(path: pathlib.Path) -> str:
    """h1 of the lock file: Go's dirhash over the unpacked files."""
    with zipfile.ZipFile(path) as archive:
        lines = [f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}\n" for name in sorted(archive.namelist())]
    return "h1:" + base64.b64encode(hashlib.sha256("".join(lines).encode()).digest()).decode()


def check_bridges(work: pathlib.Path):
    """Terraform has unpacked them beside the binary, as programs."""
    for bridge in (ROOT / "bridge").iterdir():
        unpacked, = work.glob(f".terraform/providers/**/bridge/{bridge.name}")
        if unpacked.read_bytes() != bridge.read_bytes() or not os.access(unpacked, os.X_OK):
            sys.exit(f"{unpacked} is not the program that was packed")


def main():
    exit_on_signals()
    root = pathlib.Path(sys.argv[1]).resolve()
    with Lab() as lab:
        bind = lab.bind()
        pebble = lab.pebble(bind)
        serve_dns(bind.port)
        work = furnish(root, bind, pebble)
        env = {"TF_CLI_CONFIG_FILE": f"/{WORK}/cli.tfrc", "CHECKPOINT_DISABLE": "1", "TF_VAR_tsig_secret": bind.secret,
               "CERTWRIGHT_SEALING_KEY": base64.b64encode(os.urandom(32)).decode()}

        def terraform(*arguments: str) -> float:
            begin = time.monotonic()
            run = subprocess.run([shutil.which("chroot"), root, f"/{WORK}/terraform", f"-chdir=/{WORK}", *arguments, "-no-color"], env=env,
                                 capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"{root.name}: terraform {' '.join(arguments)}: exit code {run.returncode}\n{run.stdout}{run.stderr}")
            return time.monotonic() - begin

        first = terraform("init", "-input=false") + terraform("apply", "-auto-approve", "-input=false")
        locked = re.findall(r'"(h1:[^"]+)"', (work / ".terraform.lock.hcl").read_text())
        if locked != [package_hash(package())]:
            sys.exit(f"{root.name}: the lock file has {locked}, the zip {package_hash(package())}")
        write(work / "root.pem", pebble.root_pem())
        certificate, = work.glob("out/*.crt")
        subprocess.run(["openssl", "verify", "-CAfile", work / "root.pem", "-untrusted", certificate, certificate], check=True,
                       stdout=subprocess.DEVNULL)
        terraform("plan", "-detailed-exitcode", "-input=false")
        check_bridges(work)
        terraform("destroy", "-auto-approve", "-input=false")
        left = bind.txt_records()
        if left or list(work.glob("out/*")):
            sys.exit(f"{root.name}: left behind: {left} {list(work.glob('out/*'))}")
        shutil.rmtree(work)
    print(f"{root.name}: first certificate after {first:.1f} s (init, apply); lock file, second plan and destroy are right")


if __name__ == "__main__":
    main()

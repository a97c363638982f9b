# SPDX-License-Identifier: MPL-2.0
"""The part of scripts/quickstart that comes after the build: servers, Terraform, and what came out of it."""

import json
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from lab import Lab, exit_on_signals  # noqa: E402
from lab.pebble import issuance_requests  # noqa: E402

HOME = ROOT / "build" / "quickstart"
# What a later --destroy needs: the ports, the TSIG key, the sealing key.
MEMORY = HOME / "lab.json"
ZONE = "example.test"
COLOUR = [] if sys.stdout.isatty() else ["-no-color"]


def main() -> int:
    exit_on_signals()
    destroy = "--destroy" in sys.argv[1:]
    if destroy and MEMORY.exists():
        return destroy_last_run()
    shutil.rmtree(HOME, ignore_errors=True)
    with Lab(HOME) as lab:
        bind, pebble, terraform = start(lab, {})
        write_configuration(terraform, bind, pebble)
        run(terraform, pebble)
        if destroy:
            step("terraform destroy")
            terraform.destroy(check=True, show=True)
    step("the servers are stopped")
    if destroy:
        MEMORY.unlink()
    print(f"configuration and state: {HOME / 'terraform'}\nlogs of the CA and the name server: {HOME}/*/*.log")
    if not destroy:
        print("to destroy it all: scripts/quickstart --destroy")
    return 0


def destroy_last_run() -> int:
    with Lab(HOME) as lab:
        _, _, terraform = start(lab, json.loads(MEMORY.read_text()))
        step("terraform destroy")
        terraform.destroy(check=True, show=True)
    MEMORY.unlink()
    step("the servers are stopped; nothing is left but the empty state")
    return 0


def start(lab: Lab, memory: dict):
    step("starting BIND 9 and Pebble on loopback")
    bind = lab.bind(zone=ZONE, port=memory.get("bind_port"), secret=memory.get("tsig_secret"))
    pebble = lab.pebble(bind, port=memory.get("pebble_port"))
    terraform = lab.terraform()
    terraform.env["CERTWRIGHT_SEALING_KEY"] = memory.get("sealing_key", terraform.env["CERTWRIGHT_SEALING_KEY"])
    terraform.env["TF_VAR_tsig_secret"] = bind.secret
    print(f"name server {bind.address}, zone {ZONE}\nCA {pebble.directory_url}\n{terraform.program}")
    MEMORY.touch(mode=0o600)
    MEMORY.write_text(json.dumps({
        "bind_port": bind.port, "tsig_secret": bind.secret, "pebble_port": pebble.port,
        "sealing_key": terraform.env["CERTWRIGHT_SEALING_KEY"]}))
    return bind, pebble, terraform


def write_configuration(terraform, bind, pebble):
    for source in (ROOT / "examples" / "quickstart").glob("*.tf"):
        shutil.copy(source, terraform.directory)
    (terraform.directory / "terraform.tfvars.json").write_text(json.dumps({
        "zone": ZONE, "dns_server": bind.address, "tsig_key_name": bind.key_name,
        "directory_url": pebble.directory_url, "account_email": "ops@example.test", "trusted_roots_file": str(pebble.ca_file),
        "propagation": {"nameservers": [bind.address], "resolvers": [bind.address]}}, indent=2))


def run(terraform, pebble):
    step("terraform init")
    terraform.init()
    step("terraform plan")
    terraform.run("plan", "-input=false", "-out=plan", *COLOUR, check=True, show=True)
    step("terraform apply")
    pebble.mark()
    terraform.run("apply", "-input=false", *COLOUR, "plan", check=True, show=True)
    requests = pebble.requests()
    step("what was issued")
    show_certificate(terraform, pebble)
    print(f"requests to the CA: {sum(requests.values())}, of them for the order {issuance_requests(requests)} "
          f"({', '.join(f'{name} {count}' for name, count in sorted(requests.items()))})")
    step("terraform plan, a second time")
    second = terraform.plan()
    if second.code != 0:
        raise SystemExit(f"the second plan is not empty: {second}")
    print("no changes")


def show_certificate(terraform, pebble):
    outputs = json.loads(terraform.run("output", "-json", check=True).stdout)
    print("names:  ", ", ".join(outputs["names"]["value"]))
    print("issuer: ", outputs["issuer"]["value"])
    print("valid:  ", outputs["not_before"]["value"], "to", outputs["not_after"]["value"])
    root = HOME / "ca-root.pem"
    root.write_text(pebble.root_pem())
    for file in sorted((terraform.directory / "certificates").iterdir()):
        print(f"file:    {file} (mode {file.stat().st_mode & 0o777:04o})")
        if file.suffix == ".crt":
            verified = subprocess.run(["openssl", "verify", "-CAfile", str(root), "-untrusted", str(file), str(file)],
                                      capture_output=True, text=True, check=True)
            print("openssl verify:", verified.stdout.strip().rsplit(" ", 1)[-1])


_started = time.monotonic()


def step(title: str):
    # Flushed, as everything before it: Terraform writes to the same place.
    print(f"\n== {title} ({time.monotonic() - _started:.1f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main())

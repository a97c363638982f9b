# SPDX-License-Identifier: MPL-2.0
"""Writes tests/vectors/state/<version>/<type>.json: the state of each resource as the present version leaves it, which this and every
later version must read (tests/state_vectors_test.cc). 0.0.0 is the schema before the first release. At a release that changed a schema or the content of a handle:

  python3 -B tests/vectors/state.py

Connections are those of the examples, unchecked; the rest comes from Pebble and BIND. The sealing key is 32 times the letter a.
"""

import base64
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from lab import Lab, exit_on_signals  # noqa: E402
from lab.configuration import configuration  # noqa: E402
from lab.terraform import VERSION  # noqa: E402

EXAMPLES = ROOT / "examples" / "resources"


def connections() -> str:
    """The examples, but that of the connection which the lab's configuration has."""
    texts = [path.read_text() for path in sorted(EXAMPLES.glob("certwright_app_connection_*/resource.tf")) if "rfc2136" not in path.parts[-2]]
    return re.sub(r'(?m)^(resource "certwright_app_connection_.*)$', r"\1\n  validate = false", "\n".join(texts))


def secrets() -> dict[str, str]:
    """A value for each variable of the examples; those that must be of some form, in that form."""
    def key(*arguments):
        return subprocess.run(["openssl", "genpkey", *arguments], check=True, capture_output=True, text=True).stdout

    google = {"type": "service_account", "project_id": "my-project-123", "client_email": "dns@my-project-123.iam.gserviceaccount.com",
              "private_key_id": "1", "private_key": key("-algorithm", "RSA"), "token_uri": "https://oauth2.googleapis.com/token"}
    names = re.findall(r'(?m)^variable "(\w+)"', connections())
    return {name: f"{name}-of-the-vectors" for name in names} | {
        "google_credentials_json": json.dumps(google), "deploy_key": key("-algorithm", "ed25519")}


def main():
    exit_on_signals()
    folder = ROOT / "tests" / "vectors" / "state" / VERSION
    folder.mkdir(parents=True, exist_ok=True)
    with Lab() as lab:
        bind = lab.bind()
        pebble = lab.pebble(bind)
        terraform = lab.terraform()
        terraform.env["CERTWRIGHT_SEALING_KEY"] = base64.b64encode(b"a" * 32).decode()
        terraform.env["TF_VAR_tsig_secret"] = bind.secret
        values = secrets() | {"cluster_ca_pem": pebble.ca_file.read_text()}
        terraform.env.update({f"TF_VAR_{name}": value for name, value in values.items()})
        (terraform.directory / "main.tf").write_text(configuration(bind, pebble, provider="  allow_exec = true") + connections())
        terraform.init()
        terraform.apply(check=True)
        state = json.loads((terraform.directory / "terraform.tfstate").read_text())
        terraform.destroy(check=True)
    for resource in state["resources"]:
        instance = resource["instances"][0]
        vector = {"schema_version": instance["schema_version"], "attributes": instance["attributes"], "private": instance.get("private", "")}
        # A type that the examples have twice: the first that was made.
        (folder / f"{resource['type']}.json").write_text(json.dumps(vector, indent=1, sort_keys=True) + "\n")
    print(f"{len(list(folder.iterdir()))} resource types in {folder}")


if __name__ == "__main__":
    main()

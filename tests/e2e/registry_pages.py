# SPDX-License-Identifier: MPL-2.0
"""HashiCorp's tfplugindocs looks at docs/: does each resource, data source and function have a page, is each page in its place, and has it
the head that the registry wants?"""

import json
import pathlib
import subprocess
import sys

from lab import Lab
from lab.go import documentation_tool

ROOT = pathlib.Path(__file__).resolve().parents[2]
_HEAD = 'terraform {\n  required_providers { certwright = { source = "certwright/certwright" } }\n}\n'


def main() -> int:
    tool = documentation_tool()
    if not tool:
        raise SystemExit("needs a Go toolchain: no package has tfplugindocs")
    with Lab() as lab:
        terraform = lab.terraform()
        (terraform.directory / "main.tf").write_text(_HEAD)
        terraform.init()
        said = json.loads(terraform.run("providers", "schema", "-json", check=True).stdout)
        # The tool looks for a provider of HashiCorp's or under the name alone.
        said["provider_schemas"] = {"registry.terraform.io/hashicorp/certwright": schema for schema in said["provider_schemas"].values()}
        schemas = terraform.directory / "schemas.json"
        schemas.write_text(json.dumps(said))
        return subprocess.run([tool, "validate", "--provider-name", "certwright", "--provider-dir", ROOT,
                               "--providers-schema", schemas]).returncode


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: MPL-2.0
"""Azure Key Vault and its token endpoint, as tests/engine/vendors/azure/fake_key_vault.h plays them, and Azure's own client for
both."""

import json
import pathlib
import subprocess

from .fake import Fake
from .venv import venv

TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
SECRET = "vault~secret-canary"
PACKAGES = ("azure-keyvault-certificates==4.12.0", "azure-core==1.41.0")


class KeyVault(Fake):
    def __init__(self, directory: pathlib.Path):
        super().__init__(directory, "key_vault")

    def ask_client(self, *commands: list) -> list:
        """Each command is a method of key_vault_client.py and its arguments; the answers."""
        programs = venv("azure", *PACKAGES) / "bin"
        done = subprocess.run([programs / "python", "-B", pathlib.Path(__file__).parent / "key_vault_client.py", self.url],
                              input=json.dumps(commands), capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"Azure's client: {done.stderr}")
        return json.loads(done.stdout)

# SPDX-License-Identifier: MPL-2.0
"""The destinations, by the name of their block."""

from .certificate_manager import CertificateManager
from .kubernetes_secret import KubernetesSecret
from .local_files import LocalFiles
from .secrets_manager import SecretsManager
from .ssh_host import SshHost
from .vault_kv import VaultKv

DESTINATIONS = {one.name: one for one in (LocalFiles, SshHost, VaultKv, SecretsManager, CertificateManager, KubernetesSecret)}

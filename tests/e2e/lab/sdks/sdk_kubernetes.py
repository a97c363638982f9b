# SPDX-License-Identifier: MPL-2.0
"""The Kubernetes project's client for Python: who one is with an environment, for lab/logins.py."""

import each


def log_in(case: dict):
    # KUBECONFIG is read when it is imported.
    from kubernetes import client, config

    if "host" in case:
        configuration = client.Configuration()
        configuration.host = case["host"]
        configuration.api_key["authorization"] = "Bearer " + open(case["token_file"]).read().strip()
        client.Configuration.set_default(configuration)
    else:
        config.load_kube_config(**case.get("arguments", {}))
    client.VersionApi().get_code(_request_timeout=5)


each.run(log_in)

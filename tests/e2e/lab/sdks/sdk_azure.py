# SPDX-License-Identifier: MPL-2.0
"""azure-identity: who one is with an environment, for lab/logins.py."""

import os

import each


def log_in(case: dict):
    from azure import identity

    quick = {"retry_total": 0, "connection_timeout": 5}
    credential = getattr(identity, case.get("credential", "EnvironmentCredential"))
    arguments = dict(case.get("arguments", {}))
    if audience := case.get("github"):
        arguments["func"] = lambda: _ask_github(audience)
    if pfx := arguments.pop("certificate_file", None):
        arguments["certificate_data"] = open(pfx, "rb").read()
    credential(**arguments, **quick).get_token("https://management.azure.com/.default")


def _ask_github(audience: str) -> str:
    """As GitHub's documentation says: the SDK has nothing for it."""
    import requests

    answer = requests.get(os.environ["ACTIONS_ID_TOKEN_REQUEST_URL"] + f"&audience={audience}", timeout=10, headers={
        "Authorization": "Bearer " + os.environ["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]})
    answer.raise_for_status()
    return answer.json()["value"]


each.run(log_in)

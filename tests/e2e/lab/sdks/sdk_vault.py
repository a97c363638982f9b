# SPDX-License-Identifier: MPL-2.0
"""hvac: who one is with an environment, for lab/logins.py."""

import each


def log_in(case: dict):
    # The files of the environment are found out when it is imported.
    import hvac

    client = hvac.Client(**case.get("arguments", {}))
    if login := case.get("login"):
        method = getattr(client.auth, login["method"])
        (method.jwt_login if login["method"] == "jwt" else method.login)(**login["arguments"])
    client.auth.token.lookup_self()


each.run(log_in)

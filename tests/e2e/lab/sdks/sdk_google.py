# SPDX-License-Identifier: MPL-2.0
"""google-auth: who one is with an environment, for lab/logins.py."""

import each


def log_in(case: dict):
    # The metadata server's address is found out when it is imported.
    import google.auth
    from google.auth import impersonated_credentials
    from google.auth.transport.requests import Request

    scopes = ["https://www.googleapis.com/auth/cloud-platform"]
    if info := case.get("info"):
        credentials, _ = google.auth.load_credentials_from_dict(info, scopes=scopes)
    else:
        credentials, _ = google.auth.default(scopes=scopes)
    if target := case.get("impersonate"):
        credentials = impersonated_credentials.Credentials(credentials, target, scopes, lifetime=3600)
    credentials.refresh(Request())


each.run(log_in)

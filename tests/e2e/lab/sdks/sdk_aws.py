# SPDX-License-Identifier: MPL-2.0
"""boto3: who one is with an environment, for lab/logins.py."""

import each


def log_in(case: dict):
    # Where HOME is, is found out when it is imported.
    import boto3
    from botocore.config import Config

    quick = Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=5)
    session = boto3.Session(**case.get("session", {}))
    sts = session.client("sts", config=quick)
    if role := case.get("assume_role"):
        taken = sts.assume_role(RoleSessionName="certwright", **role)["Credentials"]
        session = boto3.Session(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])
        sts = session.client("sts", config=quick)
    sts.get_caller_identity()


each.run(log_in)

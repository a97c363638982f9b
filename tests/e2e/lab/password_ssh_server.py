# SPDX-License-Identifier: MPL-2.0
"""AsyncSSH's server, which takes a password that no account of the machine has: OpenSSH asks the machine for passwords. Files are those of
the machine, programs run in a shell. Arguments: port, host key, user, and how it asks: "password", or "dialog" (keyboard-interactive); the
password comes in the environment."""

import asyncio
import os
import sys

import asyncssh


class Gate(asyncssh.SSHServer):
    def password_auth_supported(self):
        return sys.argv[4] == "password"

    def kbdint_auth_supported(self):
        return sys.argv[4] == "dialog"

    def get_kbdint_challenge(self, username, lang, submethods):
        return "", "", "", [("Password: ", False)]

    def validate_kbdint_response(self, username, responses):
        return (username, responses) == (sys.argv[3], [os.environ["PASSWORD"]])

    def validate_password(self, username, password):
        return (username, password) == (sys.argv[3], os.environ["PASSWORD"])


async def run(process):
    finished = await asyncio.create_subprocess_shell(process.command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    output, errors = await finished.communicate()
    process.stdout.write(output)
    process.stderr.write(errors)
    process.exit(finished.returncode)


async def main():
    await asyncssh.listen("127.0.0.1", int(sys.argv[1]), server_host_keys=[sys.argv[2]], server_factory=Gate, process_factory=run,
                          sftp_factory=True, encoding=None)
    print("listening", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())

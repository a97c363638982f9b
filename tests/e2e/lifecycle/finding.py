# SPDX-License-Identifier: MPL-2.0
"""What must hold, by name, and what is raised when it does not."""

LOST = "lost"  # what has to be there is not, or cannot serve
MISMATCHED = "mismatched"  # another certificate, or a key that is not the certificate's
LEFTOVER = "leftover"  # what no configuration says
FOREIGN = "foreign"  # others' objects were touched
KEY_LEFT = "key left"  # a temporary file or a private key that nobody will remove
STATE_LIES = "state lies"
FACTS_LOST = "facts lost"  # the state forgot about what still serves
NO_END = "no end"  # further applies do not get there
CLAIMED = "claimed"  # one state took what another one owns
NO_OWNER = "no owner"  # a conflict does not say whose it is
HANGS = "hangs"
LAB = "lab"  # no finding: the servers or the fuzzer itself failed
SANITIZER = "sanitizer"


class Finding(Exception):

    def __init__(self, rule: str, fact: str, output: str = ""):
        super().__init__(f"{rule}: {fact}")
        self.rule, self.fact, self.output = rule, fact, output

# SPDX-License-Identifier: MPL-2.0
"""A life-cycle fuzzer for certificate syncs: seeded sequences of what people do to configurations and of what happens to runs, over two
states that share a CA and a certificate, against real destinations, with an oracle that knows what has to be there.

model.py: what the configurations say. changes.py, drift.py, accident.py: what happens. steps.py: all of it by name. oracle.py: what must
hold. sequence.py: carries a sequence out. destinations/: one file for each destination."""

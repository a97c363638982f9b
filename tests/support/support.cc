// SPDX-License-Identifier: MPL-2.0
// Keeps the support library from being empty; its headers stand alone.
#include "tests/support/fake_clock.h"
#include "tests/support/log_capture.h"

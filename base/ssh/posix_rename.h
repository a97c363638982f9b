// SPDX-License-Identifier: MPL-2.0
// posix-rename@openssh.com (OpenSSH's PROTOCOL, section 4.3): a rename over a file that exists, which SFTP version 3 cannot and
// libssh 0.10 does not offer.
#pragma once

#include <libssh/libssh.h>
#include <libssh/sftp.h>

#include <string_view>

namespace base::ssh {

// The server's status: SSH_FX_OK, or what SFTP has for what went wrong; SSH_FX_CONNECTION_LOST when there was no answer. Speaks
// on the session's channel between two requests of libssh's own. Blocks.
int PosixRename(sftp_session sftp, std::string_view from, std::string_view to);

}  // namespace base::ssh

// SPDX-License-Identifier: MPL-2.0
// How a file is opened, in the system's numbers, which libssh's sftp_open takes for a file elsewhere as well.
#pragma once

namespace base::os {

extern const int kOpenToRead;
extern const int kOpenNewFile;  // to write; fails if the file exists

}  // namespace base::os

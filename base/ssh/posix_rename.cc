// SPDX-License-Identifier: MPL-2.0
#include "base/ssh/posix_rename.h"

#include <cstdint>
#include <optional>
#include <string>

namespace base::ssh {
namespace {

constexpr std::uint32_t kLongestAnswer = 64 * 1024;
constexpr std::size_t kStatusSize = 9;  // type, id, code; a message follows

void AppendNumber(std::string& packet, std::uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) packet.push_back(static_cast<char>(number >> shift));
}

void AppendText(std::string& packet, std::string_view text) {
  AppendNumber(packet, static_cast<std::uint32_t>(text.size()));
  packet.append(text);
}

std::uint32_t NumberAt(const std::string& packet, std::size_t offset) {
  std::uint32_t number = 0;
  for (std::size_t i = offset; i < offset + 4; ++i) number = number << 8 | static_cast<unsigned char>(packet[i]);
  return number;
}

std::optional<std::string> ReadExactly(ssh_channel channel, std::uint32_t size) {
  std::string text(size, '\0');
  for (std::uint32_t filled = 0; filled < size;) {
    const int count = ssh_channel_read(channel, text.data() + filled, size - filled, 0);
    if (count <= 0) return std::nullopt;
    filled += static_cast<std::uint32_t>(count);
  }
  return text;
}

}  // namespace

int PosixRename(sftp_session sftp, std::string_view from, std::string_view to) {
  const std::uint32_t id = ++sftp->id_counter;
  std::string request(1, static_cast<char>(SSH_FXP_EXTENDED));
  AppendNumber(request, id);
  AppendText(request, "posix-rename@openssh.com");
  AppendText(request, from);
  AppendText(request, to);
  std::string packet;
  AppendText(packet, request);
  const auto length = static_cast<std::uint32_t>(packet.size());
  if (ssh_channel_write(sftp->channel, packet.data(), length) != static_cast<int>(length)) return SSH_FX_CONNECTION_LOST;
  const auto size = ReadExactly(sftp->channel, 4);
  if (!size || NumberAt(*size, 0) > kLongestAnswer) return SSH_FX_CONNECTION_LOST;
  const auto answer = ReadExactly(sftp->channel, NumberAt(*size, 0));
  if (!answer || answer->size() < kStatusSize) return SSH_FX_CONNECTION_LOST;
  const bool is_ours = static_cast<unsigned char>((*answer)[0]) == SSH_FXP_STATUS && NumberAt(*answer, 1) == id;
  return is_ours ? static_cast<int>(NumberAt(*answer, 5)) : SSH_FX_BAD_MESSAGE;
}

}  // namespace base::ssh

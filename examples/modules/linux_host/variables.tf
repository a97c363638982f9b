variable "name" {
  description = "Of the sync, for people."
  type        = string
}

variable "dns_names" {
  description = "The names of the certificate; a wildcard is `*.example.com`."
  type        = set(string)
}

variable "external_ca" {
  description = "The handle of the certificate authority: `certwright_external_ca_acme.NAME.handle`."
  type        = string
  sensitive   = true
}

variable "ssh_connection" {
  description = "The handle of the host: `certwright_app_connection_ssh.NAME.handle`."
  type        = string
  sensitive   = true
}

variable "host" {
  description = "Name or address of the host."
  type        = string
}

variable "directory" {
  description = "Where the files go on the host; it has to exist."
  type        = string
  default     = "/etc/ssl/certwright"
}

variable "file_name" {
  description = "Of the files, without `.crt`, `.key`, and the like; with `{{certificateId}}`, which makes it unique."
  type        = string
  default     = "web-{{certificateId}}"
}

variable "after_change" {
  description = "A program and its arguments, run on the host after a change, such as `[\"sudo\", \"systemctl\", \"reload\", \"nginx\"]`. The provider block needs `allow_exec = true`."
  type        = list(string)
  default     = null
}

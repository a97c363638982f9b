# A CA that the platform team's configuration declares, with the same sealing key.
variable "platform_ca" {
  type      = string
  sensitive = true
}

data "certwright_handle" "platform_ca" {
  handle = var.platform_ca
}

output "platform_ca_directory" {
  value = data.certwright_handle.platform_ca.directory_url
}

variable "exec_dns_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

# Refused unless the provider has allow_exec = true.
resource "certwright_app_connection_exec" "dns" {
  program = "/usr/local/lib/certwright/dns-hook"
  environment = {
    DNS_TOKEN = var.exec_dns_token
  }
}

variable "akamai_client_token" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in plaintext in a saved plan
}

variable "akamai_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "akamai_access_token" {
  type      = string
  sensitive = true
  ephemeral = true
}

resource "certwright_app_connection_akamai" "dns" {
  endpoint_url  = "https://akab-host.luna.akamaiapis.net"
  client_token  = var.akamai_client_token
  client_secret = var.akamai_client_secret
  access_token  = var.akamai_access_token
}

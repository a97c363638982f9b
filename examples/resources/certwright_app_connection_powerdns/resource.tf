variable "powerdns_api_key" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_powerdns" "dns" {
  endpoint_url = "https://pdns.example.com:8081"
  api_key      = var.powerdns_api_key
}

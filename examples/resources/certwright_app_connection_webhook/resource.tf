variable "webhook_password" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

resource "certwright_app_connection_webhook" "dns" {
  endpoint_url = "https://dns-hook.example.com/acme"
  username     = "certwright"
  password     = var.webhook_password
}

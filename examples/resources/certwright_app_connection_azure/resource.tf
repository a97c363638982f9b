variable "azure_client_secret" {
  type      = string
  sensitive = true
  ephemeral = true # a variable that is only sensitive is in clear in a saved plan
}

# An application with a client secret.
resource "certwright_app_connection_azure" "dns" {
  tenant_id       = "00000000-0000-0000-0000-000000000000"
  client_id       = "11111111-1111-1111-1111-111111111111"
  client_secret   = var.azure_client_secret
  subscription_id = "22222222-2222-2222-2222-222222222222"
}

# The identity of the virtual machine, container or app at Azure that runs this.
resource "certwright_app_connection_azure" "machine" {
  use_managed_identity = true
}

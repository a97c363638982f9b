# By the id that the lost state showed; the next apply takes the credentials from the configuration and checks them.
terraform import certwright_app_connection_kubernetes.prod kubernetes-0123456789abcdef

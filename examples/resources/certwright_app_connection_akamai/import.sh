# Use the id that the lost state showed. The next apply takes the credentials from the configuration and checks them.
terraform import certwright_app_connection_akamai.dns akamai-0123456789abcdef

mock_provider "certwright" {
  source = "../../mocks"
}

variables {
  name        = "web"
  dns_names   = ["example.com", "www.example.com"]
  external_ca = "cw2:ca::00000000:bW9jaw"

  aws_connection    = "cw2:connection::00000000:bW9jaw"
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"
  listener_arns     = ["arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"]
}

run "attaches_to_each_listener" {
  assert {
    condition     = tolist([for one in certwright_certificate_sync.this.destination.aws_load_balancer.listeners : one.listener_arn]) == var.listener_arns
    error_message = "The listeners are other ones."
  }
}

# The destination's kind, then for each key of `certificates` the object that is there. What carries no mark of Certwright needs
# adopt = true.
terraform import certwright_certificate_sync.acm \
  'aws_certificate_manager/web=arn:aws:acm:eu-west-1:123456789012:certificate/12345678-1234-1234-1234-123456789012'

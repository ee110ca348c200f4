# Who reaches whom. A group without a line here reaches nobody, and nobody reaches it.

locals {
  groups = {
    edge         = "HTTPS from visitors, on to the API"
    api          = "The API: from the edge only"
    photo-worker = "Workers of photos: nobody calls them"
    worker       = "All other workers: nobody calls them"
    migrator     = "armarium migrate: nobody calls it"
    database     = "PostgreSQL: from the processes only"
    endpoints    = "Doors to keys, secrets and logs inside the network"
  }

  processes = toset(["api", "photo-worker", "worker", "migrator"])
  mailing   = var.mail_port == 0 ? toset([]) : toset(["api", "worker"])
}

resource "aws_security_group" "of" {
  #checkov:skip=CKV2_AWS_5:what runs the processes attaches them, and is not made here
  for_each    = local.groups
  name        = "${var.name}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_vpc_security_group_ingress_rule" "visitors" {
  for_each          = toset(var.visitors)
  security_group_id = aws_security_group.of["edge"].id
  description       = "HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "edge_to_api" {
  security_group_id            = aws_security_group.of["edge"].id
  description                  = "To the API"
  referenced_security_group_id = aws_security_group.of["api"].id
  ip_protocol                  = "tcp"
  from_port                    = var.api_port
  to_port                      = var.api_port
}

resource "aws_vpc_security_group_ingress_rule" "api_from_edge" {
  security_group_id            = aws_security_group.of["api"].id
  description                  = "From the edge"
  referenced_security_group_id = aws_security_group.of["edge"].id
  ip_protocol                  = "tcp"
  from_port                    = var.api_port
  to_port                      = var.api_port
}

resource "aws_vpc_security_group_egress_rule" "to_database" {
  for_each                     = local.processes
  security_group_id            = aws_security_group.of[each.value].id
  description                  = "To PostgreSQL"
  referenced_security_group_id = aws_security_group.of["database"].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  for_each                     = local.processes
  security_group_id            = aws_security_group.of["database"].id
  description                  = "From ${each.value}"
  referenced_security_group_id = aws_security_group.of[each.value].id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# The bucket, keys, secrets, login providers and fetched pages are all HTTPS. Where the answer lies
# outside, the way leads through the NAT gateway, and the application's guard says what may be
# fetched (docs/explanation/safety.md).
resource "aws_vpc_security_group_egress_rule" "https" {
  for_each          = local.processes
  security_group_id = aws_security_group.of[each.value].id
  description       = "HTTPS to the bucket, keys and secrets"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "mail" {
  for_each          = local.mailing
  security_group_id = aws_security_group.of[each.value].id
  description       = "To the mail server"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = var.mail_port
  to_port           = var.mail_port
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  for_each                     = local.processes
  security_group_id            = aws_security_group.of["endpoints"].id
  description                  = "From ${each.value}"
  referenced_security_group_id = aws_security_group.of[each.value].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

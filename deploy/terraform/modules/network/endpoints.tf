# Doors to the managed parts inside the network; the bucket's costs nothing, the others by the hour.

locals {
  doors = var.private_endpoints ? toset(["kms", "logs", "secretsmanager", "sts"]) : toset([])
}

resource "aws_vpc_endpoint" "bucket" {
  count             = var.private_endpoints ? 1 : 0
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
}

resource "aws_vpc_endpoint" "door" {
  for_each            = local.doors
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.value}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [for subnet in aws_subnet.private : subnet.id]
  security_group_ids  = [aws_security_group.of["endpoints"].id]
}

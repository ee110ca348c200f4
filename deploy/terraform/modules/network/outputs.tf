output "network" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}

output "private_subnets" {
  description = "Without a way in from outside."
  value       = [for subnet in aws_subnet.private : subnet.id]
}

output "public_subnets" {
  description = "For the edge and the way out."
  value       = [for subnet in aws_subnet.public : subnet.id]
}

output "security_groups" {
  description = "By kind of process; the database's, too."
  value       = { for name, group in aws_security_group.of : name => group.id }
}

output "role_arns" {
  description = "By kind of process."
  value       = { for name, role in aws_iam_role.of : name => role.arn }
}

output "secret_names" {
  description = "By kind of process."
  value       = { for name, secret in aws_secretsmanager_secret.of : name => secret.name }
}

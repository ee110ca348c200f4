# One role and one secret for each kind of process. What a role may do stands in policies/NAME.json,
# which the tests put before a server that enforces it.

locals {
  processes = toset(["api", "photo-worker", "worker", "migrator"])

  # A space's folder is named by its id: that tells it from archives/, imports/ and catalogues/.
  id = "????????-????-????-????-????????????"
}

data "aws_caller_identity" "here" {}

resource "aws_secretsmanager_secret" "of" {
  #checkov:skip=CKV2_AWS_57:rotation is an act of two steps that docs/how-to/keep-secrets.md describes
  for_each    = local.processes
  name        = "${var.name}/${each.value}"
  description = "Settings of ${each.value}; its value is never given to Terraform"
  kms_key_id  = var.key_arn
}

resource "aws_iam_role" "of" {
  for_each             = local.processes
  name                 = "${var.name}-${each.value}"
  max_session_duration = 3600

  assume_role_policy = templatefile("${path.module}/policies/trust.json", {
    service = var.runs_as
    account = data.aws_caller_identity.here.account_id
  })
}

resource "aws_iam_role_policy" "of" {
  for_each = local.processes
  name     = "what-${each.value}-does"
  role     = aws_iam_role.of[each.value].id

  policy = templatefile("${path.module}/policies/${each.value}.json", {
    objects    = "${var.bucket_arn}/${var.prefix}"
    bucket_arn = var.bucket_arn
    id         = local.id
    key_arn    = var.key_arn
    secret_arn = aws_secretsmanager_secret.of[each.value].arn
    region     = var.region
  })
}

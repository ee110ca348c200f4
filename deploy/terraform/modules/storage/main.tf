# One bucket that nobody can make public by accident, and the key of everything at rest.

data "aws_caller_identity" "here" {}
data "aws_partition" "here" {}
data "aws_region" "here" {}

resource "aws_kms_key" "data" {
  description             = "Armarium: objects, secrets and logs"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  policy = templatefile("${path.module}/policies/key.json", {
    account   = data.aws_caller_identity.here.account_id
    partition = data.aws_partition.here.partition
    region    = data.aws_region.here.region
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/${var.bucket}"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_s3_bucket" "pictures" {
  #checkov:skip=CKV_AWS_144:a copy in another region is a choice of the owner; backups are a chapter of their own
  #checkov:skip=CKV2_AWS_62:the product tells of uploads by its own outbox
  #checkov:skip=CKV_AWS_18:switched on by access_logs_bucket; the logs hold addresses of people
  bucket        = var.bucket
  force_destroy = false

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "pictures" {
  bucket                  = aws_s3_bucket.pictures.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  rule {
    # No access lists at all: policies alone say who may.
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "pictures" {
  bucket     = aws_s3_bucket.pictures.id
  depends_on = [aws_s3_bucket_versioning.pictures]

  rule {
    id     = "half-sent"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  rule {
    id     = "former-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.former_versions_days
    }

    expiration {
      expired_object_delete_marker = true
    }
  }
}

resource "aws_s3_bucket_policy" "pictures" {
  bucket     = aws_s3_bucket.pictures.id
  depends_on = [aws_s3_bucket_public_access_block.pictures]

  policy = templatefile("${path.module}/policies/bucket.json", {
    bucket_arn = aws_s3_bucket.pictures.arn
  })
}

resource "aws_s3_bucket_cors_configuration" "pictures" {
  bucket = aws_s3_bucket.pictures.id

  cors_rule {
    # A form that the API has signed (POST), and pictures that a page draws (GET).
    allowed_methods = ["GET", "POST"]
    allowed_origins = var.web_origins
    allowed_headers = ["content-type"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}

resource "aws_s3_bucket_logging" "pictures" {
  count         = var.access_logs_bucket == "" ? 0 : 1
  bucket        = aws_s3_bucket.pictures.id
  target_bucket = var.access_logs_bucket
  target_prefix = "${var.bucket}/"
}

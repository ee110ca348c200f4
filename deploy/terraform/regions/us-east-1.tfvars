region      = "us-east-1"
zones       = ["us-east-1a", "us-east-1b"]
environment = "production"
owner       = "operations"
cost_center = "armarium"
bucket      = "example-armarium-us-east-1"
web_origins = ["https://us.armarium.example"]

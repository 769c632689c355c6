# Of two servers that are there: whether the one reaches the other, and by which component it does not.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region      = "us-east-1"
  access_key  = "333333333333"
  secret_key  = "causeway"
  max_retries = 2
}
data "aws_vpc" "default" { default = true }
data "aws_internet_gateway" "default" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
variable "from" { type = string }
variable "to" { type = string }
resource "aws_ec2_network_insights_path" "open" {
  source           = "arn:aws:ec2:us-east-1:333333333333:instance/${var.from}"
  destination      = var.to
  protocol         = "tcp"
  destination_port = 443
  tags             = { Name = "open" }
}
resource "aws_ec2_network_insights_path" "closed" {
  source           = data.aws_internet_gateway.default.id
  destination      = var.to
  protocol         = "tcp"
  destination_port = 22
}
resource "aws_ec2_network_insights_analysis" "open" {
  network_insights_path_id = aws_ec2_network_insights_path.open.id
  wait_for_completion      = true
  tags                     = { Name = "open" }
}
resource "aws_ec2_network_insights_analysis" "closed" {
  network_insights_path_id = aws_ec2_network_insights_path.closed.id
  wait_for_completion      = true
}
data "aws_ec2_network_insights_analysis" "open" {
  network_insights_analysis_id = aws_ec2_network_insights_analysis.open.id
}
data "aws_ec2_network_insights_path" "open" {
  network_insights_path_id = aws_ec2_network_insights_path.open.id
}
output "found" {
  value = {
    open        = aws_ec2_network_insights_analysis.open.path_found
    closed      = aws_ec2_network_insights_analysis.closed.path_found
    components  = data.aws_ec2_network_insights_analysis.open.forward_path_components[*].component[0].id
    rule        = aws_ec2_network_insights_analysis.open.forward_path_components[2].security_group_rule[0].cidr
    codes       = aws_ec2_network_insights_analysis.closed.explanations[*].explanation_code
    destination = data.aws_ec2_network_insights_path.open.destination
  }
}

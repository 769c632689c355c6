# A VPC without any way out, whose instances Systems Manager reaches by interface endpoints, as published walk-throughs build it.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region     = "us-east-1"
  access_key = "888888888888"
  secret_key = "causeway"
}

variable "services" {
  type    = set(string)
  default = ["ssm", "ssmmessages", "ec2messages"]
}

data "aws_vpc_endpoint_service" "each" {
  for_each     = var.services
  service      = each.key
  service_type = "Interface"
}

resource "aws_vpc" "private" {
  cidr_block           = "172.16.0.0/24"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = "private" }
}

resource "aws_subnet" "isolated" {
  vpc_id     = aws_vpc.private.id
  cidr_block = "172.16.0.0/25"
}

resource "aws_route_table" "isolated" { vpc_id = aws_vpc.private.id }

resource "aws_route_table_association" "isolated" {
  subnet_id      = aws_subnet.isolated.id
  route_table_id = aws_route_table.isolated.id
}

resource "aws_security_group" "instances" {
  name   = "instances"
  vpc_id = aws_vpc.private.id
  ingress {
    description = "ping"
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["172.16.0.0/16"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "endpoints" {
  name   = "endpoints"
  vpc_id = aws_vpc.private.id
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.instances.id]
  }
}

resource "aws_vpc_endpoint" "systems_manager" {
  for_each            = data.aws_vpc_endpoint_service.each
  vpc_id              = aws_vpc.private.id
  service_name        = each.value.service_name
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.isolated.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  tags                = { Name = each.key }
}

resource "aws_iam_role" "agent" {
  name = "agent"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "agent" {
  role       = aws_iam_role.agent.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "agent" {
  name = "agent"
  role = aws_iam_role.agent.name
}

resource "aws_instance" "one" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.isolated.id
  vpc_security_group_ids = [aws_security_group.instances.id]
  iam_instance_profile   = aws_iam_instance_profile.agent.name
  tags                   = { Name = "private-one" }
}

resource "aws_instance" "two" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.isolated.id
  private_ip             = "172.16.0.20"
  vpc_security_group_ids = [aws_security_group.instances.id]
  tags                   = { Name = "private-two" }
}

output "instance" { value = aws_instance.one.id }
output "subnet" { value = aws_subnet.isolated.id }
output "dns_names" { value = { for name, endpoint in aws_vpc_endpoint.systems_manager : name => endpoint.dns_entry[*].dns_name } }

# One Region's site: a VPC that no internet reaches, with a server, the endpoints of Systems Manager, and a transit gateway.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "name" { type = string }
variable "cidr" { type = string }
variable "asn" { type = number }
variable "instance_profile" { type = string }
variable "default_association" {
  type    = bool
  default = true
}

data "aws_region" "here" {}
data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_subnet" "this" {
  vpc_id     = aws_vpc.this.id
  cidr_block = var.cidr
  tags       = { Name = var.name }
}

resource "aws_ec2_transit_gateway" "this" {
  description     = var.name
  amazon_side_asn = var.asn
  tags            = { Name = var.name }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  transit_gateway_id                              = aws_ec2_transit_gateway.this.id
  vpc_id                                          = aws_vpc.this.id
  subnet_ids                                      = [aws_subnet.this.id]
  transit_gateway_default_route_table_association = var.default_association
  tags                                            = { Name = var.name }
}

resource "aws_route" "others" {
  route_table_id         = aws_vpc.this.main_route_table_id
  destination_cidr_block = "172.16.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.this.transit_gateway_id
}

resource "aws_security_group" "server" {
  name   = "server"
  vpc_id = aws_vpc.this.id
  ingress {
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
  vpc_id = aws_vpc.this.id
  ingress {
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
    security_groups = [aws_security_group.server.id]
  }
}

resource "aws_vpc_endpoint" "this" {
  for_each            = toset(["ssm", "ssmmessages", "ec2messages"])
  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.here.name}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = [aws_subnet.this.id]
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}

resource "aws_instance" "server" {
  ami                    = data.aws_ssm_parameter.ami.insecure_value
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.this.id
  vpc_security_group_ids = [aws_security_group.server.id]
  iam_instance_profile   = var.instance_profile
  tags                   = { Name = "${var.name}-server" }
}

output "transit_gateway" { value = aws_ec2_transit_gateway.this }
output "attachment_id" { value = aws_ec2_transit_gateway_vpc_attachment.this.id }
output "server" {
  value = {
    id      = aws_instance.server.id
    address = aws_instance.server.private_ip
    region  = data.aws_region.here.name
  }
}

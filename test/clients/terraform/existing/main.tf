# What is there already, looked up and adopted; and what is put together from parts: attachments, associations, tags of others' things.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region      = "us-east-1"
  access_key  = "777777777777"
  secret_key  = "causeway"
  max_retries = 2
}
data "aws_vpc" "default" { default = true }
data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
data "aws_subnet" "one" { id = data.aws_subnets.default.ids[0] }
data "aws_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  name   = "default"
}
data "aws_route_table" "main" {
  vpc_id = data.aws_vpc.default.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
}
data "aws_internet_gateway" "default" {
  filter {
    name   = "attachment.vpc-id"
    values = [data.aws_vpc.default.id]
  }
}
data "aws_ami" "al2023" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}
data "aws_ec2_instance_type" "micro" { instance_type = "t3.micro" }
data "aws_regions" "all" {}
data "aws_partition" "here" {}
data "aws_network_acls" "all" { vpc_id = data.aws_vpc.default.id }
resource "aws_default_vpc" "here" {}
resource "aws_default_subnet" "a" { availability_zone = "us-east-1a" }
resource "aws_instance" "web" {
  ami           = data.aws_ami.al2023.id
  instance_type = data.aws_ec2_instance_type.micro.instance_type
  count         = 2
  user_data     = "#!/bin/sh\ntrue\n"
  tags          = { Name = "web-${count.index}" }
}
resource "aws_network_interface" "extra" {
  subnet_id = aws_instance.web[0].subnet_id
}
resource "aws_network_interface_attachment" "extra" {
  instance_id          = aws_instance.web[0].id
  network_interface_id = aws_network_interface.extra.id
  device_index         = 1
}
resource "aws_network_interface_sg_attachment" "extra" {
  security_group_id    = aws_security_group.extra.id
  network_interface_id = aws_instance.web[1].primary_network_interface_id
}
resource "aws_security_group" "extra" {
  vpc_id = data.aws_vpc.default.id
}
resource "aws_eip" "web" {
  domain = "vpc"
}
resource "aws_eip_association" "web" {
  instance_id   = aws_instance.web[1].id
  allocation_id = aws_eip.web.id
}
resource "aws_ssm_parameter" "address" {
  name  = "/web/address"
  type  = "String"
  value = aws_instance.web[0].private_ip
}
resource "aws_ec2_tag" "extra" {
  resource_id = data.aws_route_table.main.id
  key         = "Owner"
  value       = "network"
}
resource "aws_main_route_table_association" "other" {
  vpc_id         = aws_vpc.other.id
  route_table_id = aws_route_table.other.id
}
resource "aws_vpc" "other" { cidr_block = "10.77.0.0/16" }
resource "aws_route_table" "other" { vpc_id = aws_vpc.other.id }
resource "aws_network_acl_association" "other" {
  network_acl_id = aws_network_acl.other.id
  subnet_id      = aws_subnet.other.id
}
resource "aws_network_acl" "other" { vpc_id = aws_vpc.other.id }
resource "aws_subnet" "other" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.77.1.0/24"
}
resource "aws_iam_policy" "read" {
  name   = "read"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:Describe*", Resource = "*" }] })
}
resource "aws_iam_role" "server" {
  name               = "web"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "inline" {
  name   = "inline"
  role   = aws_iam_role.server.id
  policy = aws_iam_policy.read.policy
}
resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.server.name
  policy_arn = aws_iam_policy.read.arn
}

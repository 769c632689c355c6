# Two accounts by roles that are assumed in each, as a central pipeline does it.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  alias       = "requester"
  region      = "us-east-1"
  access_key  = "999999999999"
  secret_key  = "causeway"
  max_retries = 2
  assume_role {
    role_arn = "arn:aws:iam::333333333333:role/network"
  }
}

provider "aws" {
  alias       = "accepter"
  region      = "us-east-1"
  access_key  = "999999999999"
  secret_key  = "causeway"
  max_retries = 2
  assume_role {
    role_arn = "arn:aws:iam::444444444444:role/network"
  }
}

data "aws_caller_identity" "accepter" {
  provider = aws.accepter
}

resource "aws_vpc_peering_connection" "departments" {
  provider      = aws.requester
  vpc_id        = aws_vpc.requester.id
  peer_vpc_id   = aws_vpc.accepter.id
  peer_owner_id = data.aws_caller_identity.accepter.account_id
}

resource "aws_vpc_peering_connection_accepter" "departments" {
  provider                  = aws.accepter
  vpc_peering_connection_id = aws_vpc_peering_connection.departments.id
  auto_accept               = true
}

resource "aws_vpc_peering_connection_options" "accepter" {
  provider                  = aws.accepter
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.departments.id
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
}

resource "aws_vpc" "requester" {
  provider             = aws.requester
  cidr_block           = "10.3.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "requester" {
  provider   = aws.requester
  vpc_id     = aws_vpc.requester.id
  cidr_block = "10.3.1.0/24"
}

resource "aws_security_group" "requester" {
  provider = aws.requester
  name     = "server"
  vpc_id   = aws_vpc.requester.id
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "requester" {
  provider               = aws.requester
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.requester.id
  vpc_security_group_ids = [aws_security_group.requester.id]
  tags                   = { Name = "roles-requester" }
}

resource "aws_route" "requester" {
  provider                  = aws.requester
  route_table_id            = aws_vpc.requester.main_route_table_id
  destination_cidr_block    = aws_vpc.accepter.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.departments.id
}

resource "aws_vpc" "accepter" {
  provider             = aws.accepter
  cidr_block           = "10.4.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "accepter" {
  provider   = aws.accepter
  vpc_id     = aws_vpc.accepter.id
  cidr_block = "10.4.1.0/24"
}

resource "aws_security_group" "accepter" {
  provider = aws.accepter
  name     = "server"
  vpc_id   = aws_vpc.accepter.id
  ingress {
    protocol    = "icmp"
    from_port   = -1
    to_port     = -1
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "accepter" {
  provider               = aws.accepter
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.accepter.id
  vpc_security_group_ids = [aws_security_group.accepter.id]
  tags                   = { Name = "roles-accepter" }
}

resource "aws_route" "accepter" {
  provider                  = aws.accepter
  route_table_id            = aws_vpc.accepter.main_route_table_id
  destination_cidr_block    = aws_vpc.requester.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.departments.id
}

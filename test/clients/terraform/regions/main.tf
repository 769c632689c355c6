# One account, two Regions: the accepter's Region accepts.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  alias       = "requester"
  region      = "us-east-1"
  access_key  = "555555555555"
  secret_key  = "causeway"
  max_retries = 2
}

provider "aws" {
  alias       = "accepter"
  region      = "eu-west-1"
  access_key  = "555555555555"
  secret_key  = "causeway"
  max_retries = 2
}

resource "aws_vpc_peering_connection" "departments" {
  provider    = aws.requester
  vpc_id      = aws_vpc.requester.id
  peer_vpc_id = aws_vpc.accepter.id
  peer_region = "eu-west-1"
  tags        = { Side = "requester" }
}

resource "aws_vpc_peering_connection_accepter" "departments" {
  provider                  = aws.accepter
  vpc_peering_connection_id = aws_vpc_peering_connection.departments.id
  auto_accept               = true
  tags                      = { Side = "accepter" }
}

resource "aws_vpc" "requester" {
  provider   = aws.requester
  cidr_block = "10.5.0.0/16"
}

resource "aws_subnet" "requester" {
  provider   = aws.requester
  vpc_id     = aws_vpc.requester.id
  cidr_block = "10.5.1.0/24"
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
  tags                   = { Name = "regions-requester" }
}

resource "aws_route" "requester" {
  provider                  = aws.requester
  route_table_id            = aws_vpc.requester.main_route_table_id
  destination_cidr_block    = aws_vpc.accepter.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.departments.id
}

resource "aws_vpc" "accepter" {
  provider   = aws.accepter
  cidr_block = "10.6.0.0/16"
}

resource "aws_subnet" "accepter" {
  provider   = aws.accepter
  vpc_id     = aws_vpc.accepter.id
  cidr_block = "10.6.1.0/24"
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
  tags                   = { Name = "regions-accepter" }
}

resource "aws_route" "accepter" {
  provider                  = aws.accepter
  route_table_id            = aws_vpc.accepter.main_route_table_id
  destination_cidr_block    = aws_vpc.requester.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.departments.id
}

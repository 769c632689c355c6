# A transit gateway that one account shares with another by Resource Access Manager, and that the other attaches a VPC to.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  alias      = "owner"
  region     = "us-east-1"
  access_key = "121212121212"
  secret_key = "causeway"
}

provider "aws" {
  alias      = "member"
  region     = "us-east-1"
  access_key = "131313131313"
  secret_key = "causeway"
}

data "aws_caller_identity" "member" { provider = aws.member }

resource "aws_ec2_transit_gateway" "hub" {
  provider                       = aws.owner
  auto_accept_shared_attachments = "enable"
  tags                           = { Name = "hub" }
}

resource "aws_ram_resource_share" "hub" {
  provider                  = aws.owner
  name                      = "hub"
  allow_external_principals = true
  tags                      = { Name = "hub" }
}

resource "aws_ram_resource_association" "hub" {
  provider           = aws.owner
  resource_arn       = aws_ec2_transit_gateway.hub.arn
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_ram_principal_association" "member" {
  provider           = aws.owner
  principal          = data.aws_caller_identity.member.account_id
  resource_share_arn = aws_ram_resource_share.hub.arn
}

resource "aws_ram_resource_share_accepter" "hub" {
  provider   = aws.member
  share_arn  = aws_ram_principal_association.member.resource_share_arn
  depends_on = [aws_ram_resource_association.hub]
}

resource "aws_vpc" "member" {
  provider   = aws.member
  cidr_block = "10.30.0.0/16"
}

resource "aws_subnet" "member" {
  provider   = aws.member
  vpc_id     = aws_vpc.member.id
  cidr_block = "10.30.1.0/24"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "member" {
  provider           = aws.member
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.member.id
  subnet_ids         = [aws_subnet.member.id]
  depends_on         = [aws_ram_resource_share_accepter.hub]
}

output "status" { value = aws_ram_resource_share_accepter.hub.status }
output "resources" { value = aws_ram_resource_share_accepter.hub.resources }
output "gateway" { value = aws_ec2_transit_gateway.hub.arn }

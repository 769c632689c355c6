# Two accounts: the network account shares its transit gateways, the department's account attaches VPCs to them. One gateway's owner
# accepts each attachment; the other one's accepts them unseen.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  alias       = "network"
  region      = "us-east-1"
  access_key  = "111111111111"
  secret_key  = "causeway"
  max_retries = 2
}

provider "aws" {
  alias       = "department"
  region      = "us-east-1"
  access_key  = "222222222222"
  secret_key  = "causeway"
  max_retries = 2
}

locals {
  # By name, the gateway that each of the department's VPCs is attached to.
  departments = { asked = "10.71", unasked = "10.72" }
}

data "aws_caller_identity" "department" {
  provider = aws.department
}

resource "aws_ec2_transit_gateway" "asked" {
  provider = aws.network
  tags     = { Name = "asked" }
}

resource "aws_ec2_transit_gateway" "unasked" {
  provider                       = aws.network
  auto_accept_shared_attachments = "enable"
  tags                           = { Name = "unasked" }
}

# The share, its invitation and its acceptance.

resource "aws_ram_resource_share" "gateways" {
  provider                  = aws.network
  name                      = "gateways"
  allow_external_principals = true
}

resource "aws_ram_resource_association" "gateway" {
  provider           = aws.network
  for_each           = { asked = aws_ec2_transit_gateway.asked.arn, unasked = aws_ec2_transit_gateway.unasked.arn }
  resource_share_arn = aws_ram_resource_share.gateways.arn
  resource_arn       = each.value
}

resource "aws_ram_principal_association" "department" {
  provider           = aws.network
  resource_share_arn = aws_ram_resource_share.gateways.arn
  principal          = data.aws_caller_identity.department.account_id
}

resource "aws_ram_resource_share_accepter" "department" {
  provider   = aws.department
  share_arn  = aws_ram_principal_association.department.resource_share_arn
  depends_on = [aws_ram_resource_association.gateway]
}

# The network account's VPC, attached to both gateways.

resource "aws_vpc" "hub" {
  provider   = aws.network
  cidr_block = "10.70.0.0/16"
}

resource "aws_subnet" "hub" {
  provider   = aws.network
  vpc_id     = aws_vpc.hub.id
  cidr_block = "10.70.1.0/24"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "hub" {
  provider           = aws.network
  for_each           = { asked = aws_ec2_transit_gateway.asked.id, unasked = aws_ec2_transit_gateway.unasked.id }
  transit_gateway_id = each.value
  vpc_id             = aws_vpc.hub.id
  subnet_ids         = [aws_subnet.hub.id]
}

resource "aws_route" "hub" {
  provider               = aws.network
  for_each               = local.departments
  route_table_id         = aws_vpc.hub.main_route_table_id
  destination_cidr_block = "${each.value}.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway_vpc_attachment.hub[each.key].transit_gateway_id
}

resource "aws_security_group" "hub" {
  provider = aws.network
  vpc_id   = aws_vpc.hub.id
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

resource "aws_instance" "hub" {
  provider               = aws.network
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.hub.id
  vpc_security_group_ids = [aws_security_group.hub.id]
  tags                   = { Name = "shared-hub" }
}

# The department's VPCs, each attached to one of the gateways that it was given a share of.

resource "aws_vpc" "department" {
  provider   = aws.department
  for_each   = local.departments
  cidr_block = "${each.value}.0.0/16"
}

resource "aws_subnet" "department" {
  provider   = aws.department
  for_each   = local.departments
  vpc_id     = aws_vpc.department[each.key].id
  cidr_block = "${each.value}.1.0/24"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "asked" {
  provider           = aws.department
  transit_gateway_id = aws_ec2_transit_gateway.asked.id
  vpc_id             = aws_vpc.department["asked"].id
  subnet_ids         = [aws_subnet.department["asked"].id]
  tags               = { Side = "department" }
  depends_on         = [aws_ram_resource_share_accepter.department]
}

resource "aws_ec2_transit_gateway_vpc_attachment_accepter" "asked" {
  provider                      = aws.network
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.asked.id
  tags                          = { Side = "network" }
}

resource "aws_ec2_transit_gateway_vpc_attachment" "unasked" {
  provider           = aws.department
  transit_gateway_id = aws_ec2_transit_gateway.unasked.id
  vpc_id             = aws_vpc.department["unasked"].id
  subnet_ids         = [aws_subnet.department["unasked"].id]
  depends_on         = [aws_ram_resource_share_accepter.department]
}

resource "aws_route" "department" {
  provider = aws.department
  for_each = {
    asked   = aws_ec2_transit_gateway_vpc_attachment_accepter.asked.transit_gateway_id
    unasked = aws_ec2_transit_gateway_vpc_attachment.unasked.transit_gateway_id
  }
  route_table_id         = aws_vpc.department[each.key].main_route_table_id
  destination_cidr_block = aws_vpc.hub.cidr_block
  transit_gateway_id     = each.value
}

resource "aws_security_group" "department" {
  provider = aws.department
  for_each = local.departments
  vpc_id   = aws_vpc.department[each.key].id
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

resource "aws_instance" "department" {
  provider               = aws.department
  for_each               = local.departments
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.department[each.key].id
  vpc_security_group_ids = [aws_security_group.department[each.key].id]
  tags                   = { Name = "shared-${each.key}" }
}

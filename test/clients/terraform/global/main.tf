# A global network: a site in each of two Regions, their transit gateways peered, and static routes on both sides. Virginia's gateway
# does with its default route table. Ireland's VPC is associated with a table of its own, which finds Virginia by a prefix list; the
# default table is left to what comes from the peering.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  alias       = "virginia"
  region      = "us-east-1"
  access_key  = "888888888888"
  secret_key  = "causeway"
  max_retries = 2
}

provider "aws" {
  alias       = "ireland"
  region      = "eu-west-1"
  access_key  = "888888888888"
  secret_key  = "causeway"
  max_retries = 2
}

module "virginia" {
  source           = "./site"
  providers        = { aws = aws.virginia }
  name             = "virginia"
  cidr             = "172.16.0.0/24"
  asn              = 64512
  instance_profile = aws_iam_instance_profile.server.name
}

module "ireland" {
  source              = "./site"
  providers           = { aws = aws.ireland }
  name                = "ireland"
  cidr                = "172.16.1.0/24"
  asn                 = 64513
  default_association = false
  instance_profile    = aws_iam_instance_profile.server.name
}

# The peering: Ireland asks, Virginia accepts.

resource "aws_ec2_transit_gateway_peering_attachment" "this" {
  provider                = aws.ireland
  transit_gateway_id      = module.ireland.transit_gateway.id
  peer_transit_gateway_id = module.virginia.transit_gateway.id
  peer_account_id         = module.virginia.transit_gateway.owner_id
  peer_region             = "us-east-1"
  tags                    = { Side = "requester" }
}

resource "aws_ec2_transit_gateway_peering_attachment_accepter" "this" {
  provider                      = aws.virginia
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.this.id
  tags                          = { Side = "accepter" }
}

# Virginia: all in the default table.

resource "aws_ec2_transit_gateway_route" "virginia_to_ireland" {
  provider                       = aws.virginia
  transit_gateway_route_table_id = module.virginia.transit_gateway.association_default_route_table_id
  destination_cidr_block         = "172.16.1.0/24"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment_accepter.this.id
}

# Ireland: a table for the VPC, and the default one for the peering.

resource "aws_ec2_transit_gateway_route_table" "servers" {
  provider           = aws.ireland
  transit_gateway_id = module.ireland.transit_gateway.id
  tags               = { Name = "servers" }
}

resource "aws_ec2_transit_gateway_route_table_association" "servers" {
  provider                       = aws.ireland
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.servers.id
  transit_gateway_attachment_id  = module.ireland.attachment_id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "servers" {
  provider                       = aws.ireland
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.servers.id
  transit_gateway_attachment_id  = module.ireland.attachment_id
}

resource "aws_ec2_managed_prefix_list" "virginia" {
  provider       = aws.ireland
  name           = "virginia"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "172.16.0.0/24"
  }
}

resource "aws_ec2_transit_gateway_prefix_list_reference" "ireland_to_virginia" {
  provider                       = aws.ireland
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.servers.id
  prefix_list_id                 = aws_ec2_managed_prefix_list.virginia.id
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.this.id
  depends_on                     = [aws_ec2_transit_gateway_peering_attachment_accepter.this]
}

resource "aws_ec2_transit_gateway_route" "lab_to_virginia" {
  provider                       = aws.ireland
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.servers.id
  destination_cidr_block         = "172.17.0.0/16"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.this.id
  depends_on                     = [aws_ec2_transit_gateway_peering_attachment_accepter.this]
}

resource "aws_ec2_transit_gateway_route" "nowhere" {
  provider                       = aws.ireland
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.servers.id
  destination_cidr_block         = "172.16.99.0/24"
  blackhole                      = true
}

# The role is global.

resource "aws_iam_role" "server" {
  provider = aws.virginia
  name     = "global-server"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "ssm" {
  provider   = aws.virginia
  role       = aws_iam_role.server.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "server" {
  provider = aws.virginia
  name     = "global-server"
  role     = aws_iam_role.server.name
}

output "servers" {
  value = [module.virginia.server, module.ireland.server]
}

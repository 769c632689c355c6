# A hub without default route tables: three VPCs, two route tables, and a peering within the Region. Its second step changes in place
# what can be changed, and every data source of transit gateways reads what is there.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "step" {
  type    = number
  default = 1
}

provider "aws" {
  region      = "us-east-1"
  access_key  = "999999999999"
  secret_key  = "causeway"
  max_retries = 2
}

locals {
  first = var.step == 1
}

resource "aws_ec2_transit_gateway" "hub" {
  description                        = "step ${var.step}"
  default_route_table_association    = "disable"
  default_route_table_propagation    = "disable"
  dns_support                        = local.first ? "enable" : "disable"
  security_group_referencing_support = "enable"
  transit_gateway_cidr_blocks        = local.first ? ["10.200.0.0/24"] : ["10.201.0.0/24"]
  tags                               = { Name = "hub", Step = var.step }
}

resource "aws_vpc" "spoke" {
  count      = 3
  cidr_block = "10.${count.index + 1}.0.0/16"
}

resource "aws_subnet" "a" {
  count             = 3
  vpc_id            = aws_vpc.spoke[count.index].id
  cidr_block        = "10.${count.index + 1}.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "b" {
  count             = 3
  vpc_id            = aws_vpc.spoke[count.index].id
  cidr_block        = "10.${count.index + 1}.2.0/24"
  availability_zone = "us-east-1b"
}

resource "aws_ec2_transit_gateway_vpc_attachment" "spoke" {
  count                                           = 3
  transit_gateway_id                              = aws_ec2_transit_gateway.hub.id
  vpc_id                                          = aws_vpc.spoke[count.index].id
  subnet_ids                                      = concat([aws_subnet.a[count.index].id], local.first ? [] : [aws_subnet.b[count.index].id])
  appliance_mode_support                          = local.first ? "disable" : "enable"
  security_group_referencing_support              = "enable"
  transit_gateway_default_route_table_association = false
  transit_gateway_default_route_table_propagation = false
}

resource "aws_ec2_transit_gateway_route_table" "this" {
  count              = 2
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}

resource "aws_ec2_transit_gateway_route_table_association" "spoke" {
  count                          = 3
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke[count.index].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[count.index % 2].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spoke" {
  count                          = 3
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke[count.index].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[(count.index + 1) % 2].id
}

resource "aws_ec2_transit_gateway_route" "default" {
  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.spoke[local.first ? 0 : 1].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[0].id
}

resource "aws_ec2_managed_prefix_list" "offices" {
  name           = "offices"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr = "10.50.0.0/16"
  }
}

resource "aws_ec2_transit_gateway_prefix_list_reference" "offices" {
  prefix_list_id                 = aws_ec2_managed_prefix_list.offices.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[0].id
  blackhole                      = local.first
  transit_gateway_attachment_id  = local.first ? null : aws_ec2_transit_gateway_vpc_attachment.spoke[1].id
}

# Within a Region each side of a peering has an id of its own: the accepter's is looked up.

resource "aws_ec2_transit_gateway" "near" {}

resource "aws_ec2_transit_gateway_peering_attachment" "near" {
  transit_gateway_id      = aws_ec2_transit_gateway.hub.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.near.id
  peer_region             = "us-east-1"
  options {
    dynamic_routing = "disable"
  }
}

data "aws_ec2_transit_gateway_peering_attachment" "near" {
  filter {
    name   = "transit-gateway-id"
    values = [aws_ec2_transit_gateway.near.id]
  }
  filter {
    name   = "state"
    values = ["pendingAcceptance", "available"]
  }
  depends_on = [aws_ec2_transit_gateway_peering_attachment.near]
}

resource "aws_ec2_transit_gateway_peering_attachment_accepter" "near" {
  transit_gateway_attachment_id = data.aws_ec2_transit_gateway_peering_attachment.near.id
}

# Every look that the provider can take.

data "aws_ec2_transit_gateway" "hub" {
  filter {
    name   = "tag:Name"
    values = [aws_ec2_transit_gateway.hub.tags.Name]
  }
}

data "aws_ec2_transit_gateway_attachment" "first" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.spoke[0].id
}

data "aws_ec2_transit_gateway_attachments" "all" {
  filter {
    name   = "transit-gateway-id"
    values = [aws_ec2_transit_gateway.hub.id]
  }
  depends_on = [
    aws_ec2_transit_gateway_vpc_attachment.spoke,
    aws_ec2_transit_gateway_peering_attachment_accepter.near,
  ]
}

data "aws_ec2_transit_gateway_vpc_attachment" "first" {
  id = aws_ec2_transit_gateway_vpc_attachment.spoke[0].id
}

data "aws_ec2_transit_gateway_vpc_attachments" "all" {
  filter {
    name   = "transit-gateway-id"
    values = [aws_ec2_transit_gateway.hub.id]
  }
  depends_on = [aws_ec2_transit_gateway_vpc_attachment.spoke]
}

data "aws_ec2_transit_gateway_route_table" "first" {
  id = aws_ec2_transit_gateway_route_table.this[0].id
}

data "aws_ec2_transit_gateway_route_tables" "all" {
  filter {
    name   = "transit-gateway-id"
    values = [aws_ec2_transit_gateway.hub.id]
  }
  depends_on = [aws_ec2_transit_gateway_route_table.this]
}

data "aws_ec2_transit_gateway_route_table_associations" "first" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[0].id
  depends_on                     = [aws_ec2_transit_gateway_route_table_association.spoke]
}

data "aws_ec2_transit_gateway_route_table_propagations" "first" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[0].id
  depends_on                     = [aws_ec2_transit_gateway_route_table_propagation.spoke]
}

data "aws_ec2_transit_gateway_route_table_routes" "first" {
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.this[0].id
  filter {
    name   = "type"
    values = ["static", "propagated"]
  }
  depends_on = [
    aws_ec2_transit_gateway_route.default,
    aws_ec2_transit_gateway_route_table_propagation.spoke,
    aws_ec2_transit_gateway_prefix_list_reference.offices,
  ]
}

output "counts" {
  value = {
    attachments     = length(data.aws_ec2_transit_gateway_attachments.all.ids)
    vpc_attachments = length(data.aws_ec2_transit_gateway_vpc_attachments.all.ids)
    route_tables    = length(data.aws_ec2_transit_gateway_route_tables.all.ids)
    associations    = length(data.aws_ec2_transit_gateway_route_table_associations.first.ids)
    propagations    = length(data.aws_ec2_transit_gateway_route_table_propagations.first.ids)
    routes          = [for route in data.aws_ec2_transit_gateway_route_table_routes.first.routes : "${route.destination_cidr_block} ${route.type} ${route.state}"]
  }
}

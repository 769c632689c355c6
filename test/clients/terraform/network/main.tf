# Everything of one account's network that the provider can manage, in two peered VPCs of one Region.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region      = "us-east-1"
  access_key  = "666666666666"
  secret_key  = "causeway"
  max_retries = 2
  default_tags {
    tags = { Project = "departments" }
  }
}

data "aws_caller_identity" "me" {}
data "aws_region" "here" {}
data "aws_availability_zones" "all" { state = "available" }
data "aws_ssm_parameter" "ami" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
}

# Marketing: public and private subnets, dual-stack, every kind of gateway.

resource "aws_vpc" "marketing" {
  cidr_block                       = "10.10.0.0/16"
  enable_dns_hostnames             = true
  assign_generated_ipv6_cidr_block = true
  tags                             = { Name = "marketing" }
}

resource "aws_vpc_ipv4_cidr_block_association" "more" {
  vpc_id     = aws_vpc.marketing.id
  cidr_block = "10.11.0.0/16"
}

resource "aws_subnet" "public" {
  vpc_id                          = aws_vpc.marketing.id
  cidr_block                      = "10.10.1.0/24"
  ipv6_cidr_block                 = cidrsubnet(aws_vpc.marketing.ipv6_cidr_block, 8, 1)
  availability_zone               = data.aws_availability_zones.all.names[0]
  map_public_ip_on_launch         = true
  assign_ipv6_address_on_creation = true
  tags                            = { Name = "marketing-public" }
}

resource "aws_subnet" "private" {
  vpc_id            = aws_vpc_ipv4_cidr_block_association.more.vpc_id
  cidr_block        = "10.11.1.0/24"
  ipv6_cidr_block   = cidrsubnet(aws_vpc.marketing.ipv6_cidr_block, 8, 2)
  availability_zone = data.aws_availability_zones.all.names[1]
  tags              = { Name = "marketing-private" }
}

resource "aws_internet_gateway" "marketing" {
  vpc_id = aws_vpc.marketing.id
}

resource "aws_egress_only_internet_gateway" "marketing" {
  vpc_id = aws_vpc.marketing.id
}

resource "aws_eip" "nat" {
  domain     = "vpc"
  depends_on = [aws_internet_gateway.marketing]
}

resource "aws_nat_gateway" "marketing" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public.id
}

resource "aws_ec2_managed_prefix_list" "partners" {
  name           = "partners"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr        = "10.20.0.0/16"
    description = "finance"
  }
  entry {
    cidr = "10.30.0.0/16"
  }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.marketing.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.marketing.id
  }
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.marketing.id
  }
  route {
    cidr_block                = aws_vpc.finance.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.departments.id
  }
  tags = { Name = "marketing-public" }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.marketing.id
}

resource "aws_route" "private_out" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.marketing.id
}

resource "aws_route" "private_out_ipv6" {
  route_table_id              = aws_route_table.private.id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.marketing.id
}

resource "aws_route" "private_to_partners" {
  route_table_id             = aws_route_table.private.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.partners.id
  vpc_peering_connection_id  = aws_vpc_peering_connection.departments.id
}

resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  subnet_id      = aws_subnet.private.id
  route_table_id = aws_route_table.private.id
}

# Finance: the main route table and the default network ACL and security group are Terraform's.

resource "aws_vpc" "finance" {
  cidr_block           = "10.20.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "finance" }
}

resource "aws_subnet" "finance" {
  vpc_id     = aws_vpc.finance.id
  cidr_block = "10.20.1.0/24"
}

resource "aws_default_route_table" "finance" {
  default_route_table_id = aws_vpc.finance.default_route_table_id
  route {
    cidr_block                = aws_vpc.marketing.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.departments.id
  }
}

resource "aws_default_network_acl" "finance" {
  default_network_acl_id = aws_vpc.finance.default_network_acl_id
  ingress {
    rule_no    = 100
    protocol   = "-1"
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 0
    to_port    = 0
  }
  egress {
    rule_no    = 100
    protocol   = "-1"
    action     = "allow"
    cidr_block = "0.0.0.0/0"
    from_port  = 0
    to_port    = 0
  }
  lifecycle {
    ignore_changes = [subnet_ids]
  }
}

resource "aws_default_security_group" "finance" {
  vpc_id = aws_vpc.finance.id
}

resource "aws_network_acl" "finance" {
  vpc_id     = aws_vpc.finance.id
  subnet_ids = [aws_subnet.finance.id]
  ingress {
    rule_no    = 90
    protocol   = "icmp"
    action     = "allow"
    cidr_block = "10.10.0.0/16"
    icmp_type  = -1
    icmp_code  = -1
    from_port  = 0
    to_port    = 0
  }
  ingress {
    rule_no    = 100
    protocol   = "tcp"
    action     = "allow"
    cidr_block = "10.0.0.0/8"
    from_port  = 1
    to_port    = 65535
  }
}

resource "aws_network_acl_rule" "finance_out" {
  network_acl_id = aws_network_acl.finance.id
  egress         = true
  rule_number    = 100
  protocol       = "-1"
  rule_action    = "allow"
  cidr_block     = "0.0.0.0/0"
}

resource "aws_vpc_dhcp_options" "finance" {
  domain_name         = "finance.example"
  domain_name_servers = ["AmazonProvidedDNS"]
}

resource "aws_vpc_dhcp_options_association" "finance" {
  vpc_id          = aws_vpc.finance.id
  dhcp_options_id = aws_vpc_dhcp_options.finance.id
}

# The peering connection, with its DNS options.

resource "aws_vpc_peering_connection" "departments" {
  vpc_id      = aws_vpc.marketing.id
  peer_vpc_id = aws_vpc.finance.id
  auto_accept = true
  tags        = { Name = "Marketing <> Finance" }
  # A requester's VPC can be given no further block while its request is open.
  depends_on = [aws_vpc_ipv4_cidr_block_association.more]
}

resource "aws_vpc_peering_connection_options" "departments" {
  vpc_peering_connection_id = aws_vpc_peering_connection.departments.id
  requester {
    allow_remote_vpc_dns_resolution = true
  }
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
}

# Security groups in all three of the provider's ways.

resource "aws_security_group" "marketing" {
  name        = "marketing-server"
  description = "Rules inside the group"
  vpc_id      = aws_vpc.marketing.id
  ingress {
    description = "web"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    prefix_list_ids = [aws_ec2_managed_prefix_list.partners.id]
    self            = true
  }
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "finance" {
  name_prefix = "finance-"
  vpc_id      = aws_vpc.finance.id
}

resource "aws_security_group_rule" "finance_ping" {
  security_group_id = aws_security_group.finance.id
  type              = "ingress"
  protocol          = "icmp"
  from_port         = 8
  to_port           = -1
  cidr_blocks       = ["10.10.0.0/16"]
  description       = "ping"
}

resource "aws_security_group_rule" "finance_out" {
  security_group_id = aws_security_group.finance.id
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.finance.id
}

resource "aws_vpc_security_group_ingress_rule" "database_from_marketing" {
  security_group_id            = aws_security_group.database.id
  referenced_security_group_id = aws_security_group.marketing.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  description                  = "over the peering connection"
  depends_on                   = [aws_vpc_peering_connection.departments]
}

resource "aws_vpc_security_group_egress_rule" "database_out" {
  security_group_id = aws_security_group.database.id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}

# Instances, with a key, a role, an interface of their own and an address.

resource "aws_key_pair" "admin" {
  key_name   = "admin"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIHUdAdAMdvvF4Ii9nZzYsxEWkBpFNwJOS7JGEkNKpIg admin"
}

resource "aws_iam_role" "server" {
  name = "server"
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
  role       = aws_iam_role.server.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "server" {
  name = "server"
  role = aws_iam_role.server.name
}

resource "aws_instance" "marketing" {
  ami                    = data.aws_ssm_parameter.ami.insecure_value
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.marketing.id]
  key_name               = aws_key_pair.admin.key_name
  iam_instance_profile   = aws_iam_instance_profile.server.name
  tags                   = { Name = "marketing-server" }
  depends_on             = [aws_internet_gateway.marketing]
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    volume_size = 10
  }
}

resource "aws_network_interface" "second" {
  subnet_id       = aws_subnet.private.id
  security_groups = [aws_security_group.marketing.id]
  private_ips     = ["10.11.1.50"]
}

resource "aws_instance" "finance" {
  ami                    = data.aws_ssm_parameter.ami.insecure_value
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.finance.id
  private_ip             = "10.20.1.10"
  vpc_security_group_ids = [aws_security_group.finance.id, aws_security_group.database.id]
  tags                   = { Name = "finance-server" }
}

resource "aws_eip" "marketing" {
  domain     = "vpc"
  instance   = aws_instance.marketing.id
  depends_on = [aws_internet_gateway.marketing]
}

output "account" { value = data.aws_caller_identity.me.account_id }
output "region" { value = data.aws_region.here.name }
output "peering_status" { value = aws_vpc_peering_connection.departments.accept_status }

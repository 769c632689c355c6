"""Transit gateways by boto3: two Regions whose gateways are peered, and a gateway that one account shares with another.

Run by boto3.test.ts as boto3_three_departments.py is, whose ways it shares. Both accounts have other gateways already.
"""

import json
import sys

from boto3_three_departments import (
    Department,
    agent_profile,
    endpoints_for_systems_manager,
    ping,
    ping_by_systems_manager,
    refused,
    session,
)


class Gateway:
    """A transit gateway of a department's account and Region."""

    def __init__(self, department, **options):
        self.client = department.client
        made = self.client.create_transit_gateway(Options=options)["TransitGateway"]
        assert made["State"] == "pending", made
        self.id = made["TransitGatewayId"]
        self.arn = made["TransitGatewayArn"]
        self.account = made["OwnerId"]
        self.region = self.client.meta.region_name
        self.table = made["Options"]["AssociationDefaultRouteTableId"]
        (self.options,) = (gateway["Options"] for gateway in self.seen())
        assert self.options["AmazonSideAsn"] == options.get("AmazonSideAsn", 64512), self.options

    def seen(self):
        """As a page says that is not the first: the account has other gateways."""
        pages = self.client.get_paginator("describe_transit_gateways").paginate(PaginationConfig={"PageSize": 5})
        return [each for page in pages for each in page["TransitGateways"] if each["TransitGatewayId"] == self.id]

    def attach(self, department):
        """Attaches a department's VPC, in the name of its own account; returns the attachment."""
        return department.client.create_transit_gateway_vpc_attachment(
            TransitGatewayId=self.id, VpcId=department.vpc.id, SubnetIds=[department.subnet.id]
        )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]

    def states(self):
        (page,) = self.client.get_paginator("describe_transit_gateway_attachments").paginate(
            Filters=[{"Name": "transit-gateway-id", "Values": [self.id]}]
        )
        return {each["TransitGatewayAttachmentId"]: each["State"] for each in page["TransitGatewayAttachments"]}

    def routes(self):
        found = self.client.search_transit_gateway_routes(
            TransitGatewayRouteTableId=self.table, Filters=[{"Name": "state", "Values": ["active", "blackhole"]}]
        )["Routes"]
        return {route["DestinationCidrBlock"]: (route["Type"], route["State"]) for route in found}

    def remove(self):
        ended = self.client.delete_transit_gateway(TransitGatewayId=self.id)["TransitGateway"]
        assert ended["State"] == "deleting", ended
        assert [gateway["State"] for gateway in self.seen()] == ["deleted"], self.seen()


def route(department, cidr, gateway):
    department.table.create_route(DestinationCidrBlock=cidr, TransitGatewayId=gateway.id)


def detach(client, gateway, attachment):
    ended = client.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
    assert ended["TransitGatewayVpcAttachment"]["State"] == "deleting", ended
    assert gateway.states()[attachment] == "deleted", gateway.states()


def two_regions():
    account = "555555555555"
    virginia = Department(session(account), "boto-virginia", "172.16.0.0/24")
    ireland = Department(session(account, "eu-west-1"), "boto-ireland", "172.16.1.0/24")
    olds = [Gateway(virginia), Gateway(ireland)]
    here, there = Gateway(virginia, AmazonSideAsn=64512), Gateway(ireland, AmazonSideAsn=64513)
    attachments = []
    for department, gateway in ((virginia, here), (ireland, there)):
        refused("InvalidTransitGatewayID.NotFound", route, department=department, cidr="172.16.0.0/16", gateway=gateway)
        attachments.append(gateway.attach(department))
        route(department, "172.16.0.0/16", gateway)
        assert gateway.routes() == {department.cidr: ("propagated", "active")}, gateway.routes()
        department.group.authorize_ingress(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp="172.16.0.0/16")
    ping(virginia.name, ireland.name, 0)

    asked = ireland.client.create_transit_gateway_peering_attachment(
        TransitGatewayId=there.id, PeerTransitGatewayId=here.id, PeerAccountId=here.account, PeerRegion=here.region
    )["TransitGatewayPeeringAttachment"]
    assert asked["State"] == "initiatingRequest", asked
    peering = {"TransitGatewayAttachmentId": asked["TransitGatewayAttachmentId"]}
    to_ireland = {"TransitGatewayRouteTableId": here.table, "DestinationCidrBlock": ireland.cidr}
    to_virginia = {"TransitGatewayRouteTableId": there.table, "DestinationCidrBlock": virginia.cidr}
    assert here.states()[asked["TransitGatewayAttachmentId"]] == "pendingAcceptance", here.states()
    refused("IncorrectState", virginia.client.create_transit_gateway_route, **to_ireland, **peering)
    refused("InvalidParameterValue", ireland.client.accept_transit_gateway_peering_attachment, **peering)
    accepted = virginia.client.accept_transit_gateway_peering_attachment(**peering)
    assert accepted["TransitGatewayPeeringAttachment"]["State"] == "pending", accepted
    assert there.states()[asked["TransitGatewayAttachmentId"]] == "available", there.states()

    virginia.client.create_transit_gateway_route(**to_ireland, **peering)
    ping(virginia.name, ireland.name, 0)
    ireland.client.create_transit_gateway_route(**to_virginia, **peering)
    refused("RouteAlreadyExists", ireland.client.create_transit_gateway_route, **to_virginia, **peering)
    assert there.routes()[virginia.cidr] == ("static", "active"), there.routes()
    ping(ireland.name, virginia.name, 1)
    profile = agent_profile(virginia.aws)
    endpoints = [endpoints_for_systems_manager(department) for department in (virginia, ireland)]
    for department in (virginia, ireland):
        department.client.associate_iam_instance_profile(
            InstanceId=department.instance.id, IamInstanceProfile={"Name": profile}
        )
    if ping(virginia.name, ireland.name, 1) is not None:
        ping_by_systems_manager(virginia, ireland)
        ping_by_systems_manager(ireland, virginia)

    refused("IncorrectState", virginia.client.delete_transit_gateway, TransitGatewayId=here.id)
    ireland.client.delete_transit_gateway_peering_attachment(**peering)
    assert here.routes()[ireland.cidr] == ("static", "blackhole"), here.routes()
    ping(virginia.name, ireland.name, 0)
    for department, gateway, attachment, made in zip((virginia, ireland), (here, there), attachments, endpoints):
        department.client.delete_vpc_endpoints(VpcEndpointIds=made)
        refused("DependencyViolation", department.subnet.delete)
        detach(department.client, gateway, attachment)
        gateway.remove()
        department.remove()
    for old in olds:
        assert [gateway["State"] for gateway in old.seen()] == ["available"], old.seen()


def shared_gateway():
    owner = Department(session("666666666666"), "boto-owner", "10.70.0.0/16")
    guest = Department(session("777777777777"), "boto-guest", "10.80.0.0/16")
    Gateway(owner)
    Gateway(guest)
    gateway = Gateway(owner)
    owners = gateway.attach(owner)
    refused("InvalidTransitGatewayID.NotFound", gateway.attach, department=guest)
    ram = owner.aws.client("ram")
    share = ram.create_resource_share(name="gateways", resourceArns=[gateway.arn], principals=["777777777777"])
    (invitation,) = guest.aws.client("ram").get_resource_share_invitations()["resourceShareInvitations"]
    refused("InvalidTransitGatewayID.NotFound", gateway.attach, department=guest)
    guest.aws.client("ram").accept_resource_share_invitation(
        resourceShareInvitationArn=invitation["resourceShareInvitationArn"]
    )
    attachment = gateway.attach(guest)
    assert gateway.states() == {owners: "available", attachment: "pendingAcceptance"}, gateway.states()
    accept = {"TransitGatewayAttachmentId": attachment}
    refused("UnauthorizedOperation", guest.client.accept_transit_gateway_vpc_attachment, **accept)
    for department, cidr in ((owner, guest.cidr), (guest, owner.cidr)):
        department.group.authorize_ingress(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp=cidr)
    route(owner, guest.cidr, gateway)
    ping(owner.name, guest.name, 0)
    owner.client.accept_transit_gateway_vpc_attachment(**accept)
    route(guest, owner.cidr, gateway)
    ping(owner.name, guest.name, 1)
    ping(guest.name, owner.name, 1)
    # What is attached stays, what is new is refused.
    ram.delete_resource_share(resourceShareArn=share["resourceShare"]["resourceShareArn"])
    ping(guest.name, owner.name, 1)
    guest.client.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=[attachment])
    detach(guest.client, gateway, attachment)
    refused("InvalidTransitGatewayID.NotFound", gateway.attach, department=guest)
    detach(owner.client, gateway, owners)
    gateway.remove()
    for department in (owner, guest):
        department.remove()


if __name__ == "__main__":
    {"two_regions": two_regions, "shared_gateway": shared_gateway}[sys.argv[1]]()
    print(json.dumps({"done": sys.argv[1]}), flush=True)

"""Three departments, and a file share between two accounts, by boto3 alone: clients, resources, waiters and paginators.

Run by boto3.test.ts with AWS_ENDPOINT_URL set. Wherever a person would ping, it prints one JSON line and waits for the
answer, the number of replies, on standard input: so that the test sends the packets.
"""

import json
import sys

import boto3
from botocore.exceptions import ClientError

AMI = "ami-0123456789abcdef0"
FAST = {"Delay": 1, "MaxAttempts": 10}


def session(account, region="us-east-1"):
    return boto3.Session(
        aws_access_key_id=account,
        aws_secret_access_key="causeway",
        region_name=region,
    )


def ping(source, target, replies):
    print(json.dumps({"ping": [source, target]}), flush=True)
    answer = json.loads(sys.stdin.readline())
    assert answer in (replies, None), f"{source} -> {target}: {answer} replies instead of {replies}"
    return answer


def refused(code, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        assert 400 <= error.response["ResponseMetadata"]["HTTPStatusCode"] < 500, error
    else:
        raise AssertionError(f"{code} was expected")


class Department:
    """A VPC with one subnet, one group and one server."""

    def __init__(self, aws, name, cidr):
        self.aws = aws
        self.name = name
        self.cidr = cidr
        self.ec2 = aws.resource("ec2")
        self.client = aws.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock=cidr)
        self.vpc.wait_until_exists()
        self.vpc.wait_until_available()
        self.subnet = self.vpc.create_subnet(CidrBlock=cidr.replace("0.0/16", "1.0/24"))
        self.group = self.vpc.create_security_group(GroupName=name, Description=f"{name} server")
        self.table = next(
            table
            for table in self.vpc.route_tables.all()
            if any(association.main for association in table.associations)
        )
        (self.instance,) = self.subnet.create_instances(
            ImageId=AMI,
            InstanceType="t3.micro",
            MinCount=1,
            MaxCount=1,
            SecurityGroupIds=[self.group.id],
            TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": name}]}],
        )
        self.instance.wait_until_running()
        self.instance.reload()
        assert self.instance.state["Name"] == "running"
        assert self.instance.private_ip_address.startswith(cidr[:5])

    def route_to(self, other, peering):
        self.table.create_route(DestinationCidrBlock=other.cidr, VpcPeeringConnectionId=peering)

    def remove(self):
        self.instance.terminate()
        self.instance.wait_until_terminated()
        self.group.delete()
        self.subnet.delete()
        self.vpc.delete()
        remaining = list(self.ec2.vpcs.filter(Filters=[{"Name": "vpc-id", "Values": [self.vpc.id]}]))
        assert remaining == [], remaining


def three_departments():
    aws = session("111111111111")
    marketing = Department(aws, "boto-marketing", "10.10.0.0/16")
    finance = Department(aws, "boto-finance", "172.31.0.0/16")
    developer = Department(aws, "boto-developer", "10.30.0.0/16")
    client = aws.client("ec2")
    ping(marketing.name, finance.name, 0)

    def peer(requester, accepter):
        connection = requester.ec2.create_vpc_peering_connection(VpcId=requester.vpc.id, PeerVpcId=accepter.vpc.id)
        connection.wait_until_exists()
        connection.reload()
        assert connection.status["Code"] == "pending-acceptance", connection.status
        connection.accept()
        connection.reload()
        assert connection.status["Code"] == "active", connection.status
        return connection

    connection = peer(marketing, finance)
    ping(marketing.name, finance.name, 0)
    marketing.route_to(finance, connection.id)
    finance.route_to(marketing, connection.id)
    ping(marketing.name, finance.name, 0)
    finance.group.authorize_ingress(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp=marketing.cidr)
    ping(marketing.name, finance.name, 1)
    ping(finance.name, marketing.name, 0)

    second = peer(developer, finance)
    developer.route_to(finance, second.id)
    finance.route_to(developer, second.id)
    finance.group.authorize_ingress(IpProtocol="icmp", FromPort=8, ToPort=-1, CidrIp=developer.cidr)
    ping(developer.name, finance.name, 1)
    marketing.route_to(developer, connection.id)
    developer.route_to(marketing, second.id)
    developer.group.authorize_ingress(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIp="0.0.0.0/0")
    if ping(marketing.name, developer.name, 0) is not None:
        by_systems_manager(aws, marketing, finance)

    states = {route.state for route in marketing.table.routes}
    connection.delete()
    client.get_waiter("vpc_peering_connection_deleted").wait(
        VpcPeeringConnectionIds=[connection.id], WaiterConfig=FAST
    )
    marketing.table.reload()
    assert states == {"active"}, states
    assert {route.state for route in marketing.table.routes} == {"active", "blackhole"}
    ping(marketing.name, finance.name, 0)
    second.delete()
    for department in (marketing, finance, developer):
        department.remove()


def agent_profile(aws):
    """An instance profile whose role lets Systems Manager's agent work."""
    iam = aws.resource("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName="agent", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": trust})
    )
    role.attach_policy(PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    profile = iam.create_instance_profile(InstanceProfileName="agent")
    profile.add_role(RoleName=role.name)
    return profile.name


def endpoints_for_systems_manager(department):
    """Interface endpoints in a VPC that has no way to the internet."""
    client = department.client
    client.modify_vpc_attribute(VpcId=department.vpc.id, EnableDnsHostnames={"Value": True})
    department.group.authorize_ingress(IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp=department.cidr)
    made = [
        client.create_vpc_endpoint(
            VpcEndpointType="Interface",
            VpcId=department.vpc.id,
            ServiceName=f"com.amazonaws.{client.meta.region_name}.{service}",
            SubnetIds=[department.subnet.id],
            SecurityGroupIds=[department.group.id],
            PrivateDnsEnabled=True,
        )["VpcEndpoint"]["VpcEndpointId"]
        for service in ("ssm", "ssmmessages", "ec2messages")
    ]
    (page,) = client.get_paginator("describe_vpc_endpoints").paginate(VpcEndpointIds=made)
    assert {endpoint["State"] for endpoint in page["VpcEndpoints"]} == {"available"}, page
    return made


def ping_by_systems_manager(source, target):
    ssm = source.aws.client("ssm")
    command = ssm.send_command(
        InstanceIds=[source.instance.id],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": [f"ping -c 1 -W 1 {target.instance.private_ip_address}"]},
    )["Command"]["CommandId"]
    ssm.get_waiter("command_executed").wait(CommandId=command, InstanceId=source.instance.id, WaiterConfig=FAST)
    invocation = ssm.get_command_invocation(CommandId=command, InstanceId=source.instance.id)
    assert invocation["Status"] == "Success", invocation
    assert " 0% packet loss" in invocation["StandardOutputContent"], invocation


def by_systems_manager(aws, marketing, finance):
    ssm = aws.client("ssm")

    def missing():
        try:
            ssm.send_command(
                InstanceIds=[marketing.instance.id],
                DocumentName="AWS-RunShellScript",
                Parameters={"commands": ["true"]},
            )
        except ClientError as error:
            assert error.response["Error"]["Code"] == "InvalidInstanceId", error
            return error.response["Error"]["Message"]
        return ""

    assert f"{marketing.instance.id} has no instance profile" in missing(), missing()
    marketing.client.associate_iam_instance_profile(
        InstanceId=marketing.instance.id, IamInstanceProfile={"Name": agent_profile(aws)}
    )
    assert f"no route from {marketing.subnet.id} to ssm and ssmmessages" in missing(), missing()
    endpoints = endpoints_for_systems_manager(marketing)
    assert missing() == "", missing()
    known = [
        information["InstanceId"]
        for page in ssm.get_paginator("describe_instance_information").paginate(PaginationConfig={"PageSize": 5})
        for information in page["InstanceInformationList"]
    ]
    assert known == [marketing.instance.id], known
    ping_by_systems_manager(marketing, finance)
    taken, *others = endpoints
    marketing.client.delete_vpc_endpoints(VpcEndpointIds=[taken])
    assert f"no route from {marketing.subnet.id} to ssm:" in missing(), missing()
    (lost,) = ssm.describe_instance_information()["InstanceInformationList"]
    assert lost["PingStatus"] == "ConnectionLost", lost
    marketing.client.delete_vpc_endpoints(VpcEndpointIds=others)


def two_accounts():
    one = session("222222222222")
    # The second account by a role that the first assumes.
    keys = one.client("sts").assume_role(RoleArn="arn:aws:iam::333333333333:role/network", RoleSessionName="boto")
    two = boto3.Session(
        aws_access_key_id=keys["Credentials"]["AccessKeyId"],
        aws_secret_access_key=keys["Credentials"]["SecretAccessKey"],
        aws_session_token=keys["Credentials"]["SessionToken"],
        region_name="us-east-1",
    )
    assert two.client("sts").get_caller_identity()["Account"] == "333333333333"
    host1 = Department(one, "boto-host1", "10.40.0.0/16")
    host2 = Department(two, "boto-host2", "10.50.0.0/16")
    connection = host1.client.create_vpc_peering_connection(
        VpcId=host1.vpc.id, PeerVpcId=host2.vpc.id, PeerOwnerId="333333333333"
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    host2.client.get_waiter("vpc_peering_connection_exists").wait(
        VpcPeeringConnectionIds=[connection], WaiterConfig=FAST
    )
    refused("OperationNotPermitted", host1.client.accept_vpc_peering_connection, VpcPeeringConnectionId=connection)
    host2.client.accept_vpc_peering_connection(VpcPeeringConnectionId=connection)
    host1.route_to(host2, connection)
    host2.route_to(host1, connection)
    refused("InvalidRouteTableID.NotFound", host1.client.describe_route_tables, RouteTableIds=[host2.table.id])
    host2.group.authorize_ingress(
        IpPermissions=[
            {
                "IpProtocol": "icmp",
                "FromPort": -1,
                "ToPort": -1,
                "UserIdGroupPairs": [{"UserId": "222222222222", "GroupId": host1.group.id}],
            }
        ]
    )
    (reference,) = host1.client.describe_security_group_references(GroupId=[host1.group.id])[
        "SecurityGroupReferenceSet"
    ]
    assert reference["ReferencingVpcId"] == host2.vpc.id, reference
    assert reference["VpcPeeringConnectionId"] == connection, reference
    ping(host1.name, host2.name, 1)
    host1.client.delete_vpc_peering_connection(VpcPeeringConnectionId=connection)
    ping(host1.name, host2.name, 0)
    host2.remove()
    host1.remove()


def pages():
    client = session("444444444444").client("ec2")
    vpc = client.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    made = [
        client.create_subnet(VpcId=vpc, CidrBlock=f"10.60.{index}.0/24")["Subnet"]["SubnetId"] for index in range(12)
    ]
    answers = list(
        client.get_paginator("describe_subnets").paginate(
            Filters=[{"Name": "vpc-id", "Values": [vpc]}], PaginationConfig={"PageSize": 5}
        )
    )
    assert [len(answer["Subnets"]) for answer in answers] == [5, 5, 2], answers
    assert sorted(made) == sorted(subnet["SubnetId"] for answer in answers for subnet in answer["Subnets"])
    refused("DependencyViolation", client.delete_vpc, VpcId=vpc)
    for subnet in made:
        client.delete_subnet(SubnetId=subnet)
    refused("DryRunOperation", client.delete_vpc, VpcId=vpc, DryRun=True)
    client.delete_vpc(VpcId=vpc)
    refused("InvalidVpcID.NotFound", client.describe_vpcs, VpcIds=[vpc])


if __name__ == "__main__":
    {"three_departments": three_departments, "two_accounts": two_accounts, "pages": pages}[sys.argv[1]]()
    print(json.dumps({"done": sys.argv[1]}), flush=True)

/** A model made in a local cloud by calls of the real SDK, in the order that AWS needs; what depends on links comes after them. */
import type { NetworkModel, Subnet, Vpc, VpcPeeringConnection } from "../../../src/model/index.ts";
import { makeAcls, makeGroups, makeRoutes, makeRules, makeTables } from "./make-rules.ts";
import { makeTransitGatewayRoutes, makeTransitGateways, removeAttachments } from "./make-transit-gateways.ts";
import type { Site } from "./site.ts";

export async function makeNetwork(site: Site, model: NetworkModel): Promise<void> {
  for (const list of model.prefixLists) {
    const { prefixListId, prefixListName: PrefixListName, addressFamily: AddressFamily, maxEntries: MaxEntries } = list;
    const Entries = list.entries.map((Cidr) => ({ Cidr }));
    const input = { PrefixListName, AddressFamily, MaxEntries, Entries };
    const made = await site.ec2(list).createManagedPrefixList(input);
    site.setId(prefixListId, made.PrefixList?.PrefixListId);
  }
  for (const vpc of model.vpcs) await makeVpc(site, vpc);
  site.settle();
  for (const subnet of model.subnets) await makeSubnet(site, subnet);
  await makeInternetGateways(site, model);
  await makeTables(site, model);
  await makeAcls(site, model);
  await makeGroups(site, model);
  await makeInstances(site, model);
  await makeNatGateways(site, model);
  for (const peering of model.vpcPeeringConnections) await makePeering(site, peering);
  await makeTransitGateways(site, model);
  site.settle();
  await makeRoutes(site, model);
  await makeTransitGatewayRoutes(site, model);
  await makeRules(site, model);
  await end(site, model);
  site.settle();
}

/** States that things come to after they were used. */
async function end(site: Site, model: NetworkModel): Promise<void> {
  for (const { vpcPeeringConnectionId, statusCode, requester, accepter } of model.vpcPeeringConnections) {
    const input = { VpcPeeringConnectionId: site.id(vpcPeeringConnectionId) };
    if (statusCode === "rejected") await site.ec2(accepter).rejectVpcPeeringConnection(input);
    if (statusCode === "deleted") await site.ec2(requester).deleteVpcPeeringConnection(input);
  }
  await removeAttachments(site, model);
  for (const instance of model.instances) {
    if (instance.state === "running") continue;
    if (instance.state !== "stopped") throw new Error(`an instance that is ${instance.state}: cannot be made`);
    await site.ec2(instance).stopInstances({ InstanceIds: [site.id(instance.instanceId)] });
  }
}

async function makeVpc(site: Site, vpc: Vpc): Promise<void> {
  const { vpcId, name = "" } = vpc;
  const [CidrBlock, ...more] = vpc.cidrBlocks;
  const ec2 = site.ec2(vpc);
  const [ipv6] = vpc.ipv6CidrBlocks;
  const made = await ec2.createVpc({ CidrBlock, AmazonProvidedIpv6CidrBlock: ipv6 !== undefined });
  const VpcId = made.Vpc?.VpcId;
  site.setId(vpcId, VpcId);
  for (const block of more) await ec2.associateVpcCidrBlock({ VpcId, CidrBlock: block });
  if (ipv6 !== undefined) {
    const { Vpcs } = await ec2.describeVpcs({ VpcIds: [site.id(vpcId)] });
    site.setAddress(ipv6, Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
  }
  const Filters = [{ Name: "vpc-id", Values: [site.id(vpcId)] }];
  const tables = await ec2.describeRouteTables({ Filters });
  site.setId(`rtb-${name}`, tables.RouteTables?.[0]?.RouteTableId);
  const acls = await ec2.describeNetworkAcls({ Filters });
  site.setId(`acl-${name}`, acls.NetworkAcls?.[0]?.NetworkAclId);
}

async function makeSubnet(site: Site, subnet: Subnet): Promise<void> {
  const [ipv6] = subnet.ipv6CidrBlocks;
  const made = await site.ec2(subnet).createSubnet({
    VpcId: site.id(subnet.vpcId),
    CidrBlock: subnet.cidrBlock,
    AvailabilityZone: subnet.availabilityZone,
    ...(ipv6 !== undefined && { Ipv6CidrBlock: site.address(ipv6) }),
  });
  site.setId(subnet.subnetId, made.Subnet?.SubnetId);
}

async function makeInternetGateways(site: Site, model: NetworkModel): Promise<void> {
  for (const gateway of model.internetGateways) {
    const ec2 = site.ec2(gateway);
    const made = await ec2.createInternetGateway({});
    const InternetGatewayId = made.InternetGateway?.InternetGatewayId;
    site.setId(gateway.internetGatewayId, InternetGatewayId);
    if (gateway.vpcId !== undefined)
      await ec2.attachInternetGateway({ InternetGatewayId, VpcId: site.id(gateway.vpcId) });
  }
  for (const gateway of model.egressOnlyInternetGateways) {
    const made = await site.ec2(gateway).createEgressOnlyInternetGateway({ VpcId: site.id(gateway.vpcId) });
    site.setId(gateway.egressOnlyInternetGatewayId, made.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
  }
}

async function makeInstances(site: Site, model: NetworkModel): Promise<void> {
  for (const each of model.networkInterfaces) {
    if (each.interfaceType === "natGateway") continue;
    const { attachment } = each;
    if (attachment?.instanceId === undefined || attachment.deviceIndex !== 0)
      throw new Error(`${each.networkInterfaceId}: only an instance's first interface can be made`);
    const ec2 = site.ec2(each);
    const made = await ec2.runInstances({
      ImageId: "ami-0123456789abcdef0",
      InstanceType: "t3.micro",
      MinCount: 1,
      MaxCount: 1,
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: site.id(each.subnetId),
          Groups: each.securityGroupIds.map((id) => site.id(id)),
          AssociatePublicIpAddress: false,
          PrivateIpAddresses: each.privateAddresses.map(({ address, primary }) => ({
            PrivateIpAddress: address,
            Primary: primary,
          })),
          Ipv6Addresses: each.ipv6Addresses.map((address) => ({ Ipv6Address: site.address(address) })),
        },
      ],
    });
    const instance = made.Instances?.[0];
    site.setId(attachment.instanceId, instance?.InstanceId);
    const NetworkInterfaceId = instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
    site.setId(each.networkInterfaceId, NetworkInterfaceId);
    site.settle();
    if (!each.sourceDestCheck)
      await ec2.modifyNetworkInterfaceAttribute({ NetworkInterfaceId, SourceDestCheck: { Value: false } });
    for (const { address: PrivateIpAddress, publicIp } of each.privateAddresses) {
      if (publicIp === undefined) continue;
      const allocated = await ec2.allocateAddress({ Domain: "vpc" });
      site.setAddress(publicIp, allocated.PublicIp);
      await ec2.associateAddress({ AllocationId: allocated.AllocationId, NetworkInterfaceId, PrivateIpAddress });
    }
  }
}

async function makeNatGateways(site: Site, model: NetworkModel): Promise<void> {
  for (const nat of model.natGateways) {
    const ec2 = site.ec2(nat);
    const own = model.networkInterfaces.find((each) => each.networkInterfaceId === nat.networkInterfaceId);
    const [{ address: PrivateIpAddress = "", publicIp = undefined } = {}] = own?.privateAddresses ?? [];
    const place = { SubnetId: site.id(nat.subnetId), PrivateIpAddress };
    if (publicIp === undefined) {
      const made = await ec2.createNatGateway({ ...place, ConnectivityType: "private" });
      site.setId(nat.natGatewayId, made.NatGateway?.NatGatewayId);
      continue;
    }
    const { AllocationId, PublicIp } = await ec2.allocateAddress({ Domain: "vpc" });
    site.setAddress(publicIp, PublicIp);
    const made = await ec2.createNatGateway({ ...place, AllocationId });
    site.setId(nat.natGatewayId, made.NatGateway?.NatGatewayId);
  }
  site.settle();
}

async function makePeering(site: Site, peering: VpcPeeringConnection): Promise<void> {
  const { requester, accepter, statusCode } = peering;
  const made = await site.ec2(requester).createVpcPeeringConnection({
    VpcId: site.id(requester.vpcId),
    PeerVpcId: site.id(accepter.vpcId),
    PeerOwnerId: accepter.ownerId,
    PeerRegion: accepter.region,
  });
  const VpcPeeringConnectionId = made.VpcPeeringConnection?.VpcPeeringConnectionId;
  site.setId(peering.vpcPeeringConnectionId, VpcPeeringConnectionId);
  site.settle();
  if (statusCode === "active" || statusCode === "deleted")
    await site.ec2(accepter).acceptVpcPeeringConnection({ VpcPeeringConnectionId });
  else if (statusCode !== "pending-acceptance" && statusCode !== "rejected")
    throw new Error(`a peering that is ${statusCode}: cannot be made`);
  site.settle();
}

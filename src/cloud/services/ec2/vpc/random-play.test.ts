/**
 * Random play with everything a VPC is made of: whatever is called in whatever order, a call either works or is refused in AWS's
 * way, the model stays sound, free addresses stay counted, and a restart finds the same network.
 */
import type { DescribeSubnetsCommandOutput } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { expect, it } from "vitest";
import { isAwsError } from "../../../../aws/index.ts";
import { validateNetworkModel } from "../../../../model/index.ts";
import { testCloud } from "../../../test-cloud.ts";

const blocks = [
  "10.0.0.0/16",
  "10.1.0.0/24",
  "10.0.1.0/24",
  "10.0.2.0/28",
  "0.0.0.0/0",
  "172.31.0.0/20",
  "10.5.0.0/16",
];

/** What may be called; `pick` draws one of the ids of a prefix that were ever given, or a made-up one. */
const plays: readonly ((pick: (prefix: string) => string, block: string, flag: boolean) => [string, object])[] = [
  (_, CidrBlock, flag) => ["CreateVpc", { CidrBlock, AmazonProvidedIpv6CidrBlock: flag }],
  (pick) => ["DeleteVpc", { VpcId: pick("vpc") }],
  (pick, CidrBlock) => ["AssociateVpcCidrBlock", { VpcId: pick("vpc"), CidrBlock }],
  (pick) => ["DisassociateVpcCidrBlock", { AssociationId: pick("vpc-cidr-assoc") }],
  (pick, CidrBlock) => ["CreateSubnet", { VpcId: pick("vpc"), CidrBlock }],
  (pick) => ["DeleteSubnet", { SubnetId: pick("subnet") }],
  (pick) => ["CreateRouteTable", { VpcId: pick("vpc") }],
  (pick) => ["DeleteRouteTable", { RouteTableId: pick("rtb") }],
  (pick) => ["AssociateRouteTable", { RouteTableId: pick("rtb"), SubnetId: pick("subnet") }],
  (pick) => ["AssociateRouteTable", { RouteTableId: pick("rtb"), GatewayId: pick("igw") }],
  (pick) => ["DisassociateRouteTable", { AssociationId: pick("rtbassoc") }],
  (pick) => ["ReplaceRouteTableAssociation", { RouteTableId: pick("rtb"), AssociationId: pick("rtbassoc") }],
  (pick, DestinationCidrBlock) => [
    "CreateRoute",
    { RouteTableId: pick("rtb"), DestinationCidrBlock, GatewayId: pick("igw") },
  ],
  (pick, DestinationCidrBlock) => [
    "CreateRoute",
    { RouteTableId: pick("rtb"), DestinationCidrBlock, NatGatewayId: pick("nat") },
  ],
  (pick, DestinationCidrBlock) => [
    "ReplaceRoute",
    { RouteTableId: pick("rtb"), DestinationCidrBlock, NetworkInterfaceId: pick("eni") },
  ],
  (pick) => ["CreateRoute", { RouteTableId: pick("rtb"), DestinationPrefixListId: pick("pl"), GatewayId: pick("igw") }],
  (pick, DestinationCidrBlock) => ["DeleteRoute", { RouteTableId: pick("rtb"), DestinationCidrBlock }],
  () => ["CreateInternetGateway", {}],
  (pick) => ["AttachInternetGateway", { InternetGatewayId: pick("igw"), VpcId: pick("vpc") }],
  (pick) => ["DetachInternetGateway", { InternetGatewayId: pick("igw"), VpcId: pick("vpc") }],
  (pick) => ["DeleteInternetGateway", { InternetGatewayId: pick("igw") }],
  () => ["AllocateAddress", {}],
  (pick) => ["ReleaseAddress", { AllocationId: pick("eipalloc") }],
  (pick, _, AllowReassociation) => [
    "AssociateAddress",
    { AllocationId: pick("eipalloc"), NetworkInterfaceId: pick("eni"), AllowReassociation },
  ],
  (pick) => ["DisassociateAddress", { AssociationId: pick("eipassoc") }],
  (pick) => ["CreateNatGateway", { SubnetId: pick("subnet"), AllocationId: pick("eipalloc") }],
  (pick) => ["CreateNatGateway", { SubnetId: pick("subnet"), ConnectivityType: "private" }],
  (pick) => ["DeleteNatGateway", { NatGatewayId: pick("nat") }],
  (pick) => ["CreateNetworkInterface", { SubnetId: pick("subnet") }],
  (pick) => ["DeleteNetworkInterface", { NetworkInterfaceId: pick("eni") }],
  (_, Cidr) => [
    "CreateManagedPrefixList",
    { PrefixListName: "x", AddressFamily: "IPv4", MaxEntries: 2, Entries: [{ Cidr }] },
  ],
  (pick) => ["DeleteManagedPrefixList", { PrefixListId: pick("pl") }],
];

const step = fc.record({
  play: fc.nat(plays.length - 1),
  block: fc.constantFrom(...blocks),
  picks: fc.array(fc.nat(1_000), { minLength: 3, maxLength: 3 }),
  flag: fc.boolean(),
  wait: fc.constantFrom(0, 0, 0, 10_000, 200_000),
});

it("keeps the network sound", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 40, maxLength: 160, size: "max" }), (steps) => {
      const cloud = testCloud({ pace: "real" });
      const ids = new Set<string>();
      const learn = (output: unknown): void => {
        for (const [id] of JSON.stringify(output).matchAll(/"[a-z-]+-[0-9a-f]{17}"/g)) ids.add(id.slice(1, -1));
      };
      for (const operation of ["DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeInternetGateways"]) {
        learn(cloud.call(operation));
      }
      for (const { play, block, picks, flag, wait } of steps) {
        const draws = [...picks];
        const pick = (prefix: string): string => {
          const known = [...ids].filter((id) => id.startsWith(prefix) && id.length === prefix.length + 18);
          return known[(draws.pop() ?? 0) % Math.max(known.length, 1)] ?? `${prefix}-00000000000000000`;
        };
        const [operation, input] = plays[play]?.(pick, block, flag) ?? ["", {}];
        try {
          learn(cloud.call(operation, input));
        } catch (error) {
          if (!isAwsError(error)) throw error;
        }
        cloud.advance(wait);
        expect(validateNetworkModel(cloud.model())).toEqual([]);
      }
      const model = cloud.model();
      const held = new Map<string, number>();
      for (const each of model.networkInterfaces) {
        held.set(each.subnetId, (held.get(each.subnetId) ?? 0) + each.privateAddresses.length);
      }
      for (const subnet of cloud.call<DescribeSubnetsCommandOutput>("DescribeSubnets").Subnets ?? []) {
        const size = 2 ** (32 - Number(subnet.CidrBlock?.split("/")[1]));
        expect(subnet.AvailableIpAddressCount).toBe(size - 5 - (held.get(subnet.SubnetId ?? "") ?? 0));
      }
      const addresses = model.networkInterfaces.flatMap((each) =>
        each.privateAddresses.map(({ publicIp }) => publicIp),
      );
      const mapped = addresses.filter((address) => address !== undefined);
      expect(new Set(mapped).size).toBe(mapped.length);
      cloud.restart();
      expect(cloud.model()).toEqual(model);
      expect(cloud.faults).toEqual([]);
    }),
    { numRuns: 60 },
  );
}, 60_000);

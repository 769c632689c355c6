/**
 * A writing client that knows what it was answered: one account, one call after the other, each changing one fact. A fact whose
 * call was answered has one value; a fact whose call was cut off has two, the old one and the new one, and no other.
 */
import {
  AcceptVpcPeeringConnectionCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteRouteCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeRouteTablesCommand,
  type EC2Client,
  RevokeSecurityGroupIngressCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { observeAccount } from "./observe-account.ts";

export interface Lane {
  readonly account: string;
  /** Instances that ping each other, over a peering connection. */
  readonly from: string;
  readonly to: string;
  /** Calls that were answered, and calls that were cut off, so far. */
  readonly count: { answered: number; cutOff: number };
  /** Makes calls until one is cut off by the end of the cloud. Throws when a call is refused. */
  write(client: EC2Client, random: () => number): Promise<void>;
  /** What is not as it was answered, in words; what was uncertain is certain afterwards. */
  compare(client: EC2Client): Promise<readonly string[]>;
  /** Whether the rules, as they are now, let a ping and its reply through. */
  pingPasses(): boolean;
}

interface Change {
  readonly fact: string;
  /** The value afterwards; `*` for one that only the answer tells. */
  readonly to: string;
  send(): Promise<string | undefined>;
}

const absent = "absent";
const image = { ImageId: "ami-0123456789abcdef0", InstanceType: "t3.micro" } as const;

/** Sets up a lane's network: two peered VPCs with an instance in each; `open` lets a ping and its reply through, `closed` does not. */
export async function createLane(
  client: EC2Client,
  account: string,
  ping: "open" | "closed" = "closed",
): Promise<Lane> {
  const from = `${account}-a`;
  const to = `${account}-b`;
  const [a, b] = [await side(client, from, "10.0"), await side(client, to, "10.1")];
  const asked = await client.send(new CreateVpcPeeringConnectionCommand({ VpcId: a.vpc, PeerVpcId: b.vpc }));
  const peering = present(asked.VpcPeeringConnection?.VpcPeeringConnectionId);
  await client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering }));

  /** By fact: the values that it may have. */
  const expected = new Map<string, readonly string[]>();
  for (const [fact, value] of await observeAccount(client)) expected.set(fact, [value]);
  const count = { answered: 0, cutOff: 0 };
  const valueNow = (fact: string): string => expected.get(fact)?.[0] ?? absent;

  const pingFacts = {
    rule: `rule ${b.group} icmp -1 10.0.0.0/16`,
    there: `route ${a.table} 10.1.0.0/16`,
    back: `route ${b.table} 10.0.0.0/16`,
  };

  // Every start of the cloud has an endpoint of its own, and so a client.
  let current = client;

  function routeChange(table: string, cidr: string): Change {
    const fact = `route ${table} ${cidr}`;
    const route = { RouteTableId: table, DestinationCidrBlock: cidr };
    return valueNow(fact) === absent
      ? {
          fact,
          to: `${peering} active`,
          send: async () =>
            void (await current.send(new CreateRouteCommand({ ...route, VpcPeeringConnectionId: peering }))),
        }
      : { fact, to: absent, send: async () => void (await current.send(new DeleteRouteCommand(route))) };
  }

  /** Three rules in one call: all of them or none. */
  function rulesChange(group: string, protocol: string, port: number, cidrs: readonly string[]): Change {
    const fact = `rule ${group} ${protocol} ${port} ${cidrs.join(" ")}`;
    const rules = {
      GroupId: group,
      IpPermissions: [
        { IpProtocol: protocol, FromPort: port, ToPort: port, IpRanges: cidrs.map((each) => ({ CidrIp: each })) },
      ],
    };
    return valueNow(fact) === absent
      ? {
          fact,
          to: "there",
          send: async () => void (await current.send(new AuthorizeSecurityGroupIngressCommand(rules))),
        }
      : { fact, to: absent, send: async () => void (await current.send(new RevokeSecurityGroupIngressCommand(rules))) };
  }

  function subnetChange(index: number): Change {
    const cidr = `10.0.${index}.0/24`;
    const fact = `subnet ${a.vpc} ${cidr}`;
    const id = valueNow(fact);
    return id === absent
      ? {
          fact,
          to: "*",
          send: async () =>
            (await current.send(new CreateSubnetCommand({ VpcId: a.vpc, CidrBlock: cidr }))).Subnet?.SubnetId,
        }
      : { fact, to: absent, send: async () => void (await current.send(new DeleteSubnetCommand({ SubnetId: id }))) };
  }

  /** VPCs whose peering connection was made and deleted; next they are deleted themselves. */
  const unpeered = new Set<string>();

  /** A VPC and what comes with it; and a peering connection with it, asked, accepted, and deleted with its VPC's end in mind. */
  function vpcChange(index: number): Change {
    const cidr = `10.${index}.0.0/16`;
    const fact = `vpc ${cidr}`;
    const id = valueNow(fact);
    if (id === absent) {
      return {
        fact,
        to: "*",
        send: async () => (await current.send(new CreateVpcCommand({ CidrBlock: cidr }))).Vpc?.VpcId,
      };
    }
    const peerFact = `peering ${a.vpc} ${id}`;
    const status = valueNow(peerFact);
    const deleted: Change = {
      fact,
      to: absent,
      send: async () => void (await current.send(new DeleteVpcCommand({ VpcId: id }))),
    };
    const [pcx = "", state] = status.split(" ");
    if (status === absent) {
      if (unpeered.has(id)) return deleted;
      return {
        fact: peerFact,
        to: "* pending-acceptance",
        send: async () => {
          const answer = await current.send(new CreateVpcPeeringConnectionCommand({ VpcId: a.vpc, PeerVpcId: id }));
          return `${answer.VpcPeeringConnection?.VpcPeeringConnectionId} pending-acceptance`;
        },
      };
    }
    const named = { VpcPeeringConnectionId: pcx };
    if (state === "pending-acceptance")
      return {
        fact: peerFact,
        to: `${pcx} active`,
        send: async () => void (await current.send(new AcceptVpcPeeringConnectionCommand(named))),
      };
    unpeered.add(id);
    return {
      fact: peerFact,
      to: absent,
      send: async () => void (await current.send(new DeleteVpcPeeringConnectionCommand(named))),
    };
  }

  /** Two instances in one call, with their interfaces and names: all of it or nothing. */
  function instancesChange(index: number): Change {
    const name = `${account}-pair-${index}`;
    const fact = `instances ${name}`;
    const ids = valueNow(fact);
    return ids === absent
      ? {
          fact,
          to: "* *",
          send: async () => {
            const answer = await current.send(
              new RunInstancesCommand({
                ...image,
                MinCount: 2,
                MaxCount: 2,
                SubnetId: a.subnet,
                TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
              }),
            );
            return (answer.Instances ?? [])
              .map((each) => present(each.InstanceId))
              .toSorted()
              .join(" ");
          },
        }
      : {
          fact,
          to: absent,
          send: async () => void (await current.send(new TerminateInstancesCommand({ InstanceIds: ids.split(" ") }))),
        };
  }

  /** One tag on three things in one call: all of them or none. */
  function tagsChange(value: number): Change {
    const named = { Resources: [a.vpc, a.subnet, a.group], Tags: [{ Key: "Round", Value: String(value) }] };
    return {
      fact: "round",
      to: `${value} ${value} ${value}`,
      send: async () => void (await current.send(new CreateTagsCommand(named))),
    };
  }

  function nextChange(random: () => number): Change {
    const upTo = (limit: number): number => Math.floor(random() * limit);
    switch (upTo(8)) {
      case 0:
        return routeChange(a.table, "10.1.0.0/16");
      case 1:
        return routeChange(b.table, "10.0.0.0/16");
      case 2:
        return rulesChange(b.group, "icmp", -1, ["10.0.0.0/16"]);
      case 3:
        return rulesChange(a.group, "tcp", 8000 + upTo(4), ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]);
      case 4:
        return subnetChange(10 + upTo(5));
      case 5:
        return instancesChange(upTo(3));
      case 6:
        return tagsChange(upTo(1_000_000));
      default:
        return vpcChange(10 + upTo(3));
    }
  }

  if (ping === "open") {
    await routeChange(a.table, "10.1.0.0/16").send();
    await routeChange(b.table, "10.0.0.0/16").send();
    await rulesChange(b.group, "icmp", -1, ["10.0.0.0/16"]).send();
  }

  return {
    account,
    from,
    to,
    count,
    async write(with_, random) {
      current = with_;
      for (;;) {
        const change = nextChange(random);
        expected.set(change.fact, [valueNow(change.fact), change.to]);
        try {
          const told = await change.send();
          expected.set(change.fact, [told ?? change.to]);
          count.answered += 1;
        } catch (error) {
          if (!isCutOff(error)) throw new Error(`${account}: ${change.fact} → ${change.to}`, { cause: error });
          count.cutOff += 1;
          return;
        }
      }
    },
    async compare(with_) {
      const seen = await observeAccount(with_);
      const wrong: string[] = [];
      for (const [fact, values] of expected) {
        const value = seen.get(fact) ?? absent;
        if (!values.some((each) => fits(each, value)))
          wrong.push(`${account}: ${fact} is ${value}, and was answered ${values.join(" or ")}`);
        expected.set(fact, [value]);
      }
      for (const [fact, value] of seen)
        if (!expected.has(fact)) wrong.push(`${account}: ${fact} is ${value}, and nobody asked for it`);
      return wrong;
    },
    pingPasses: () =>
      valueNow(pingFacts.rule) !== absent &&
      valueNow(pingFacts.there) !== absent &&
      valueNow(pingFacts.back) !== absent,
  };
}

interface Side {
  readonly vpc: string;
  readonly subnet: string;
  readonly table: string;
  readonly group: string;
}

async function side(client: EC2Client, name: string, prefix: string): Promise<Side> {
  const made = await client.send(new CreateVpcCommand({ CidrBlock: `${prefix}.0.0/16` }));
  const vpc = present(made.Vpc?.VpcId);
  const subnet = present(
    (await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: `${prefix}.1.0/24` }))).Subnet?.SubnetId,
  );
  const inVpc = { Filters: [{ Name: "vpc-id", Values: [vpc] }] };
  const table = present((await client.send(new DescribeRouteTablesCommand(inVpc))).RouteTables?.[0]?.RouteTableId);
  const group = present(
    (await client.send(new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: name, Description: name }))).GroupId,
  );
  await client.send(
    new RunInstancesCommand({
      ...image,
      MinCount: 1,
      MaxCount: 1,
      SubnetId: subnet,
      SecurityGroupIds: [group],
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: name }] }],
    }),
  );
  return { vpc, subnet, table, group };
}

/** `*` stands for one word that only the answer would have told. */
function fits(pattern: string, value: string): boolean {
  const [words, shown] = [pattern.split(" "), value.split(" ")];
  return (
    words.length === shown.length &&
    words.every((word, index) => (word === "*" ? shown[index] !== absent : word === shown[index]))
  );
}

/** A call that got no answer: the connection was cut, or refused since nobody listens any more. */
export function isCutOff(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(ECONNRESET|ECONNREFUSED|EPIPE)$/.test(String(error.code));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the answer lacks what was asked for");
  return value;
}

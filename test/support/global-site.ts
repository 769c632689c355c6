/** One Region of the global network, built by the AWS CLI: the VPC with its server and endpoints, the gateway and the way there. */
import { expect } from "vitest";
import type { AwsCli, Printed } from "./aws-cli.ts";
import { eventually } from "./processes.ts";

export interface SitePlan {
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  readonly asn: number;
  readonly instanceProfile: string;
}

export interface Site extends SitePlan {
  readonly aws: AwsCli;
  readonly vpc: string;
  readonly subnet: string;
  readonly table: string;
  readonly group: string;
  readonly instance: string;
  readonly address: string;
  readonly endpoints: readonly string[];
  readonly gateway: string;
  /** The gateway's default route table. */
  readonly gatewayTable: string;
  readonly attachment: string;
}

export async function buildSite(aws: AwsCli, plan: SitePlan): Promise<Site> {
  const { name, cidr, asn } = plan;
  const tags = `ResourceType=transit-gateway,Tags=[{Key=Name,Value=${name}}]`;
  const [gateway = "", gatewayTable = ""] = await words(
    aws,
    `ec2 create-transit-gateway --options AmazonSideAsn=${asn} --tag-specifications ${tags}`,
    "TransitGateway.[TransitGatewayId,Options.AssociationDefaultRouteTableId]",
  );
  const vpc = await aws.text(`ec2 create-vpc --cidr-block ${cidr}`, "Vpc.VpcId");
  await aws(`ec2 modify-vpc-attribute --vpc-id ${vpc} --enable-dns-hostnames`);
  const subnet = await aws.text(`ec2 create-subnet --vpc-id ${vpc} --cidr-block ${cidr}`, "Subnet.SubnetId");
  const tables = `ec2 describe-route-tables --filters Name=vpc-id,Values=${vpc}`;
  const table = await aws.text(tables, "RouteTables[].RouteTableId");
  const group = await makeGroup(aws, vpc, plan);

  const gateways = `ec2 describe-transit-gateways --transit-gateway-ids ${gateway}`;
  await statesUntil(() => aws.text(gateways, "TransitGateways[].State"), "available");
  const route = `ec2 create-route --route-table-id ${table} --destination-cidr-block 172.16.0.0/16 --transit-gateway-id ${gateway}`;
  // A VPC's routes know only a gateway that the VPC is attached to.
  expect(await aws.refused(route)).toBe("InvalidTransitGatewayID.NotFound");
  const attachment = await aws.text(
    `ec2 create-transit-gateway-vpc-attachment --transit-gateway-id ${gateway} --vpc-id ${vpc} --subnet-ids ${subnet}`,
    "TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
  );
  // All this while the attachment is pending.
  const place = `--subnet-ids ${subnet} --security-group-ids ${group}`;
  const endpoints = await makeEndpoints(aws, plan, `--vpc-id ${vpc} ${place}`);
  const [instance = "", address = ""] = await words(
    aws,
    `ec2 run-instances --image-id ami-0123456789abcdef0 --instance-type t3.micro --subnet-id ${subnet} --security-group-ids ${group} --iam-instance-profile Name=${plan.instanceProfile}`,
    "Instances[0].[InstanceId,PrivateIpAddress]",
  );
  const attachments = `ec2 describe-transit-gateway-vpc-attachments --transit-gateway-attachment-ids ${attachment}`;
  await statesUntil(() => aws.text(attachments, "TransitGatewayVpcAttachments[].State"), "available");
  await aws(route);
  const made = { vpc, subnet, table, group, instance, address, endpoints, gateway, gatewayTable, attachment };
  return { ...plan, aws, ...made };
}

/** One group for the server and the endpoints: pings from both sites, and Systems Manager's way to the endpoints. */
async function makeGroup(aws: AwsCli, vpc: string, { name, cidr }: SitePlan): Promise<string> {
  const line = `ec2 create-security-group --vpc-id ${vpc} --group-name ${name} --description ${name}`;
  const group = await aws.text(line, "GroupId");
  const rule = (protocol: string, port: number, from: string): string =>
    `IpProtocol=${protocol},FromPort=${port},ToPort=${port},IpRanges=[{CidrIp=${from}}]`;
  const rules = `${rule("icmp", -1, "172.16.0.0/16")} ${rule("tcp", 443, cidr)}`;
  await aws(`ec2 authorize-security-group-ingress --group-id ${group} --ip-permissions ${rules}`);
  return group;
}

async function makeEndpoints(aws: AwsCli, { region }: SitePlan, place: string): Promise<readonly string[]> {
  const endpoints: string[] = [];
  for (const service of ["ssm", "ec2messages", "ssmmessages"]) {
    const kind = `--vpc-endpoint-type Interface --service-name com.amazonaws.${region}.${service} --private-dns-enabled`;
    endpoints.push(await aws.text(`ec2 create-vpc-endpoint ${kind} ${place}`, "VpcEndpoint.VpcEndpointId"));
  }
  return endpoints;
}

/** Asks for a state until it is the last one; returns the states that were seen on the way, each once. */
export async function statesUntil(read: () => Promise<string>, last: string): Promise<readonly string[]> {
  const seen: string[] = [];
  const arrived = await eventually(async () => {
    const state = await read();
    if (seen.at(-1) !== state) seen.push(state);
    return state === last;
  }, 60_000);
  expect(arrived, `${last} is not reached: ${seen.join(", ")}`).toBe(true);
  return seen;
}

/** What the query finds, in its order. */
export async function words(aws: AwsCli, line: string, query: string): Promise<readonly string[]> {
  return (await aws.text(line, query)).split(/\s+/).filter((each) => each !== "");
}

/** The replies to one ping, which the server sends by Systems Manager. */
export async function pingBySsm(from: Site, { address }: Site): Promise<number> {
  const parameters = JSON.stringify({ commands: [`ping -c 1 -W 1 ${address}`] });
  const command = await from.aws.text(
    `ssm send-command --instance-ids ${from.instance} --document-name AWS-RunShellScript --parameters '${parameters}'`,
    "Command.CommandId",
  );
  let printed: Printed = null;
  const ended = await eventually(async () => {
    printed = await from.aws(
      `ssm get-command-invocation --command-id ${command} --instance-id ${from.instance} --query [Status,StandardOutputContent]`,
    );
    return /Success|Failed/.test(JSON.stringify(printed));
  }, 60_000);
  expect(ended, `${command} did not end: ${JSON.stringify(printed)}`).toBe(true);
  const received = /(\d) received/.exec(JSON.stringify(printed))?.[1];
  expect(received, JSON.stringify(printed)).toBeDefined();
  return Number(received);
}

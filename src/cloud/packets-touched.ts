/**
 * Whether a change can matter to packets at all: only VPCs with something that sends are realised, so that making and removing
 * empty networks costs the data plane nothing.
 */
import type { NetworkInterfaceRecord } from "./services/ec2/network-interface/record.ts";
import { vpcsBehind } from "./services/ec2/transit-gateway-attachment/attached-vpcs.ts";
import type { CommittedChange, StateView } from "./state/state.ts";
import type { TableName, Tables } from "./state/tables.ts";

/** The VPC, and those whose packets may pass through it: a VPC without any sender can still stand between two transit gateways. */
function around(vpcId: string, view: StateView): readonly string[] {
  const attachments = view.by("transitGatewayVpcAttachment", "vpc", vpcId);
  return [vpcId, ...attachments.flatMap(({ TransitGatewayId }) => vpcsBehind(TransitGatewayId, view))];
}

type VpcsOf<K extends TableName> = (record: Tables[K], view: StateView) => readonly string[] | "every";

const nowhere = (): readonly string[] => [];
const own = ({ VpcId }: { readonly VpcId: string }, view: StateView): readonly string[] => around(VpcId, view);
const behindGateway = (record: { readonly TransitGatewayId: string }, view: StateView): readonly string[] =>
  vpcsBehind(record.TransitGatewayId, view);

const vpcsOf: { readonly [K in TableName]: VpcsOf<K> } = {
  openedScope: nowhere,
  clientToken: nowhere,
  tag: nowhere,
  volume: nowhere,
  keyPair: nowhere,
  dhcpOptions: nowhere,
  role: nowhere,
  instanceProfile: nowhere,
  policy: nowhere,
  roleSession: nowhere,
  command: nowhere,
  session: nowhere,
  parameter: nowhere,
  managedInstance: nowhere,
  networkInsightsPath: nowhere,
  networkInsightsAnalysis: nowhere,
  // Its interfaces tell for themselves.
  vpcEndpoint: nowhere,
  resourceShare: nowhere,
  resourceAssociation: nowhere,
  principalAssociation: nowhere,
  resourceShareInvitation: nowhere,
  // What they make tells for itself.
  stack: nowhere,
  stackResource: nowhere,
  stackEvent: nowhere,
  changeSet: nowhere,
  customRequest: nowhere,
  bucket: nowhere,
  s3Object: nowhere,
  multipartUpload: nowhere,
  logGroup: nowhere,
  logStream: nowhere,
  logEvents: nowhere,
  repository: nowhere,
  lambdaFunction: nowhere,
  vpc: own,
  subnet: own,
  routeTable: own,
  securityGroup: own,
  networkAcl: own,
  natGateway: own,
  networkInterface: own,
  instance: own,
  egressOnlyInternetGateway: own,
  internetGateway: (record, view) => (record.VpcId === undefined ? [] : around(record.VpcId, view)),
  vpcPeeringConnection: (record) => [record.Requester.VpcId, record.Accepter.VpcId],
  address: (record, view) => {
    const holder =
      record.NetworkInterfaceId === undefined ? undefined : view.get("networkInterface", record.NetworkInterfaceId);
    return holder === undefined ? [] : [holder.VpcId];
  },
  transitGateway: behindGateway,
  transitGatewayVpcAttachment: behindGateway,
  transitGatewayPeeringAttachment: ({ Requester, Accepter }, view) => [
    ...vpcsBehind(Requester.TransitGatewayId, view),
    ...vpcsBehind(Accepter.TransitGatewayId, view),
  ],
  transitGatewayRouteTable: behindGateway,
  transitGatewayAssociation: behindGateway,
  transitGatewayPropagation: behindGateway,
  transitGatewayRoute: behindGateway,
  transitGatewayPrefixListReference: behindGateway,
  // Named by routes and rules anywhere; changes are rare.
  managedPrefixList: () => "every",
};

/** Kinds that send themselves: the last one of a VPC is no longer found by index when it goes, yet its namespace must go. */
const senders: ReadonlySet<TableName> = new Set(["instance", "natGateway"]);

/** An attachment's interface only passes on what others send. */
const sends = ({ InterfaceType }: NetworkInterfaceRecord): boolean => InterfaceType !== "transit_gateway";

/** True when some realised VPC may see the change. Both the old and the new record count. */
export function touchesPackets(changes: readonly CommittedChange[], view: StateView): boolean {
  return changes.some((change) => {
    if (change.table === "networkInterface" && [change.before, change.after].some((each) => each && sends(each))) {
      return true;
    }
    return realised(change.table, change.before, view) || realised(change.table, change.after, view);
  });
}

function realised<K extends TableName>(table: K, record: Tables[K] | undefined, view: StateView): boolean {
  if (record === undefined) return false;
  const vpcs = vpcsOf[table](record, view);
  if (vpcs === "every" || senders.has(table)) return true;
  return vpcs.some((vpcId) => view.by("networkInterface", "vpc", vpcId).some(sends));
}

/**
 * Whether a change can matter to packets at all: only VPCs with something that sends are realised, so that making and removing
 * empty networks costs the data plane nothing.
 */
import type { CommittedChange, StateView } from "./state/state.ts";
import type { TableName, Tables } from "./state/tables.ts";

type VpcsOf<K extends TableName> = (record: Tables[K], view: StateView) => readonly string[] | "every";

const nowhere = (): readonly string[] => [];
const own = (record: { readonly VpcId: string }): readonly string[] => [record.VpcId];

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
  // Its interfaces tell for themselves.
  vpcEndpoint: nowhere,
  resourceShare: nowhere,
  resourceAssociation: nowhere,
  principalAssociation: nowhere,
  resourceShareInvitation: nowhere,
  vpc: own,
  subnet: own,
  routeTable: own,
  securityGroup: own,
  networkAcl: own,
  natGateway: own,
  networkInterface: own,
  instance: own,
  egressOnlyInternetGateway: own,
  internetGateway: (record) => (record.VpcId === undefined ? [] : [record.VpcId]),
  vpcPeeringConnection: (record) => [record.Requester.VpcId, record.Accepter.VpcId],
  address: (record, view) => {
    const holder =
      record.NetworkInterfaceId === undefined ? undefined : view.get("networkInterface", record.NetworkInterfaceId);
    return holder === undefined ? [] : [holder.VpcId];
  },
  transitGateway: nowhere,
  // Named by routes and rules anywhere; changes are rare.
  managedPrefixList: () => "every",
};

/** Kinds that send themselves: the last one of a VPC is no longer found by index when it goes, yet its namespace must go. */
const senders: ReadonlySet<TableName> = new Set(["networkInterface", "instance", "natGateway"]);

/** True when some realised VPC may see the change. Both the old and the new record count. */
export function touchesPackets(changes: readonly CommittedChange[], view: StateView): boolean {
  return changes.some(({ table, before, after }) => realised(table, before, view) || realised(table, after, view));
}

function realised<K extends TableName>(table: K, record: Tables[K] | undefined, view: StateView): boolean {
  if (record === undefined) return false;
  const vpcs = vpcsOf[table](record, view);
  if (vpcs === "every" || senders.has(table)) return true;
  return vpcs.some((vpcId) => view.by("networkInterface", "vpc", vpcId).length > 0);
}

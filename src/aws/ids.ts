/** EC2's resource ids and ARNs: which prefix and which ARN type belong to which kind of resource. Source: semantics 13.1 "Ids". */

/** Where random bytes come from; the machine's in production, a seeded one in tests. */
export interface RandomSource {
  bytes(count: number): Uint8Array;
}

/** Id prefixes by taggable resource type: the names that TagSpecification's `ResourceType`, tags and ARNs use. */
export const prefixByResourceType = {
  "customer-gateway": "cgw",
  "dhcp-options": "dopt",
  "egress-only-internet-gateway": "eigw",
  "elastic-ip": "eipalloc",
  image: "ami",
  instance: "i",
  "internet-gateway": "igw",
  "key-pair": "key",
  "launch-template": "lt",
  natgateway: "nat",
  "network-acl": "acl",
  "network-insights-analysis": "nia",
  "network-insights-path": "nip",
  "network-interface": "eni",
  "prefix-list": "pl",
  "route-table": "rtb",
  "security-group": "sg",
  "security-group-rule": "sgr",
  snapshot: "snap",
  subnet: "subnet",
  "transit-gateway": "tgw",
  "transit-gateway-attachment": "tgw-attach",
  "transit-gateway-connect-peer": "tgw-connect-peer",
  "transit-gateway-route-table": "tgw-rtb",
  "transit-gateway-route-table-announcement": "tgw-rtb-ann",
  volume: "vol",
  vpc: "vpc",
  "vpc-block-public-access-exclusion": "vpcbpa-exclude",
  "vpc-endpoint": "vpce",
  "vpc-endpoint-connection": "vpce-con",
  "vpc-endpoint-service": "vpce-svc",
  "vpc-endpoint-service-permission": "vpce-svc-perm",
  "vpc-flow-log": "fl",
  "vpc-peering-connection": "pcx",
  "vpn-connection": "vpn",
  "vpn-gateway": "vgw",
} as const;

/** A resource type that can carry tags, as `TagSpecification.ResourceType` names it. */
export type TaggableResourceType = keyof typeof prefixByResourceType;

const resourceTypeByPrefix: ReadonlyMap<string, TaggableResourceType> = new Map(
  // Object.keys loses the literal types; the entries are this table's own.
  (Object.keys(prefixByResourceType) as TaggableResourceType[]).map((type) => [prefixByResourceType[type], type]),
);

const hexTail = /^(?:[0-9a-f]{17}|[0-9a-f]{8})$/;

/** `prefix-` and 17 lower-case hex digits. */
export function newId(prefix: string, random: RandomSource): string {
  let digits = "";
  for (const byte of random.bytes(9)) digits += byte.toString(16).padStart(2, "0");
  return `${prefix}-${digits.slice(0, 17)}`;
}

/** Whether a text has the shape of an id with this prefix: 17 hex digits, or the older 8. */
export function isWellFormedId(prefix: string, id: string): boolean {
  return id.startsWith(prefix) && id[prefix.length] === "-" && hexTail.test(id.slice(prefix.length + 1));
}

/** The type of the resource that an id names, judged by its prefix; undefined for a prefix that carries no tags. */
export function resourceTypeOfId(id: string): TaggableResourceType | undefined {
  const dash = id.lastIndexOf("-");
  return dash < 0 ? undefined : resourceTypeByPrefix.get(id.slice(0, dash));
}

/** `arn:aws:ec2:<region>:<account>:<type>/<id>`. */
export function ec2Arn(region: string, accountId: string, resourceType: TaggableResourceType, id: string): string {
  return `arn:aws:ec2:${region}:${accountId}:${resourceType}/${id}`;
}

/** `arn:aws:iam::<account>:<path>`, for example `role/name` or `root`. */
export function iamArn(accountId: string, path: string): string {
  return `arn:aws:iam::${accountId}:${path}`;
}

/** `arn:aws:sts::<account>:assumed-role/<role>/<session>`. */
export function assumedRoleArn(accountId: string, roleName: string, sessionName: string): string {
  return `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`;
}

/** The parts of an ARN; undefined when the text is none. `resource` is everything after the account. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** Reads an ARN; undefined when the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = "", service = "", region = "", accountId = "", resource = ""] = match;
  return { partition, service, region, accountId, resource };
}

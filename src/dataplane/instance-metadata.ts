/**
 * The instance metadata service: what an instance can learn about itself over HTTP at 169.254.169.254 and fd00:ec2::254.
 * Pure: the model, the time, and what is not in the model come from outside. Source: the EC2 User Guide's metadata categories.
 */
import type { HttpRequest, HttpResponse } from "../host/index.ts";
import type { Instance, NetworkInterface, NetworkModel } from "../model/index.ts";

/** What the service needs besides the model. */
export interface MetadataSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Key of the session tokens' signature; any secret that lives as long as the data plane. */
  readonly sign: (text: string) => string;
  /** The instance's user data, if it has any. */
  readonly userData?: (instanceId: string) => string | undefined;
  /** The role of the instance's profile, and its credentials; `undefined` without a profile. */
  readonly credentials?: (instanceId: string) => RoleCredentials | undefined;
}

export interface RoleCredentials {
  readonly roleName: string;
  readonly instanceProfileId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly lastUpdated: number;
  readonly expiration: number;
}

const tokenHeader = "x-aws-ec2-metadata-token";
const ttlHeader = "x-aws-ec2-metadata-token-ttl-seconds";
const longestTtl = 21_600;

/** Answers one request; `handlerId` is the instance. IMDSv2 with a session token, or v1 without one. */
export function answerMetadata(model: NetworkModel, request: HttpRequest, sources: MetadataSources): HttpResponse {
  const instance = model.instances.find((candidate) => candidate.instanceId === request.handlerId);
  if (instance === undefined) return failure(404, "Not Found");
  const path = request.path.split("?")[0] ?? "";
  if (/^\/[^/]+\/api\/token\/?$/.test(path)) return issueToken(instance, request, sources);
  if (request.method !== "GET" && request.method !== "HEAD") return failure(405, "Method Not Allowed");
  const token = headerOf(request, tokenHeader);
  if (token !== undefined && !isValid(token, instance, sources)) return failure(401, "Unauthorized");
  const steps = path.split("/").filter((step) => step !== "");
  if (steps.length === 0) return text(versions.join("\n"));
  if (!versions.includes(steps[0] ?? "")) return failure(404, "Not Found");
  const found = walk(treeOf(instance, model, sources), steps.slice(1));
  return found === undefined ? failure(404, "Not Found") : text(found);
}

const versions = ["1.0", "2021-07-15", "2024-04-11", "latest"];

/** A folder, a value, or nothing. Folders and values are made only when asked for. */
type Node = string | (() => string | undefined) | Folder;
interface Folder {
  readonly [name: string]: Node | undefined;
}

function treeOf(instance: Instance, model: NetworkModel, sources: MetadataSources): Folder {
  const userData = sources.userData?.(instance.instanceId);
  const dynamic = { "instance-identity": { document: () => identityDocument(instance, model) } };
  const tree: Folder = { dynamic, "meta-data": metaData(instance, model, sources) };
  return userData === undefined ? tree : { ...tree, "user-data": () => userData };
}

function metaData(instance: Instance, model: NetworkModel, sources: MetadataSources): Folder {
  const interfaces = interfacesOf(instance, model);
  const primary = interfaces[0];
  const address = primary === undefined ? undefined : primaryAddress(primary);
  const role = sources.credentials?.(instance.instanceId);
  const groups = groupNames(primary, model);
  return {
    "ami-id": instance.imageId,
    "ami-launch-index": "0",
    hostname: instance.privateDnsName,
    ...(role === undefined ? {} : { iam: iam(role, instance) }),
    "instance-action": "none",
    "instance-id": instance.instanceId,
    "instance-life-cycle": "on-demand",
    "instance-type": instance.instanceType,
    ipv6: primary?.ipv6Addresses[0],
    "local-hostname": instance.privateDnsName,
    "local-ipv4": address?.address,
    mac: primary?.macAddress,
    network: { interfaces: { macs: macsOf(interfaces, instance, model) } },
    placement: placement(instance, model),
    "public-hostname": instance.publicDnsName,
    "public-ipv4": address?.publicIp,
    ...(instance.keyName === undefined ? {} : { "public-keys": { [`0=${instance.keyName}`]: {} } }),
    "security-groups": groups === "" ? undefined : groups,
    services: { domain: "amazonaws.com", partition: "aws" },
    ...(instance.name === undefined ? {} : { tags: { instance: { Name: instance.name } } }),
  };
}

function placement(instance: Instance, model: NetworkModel): Folder {
  const subnet = model.subnets.find((candidate) => candidate.subnetId === instance.subnetId);
  return {
    "availability-zone": instance.availabilityZone,
    "availability-zone-id": subnet?.availabilityZoneId,
    region: instance.region,
  };
}

function macsOf(interfaces: readonly NetworkInterface[], instance: Instance, model: NetworkModel): Folder {
  return Object.fromEntries(interfaces.map((eni) => [eni.macAddress, interfaceFolder(eni, instance, model)]));
}

function interfaceFolder(eni: NetworkInterface, instance: Instance, model: NetworkModel): Folder {
  const subnet = model.subnets.find((candidate) => candidate.subnetId === eni.subnetId);
  const vpc = model.vpcs.find((candidate) => candidate.vpcId === eni.vpcId);
  const mapped = eni.privateAddresses.filter((address) => address.publicIp !== undefined);
  const associations = mapped.map((address) => [address.publicIp ?? "", address.address] as const);
  return {
    "device-number": String(eni.attachment?.deviceIndex ?? 0),
    "interface-id": eni.networkInterfaceId,
    ...(associations.length === 0 ? {} : { "ipv4-associations": Object.fromEntries(associations) }),
    ipv6s: lines(eni.ipv6Addresses),
    "local-hostname": instance.privateDnsName,
    "local-ipv4s": lines(eni.privateAddresses.map((address) => address.address)),
    mac: eni.macAddress,
    "owner-id": eni.ownerId,
    "public-ipv4s": lines(associations.map(([publicIp]) => publicIp)),
    "security-group-ids": lines(eni.securityGroupIds),
    "security-groups": lines(
      groupNames(eni, model)
        .split("\n")
        .filter((name) => name !== ""),
    ),
    "subnet-id": eni.subnetId,
    "subnet-ipv4-cidr-block": subnet?.cidrBlock,
    "subnet-ipv6-cidr-blocks": lines(subnet?.ipv6CidrBlocks ?? []),
    "vpc-id": eni.vpcId,
    "vpc-ipv4-cidr-block": vpc?.cidrBlocks[0],
    "vpc-ipv4-cidr-blocks": lines(vpc?.cidrBlocks ?? []),
    "vpc-ipv6-cidr-blocks": lines(vpc?.ipv6CidrBlocks ?? []),
  };
}

function iam(role: RoleCredentials, instance: Instance): Folder {
  const info = {
    Code: "Success",
    LastUpdated: instantOf(role.lastUpdated),
    InstanceProfileArn: instance.iamInstanceProfileArn,
    InstanceProfileId: role.instanceProfileId,
  };
  const credentials = {
    Code: "Success",
    LastUpdated: instantOf(role.lastUpdated),
    Type: "AWS-HMAC",
    AccessKeyId: role.accessKeyId,
    SecretAccessKey: role.secretAccessKey,
    Token: role.token,
    Expiration: instantOf(role.expiration),
  };
  return {
    info: () => JSON.stringify(info, undefined, 2),
    "security-credentials": { [role.roleName]: () => JSON.stringify(credentials, undefined, 2) },
  };
}

function identityDocument(instance: Instance, model: NetworkModel): string {
  const primary = interfacesOf(instance, model)[0];
  const document = {
    accountId: instance.ownerId,
    architecture: "x86_64",
    availabilityZone: instance.availabilityZone,
    imageId: instance.imageId,
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    pendingTime: instance.launchTime.replace(/\.\d+Z$/, "Z"),
    privateIp: primary === undefined ? null : (primaryAddress(primary)?.address ?? null),
    region: instance.region,
    version: "2017-09-30",
  };
  return JSON.stringify(document, undefined, 2);
}

function interfacesOf(instance: Instance, model: NetworkModel): readonly NetworkInterface[] {
  return model.networkInterfaces
    .filter((eni) => eni.attachment?.instanceId === instance.instanceId)
    .sort((a, b) => (a.attachment?.deviceIndex ?? 0) - (b.attachment?.deviceIndex ?? 0));
}

function primaryAddress(eni: NetworkInterface): NetworkInterface["privateAddresses"][number] | undefined {
  return eni.privateAddresses.find((address) => address.primary);
}

function groupNames(eni: NetworkInterface | undefined, model: NetworkModel): string {
  const ids = eni?.securityGroupIds ?? [];
  return ids.flatMap((id) => model.securityGroups.find((group) => group.groupId === id)?.groupName ?? []).join("\n");
}

function lines(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join("\n");
}

/** The value at the path; a folder is listed, its own folders with a slash, as AWS lists them. */
function walk(folder: Folder, steps: readonly string[]): string | undefined {
  let node: Node | undefined = folder;
  for (const step of steps) {
    if (node === undefined || typeof node === "string" || typeof node === "function") return undefined;
    node = Object.hasOwn(node, step) ? node[step] : undefined;
  }
  if (node === undefined || typeof node === "string") return node;
  if (typeof node === "function") return node();
  const names = Object.entries(node).flatMap(([name, child]) =>
    child === undefined ? [] : [typeof child === "object" && !name.includes("=") ? `${name}/` : name],
  );
  return names.join("\n");
}

/** IMDSv2: the session token says for whom and until when it is good; nothing is remembered. */
function issueToken(instance: Instance, request: HttpRequest, { now, sign }: MetadataSources): HttpResponse {
  if (request.method !== "PUT") return failure(405, "Method Not Allowed");
  if (headerOf(request, "x-forwarded-for") !== undefined) return failure(403, "Forbidden");
  const ttlText = headerOf(request, ttlHeader);
  const ttl = ttlText !== undefined && /^\d{1,6}$/.test(ttlText) ? Number(ttlText) : 0;
  if (ttl < 1 || ttl > longestTtl) return failure(400, "Bad Request");
  const until = String(now() + ttl * 1000);
  const token = `${until}.${sign(`${instance.instanceId} ${until}`)}`;
  return { status: 200, headers: { "content-type": "text/plain", [ttlHeader]: String(ttl) }, body: token };
}

function isValid(token: string, instance: Instance, { now, sign }: MetadataSources): boolean {
  const [until = "", signature = ""] = token.split(".", 2);
  return /^\d+$/.test(until) && Number(until) > now() && signature === sign(`${instance.instanceId} ${until}`);
}

function headerOf(request: HttpRequest, name: string): string | undefined {
  for (const [header, value] of Object.entries(request.headers)) if (header.toLowerCase() === name) return value;
  return undefined;
}

/** `2026-11-21T00:00:00Z`: AWS gives whole seconds. */
function instantOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

function text(body: string): HttpResponse {
  return { status: 200, headers: { "content-type": "text/plain", server: "EC2ws" }, body };
}

/** Errors are pages, as AWS's are. */
function failure(status: number, reason: string): HttpResponse {
  const body = `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${status} - ${reason}</title>
 </head>
 <body>
  <h1>${status} - ${reason}</h1>
 </body>
</html>
`;
  return { status, headers: { "content-type": "text/html", server: "EC2ws" }, body };
}

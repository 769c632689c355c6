/** What a share does to the transit gateways in it, and what each side is shown of them. (semantics 6.8) */
import type { CreateTransitGatewayCommandOutput, DescribeTransitGatewaysCommandOutput } from "@aws-sdk/client-ec2";
import type {
  CreateResourceShareCommandOutput,
  GetResourceShareAssociationsCommandOutput,
  GetResourceShareInvitationsCommandOutput,
  ListPendingInvitationResourcesCommandOutput,
  ListPrincipalsCommandOutput,
  ListResourceSharePermissionsCommandOutput,
  ListResourcesCommandOutput,
} from "@aws-sdk/client-ram";
import { beforeEach, expect, test } from "vitest";
import { accountA, accountB, type TestCloud, type TestCloudOptions, testCloud } from "../../test-cloud.ts";

const accountC = "333333333333";

let cloud: TestCloud;
let gateway: string;
let resourceArn: string;

beforeEach(() => start());

function start(options: TestCloudOptions = {}): void {
  cloud = testCloud(options);
  gateway = newGateway();
  resourceArn = arnOf(gateway);
}

function newGateway(): string {
  const made = cloud.call<CreateTransitGatewayCommandOutput>("CreateTransitGateway", {});
  cloud.advance(300_000);
  return made.TransitGateway?.TransitGatewayId ?? "";
}

function arnOf(id: string): string {
  return `arn:aws:ec2:us-east-1:${accountA}:transit-gateway/${id}`;
}

function ram<Output>(operation: string, input: object = {}, account = accountA): Output {
  return cloud.call<Output>(operation, input, { service: "ram", account });
}

function share(input: object): string {
  const made = ram<CreateResourceShareCommandOutput>("CreateResourceShare", { name: "hub", ...input });
  return made.resourceShare?.resourceShareArn ?? "";
}

function invitationOf(account: string): string | undefined {
  const input = "GetResourceShareInvitations";
  const { resourceShareInvitations = [] } = ram<GetResourceShareInvitationsCommandOutput>(input, {}, account);
  return resourceShareInvitations.find(({ status }) => status === "PENDING")?.resourceShareInvitationArn;
}

function accept(account = accountB): void {
  ram("AcceptResourceShareInvitation", { resourceShareInvitationArn: invitationOf(account) }, account);
}

function seenBy(account: string): (string | undefined)[] {
  const { TransitGateways = [] } = cloud.call<DescribeTransitGatewaysCommandOutput>(
    "DescribeTransitGateways",
    {},
    { account },
  );
  return TransitGateways.map(({ TransitGatewayId }) => TransitGatewayId);
}

function resources(resourceOwner: string, account = accountA, input: object = {}) {
  return ram<ListResourcesCommandOutput>("ListResources", { resourceOwner, ...input }, account).resources ?? [];
}

test("[TG-80] the other account sees the gateway once it has accepted, and no longer when it is taken out", () => {
  const resourceShareArn = share({ resourceArns: [resourceArn], principals: [accountB, accountC] });
  const invitation = { resourceShareInvitationArn: invitationOf(accountB) };
  const pending = "ListPendingInvitationResources";
  expect(ram<ListPendingInvitationResourcesCommandOutput>(pending, invitation, accountB).resources).toMatchObject([
    { arn: resourceArn, type: "ec2:TransitGateway", resourceShareArn },
  ]);
  expect(seenBy(accountB)).toEqual([]);
  accept();
  expect(seenBy(accountB)).toEqual([gateway]);
  expect(seenBy(accountC)).toEqual([]);
  expect(resources("OTHER-ACCOUNTS", accountB, { resourceShareArns: [resourceShareArn] })).toMatchObject([
    { arn: resourceArn, type: "ec2:TransitGateway", status: "AVAILABLE", resourceRegionScope: "REGIONAL" },
  ]);
  ram("DisassociateResourceShare", { resourceShareArn, principals: [accountB] });
  expect(seenBy(accountB)).toEqual([]);
  expect(seenBy(accountA)).toEqual([gateway]);
});

test.each([
  ["the gateway is taken out of the share", "DisassociateResourceShare", () => ({ resourceArns: [resourceArn] })],
  ["the share is deleted", "DeleteResourceShare", () => ({})],
])("[TG-82] nobody else sees the gateway any more when %s", (_, operation, input) => {
  const resourceShareArn = share({ resourceArns: [resourceArn], principals: [accountB] });
  accept();
  expect(seenBy(accountB)).toEqual([gateway]);
  ram(operation, { resourceShareArn, ...input() });
  expect(seenBy(accountB)).toEqual([]);
  cloud.restart();
  expect(seenBy(accountB)).toEqual([]);
});

test("a gateway in two shares is shared with the accounts of both; a gateway added later is shared too", () => {
  const first = share({ resourceArns: [resourceArn], principals: [accountB] });
  share({ resourceArns: [resourceArn], principals: [accountB, accountC] });
  accept();
  accept();
  accept(accountC);
  const other = newGateway();
  ram("AssociateResourceShare", { resourceShareArn: first, resourceArns: [arnOf(other)] });
  expect(seenBy(accountB)).toEqual([gateway, other]);
  expect(seenBy(accountC)).toEqual([gateway]);
  ram("DeleteResourceShare", { resourceShareArn: first });
  expect(seenBy(accountB)).toEqual([gateway]);
});

test("a resource is associating for a moment, and is shared when it is associated", () => {
  start({ pace: "real" });
  const resourceShareArn = share({ principals: [accountB] });
  accept();
  const status = () =>
    ram<GetResourceShareAssociationsCommandOutput>("GetResourceShareAssociations", {
      associationType: "RESOURCE",
      resourceArn,
      resourceShareArns: [resourceShareArn],
    }).resourceShareAssociations?.map((association) => association.status);
  expect(status()).toEqual([]);
  ram("AssociateResourceShare", { resourceShareArn, resourceArns: [resourceArn] });
  expect(status()).toEqual(["ASSOCIATING"]);
  expect(seenBy(accountB)).toEqual([]);
  expect(resources("SELF")).toMatchObject([{ arn: resourceArn, status: "PENDING" }]);
  cloud.advance(2_000);
  expect(status()).toEqual(["ASSOCIATED"]);
  expect(seenBy(accountB)).toEqual([gateway]);
  ram("DisassociateResourceShare", { resourceShareArn, resourceArns: [resourceArn] });
  expect(status()).toEqual(["DISASSOCIATING"]);
  cloud.advance(2_000);
  expect(status()).toEqual(["DISASSOCIATED"]);
});

test("the owner lists what is shared, and with whom; the gateway brings its default permission", () => {
  const resourceShareArn = share({ resourceArns: [resourceArn], principals: [accountB] });
  const type = { resourceType: "ec2:transitgateway" };
  expect(resources("SELF", accountA, { principal: accountB, ...type })).toMatchObject([{ arn: resourceArn }]);
  expect(resources("SELF", accountA, { principal: accountC })).toEqual([]);
  expect(resources("SELF", accountA, { resourceType: "ec2:Subnet" })).toEqual([]);
  expect(resources("SELF", accountA, { resourceRegionScope: "GLOBAL" })).toEqual([]);
  const listed = (input: object) =>
    ram<ListPrincipalsCommandOutput>("ListPrincipals", { resourceOwner: "SELF", ...input }).principals;
  expect(listed({ resourceArn })).toMatchObject([{ id: accountB, resourceShareArn, external: true }]);
  expect(listed(type)).toHaveLength(1);
  expect(listed({ resourceArn: arnOf("tgw-0123456789abcdef0") })).toEqual([]);
  const permissions = ram<ListResourceSharePermissionsCommandOutput>("ListResourceSharePermissions", {
    resourceShareArn,
  });
  expect(permissions.permissions).toMatchObject([{ name: "AWSRAMDefaultPermissionTransitGateway" }]);
});

test("only a gateway of one's own, in this Region, that is not on its way out, can be shared", () => {
  const resourceShareArn = share({ principals: [accountB] });
  accept();
  const refusal = expect.objectContaining({ code: "UnknownResourceException" });
  const associate = (arn: string, account = accountA, resourceShare = resourceShareArn) =>
    ram("AssociateResourceShare", { resourceShareArn: resourceShare, resourceArns: [arn] }, account);
  const theirs = ram<CreateResourceShareCommandOutput>("CreateResourceShare", { name: "theirs" }, accountB);
  expect(() => associate(resourceArn, accountB, theirs.resourceShare?.resourceShareArn)).toThrow(refusal);
  expect(() => associate(resourceArn.replace("us-east-1", "eu-west-1"))).toThrow(refusal);
  associate(resourceArn);
  cloud.call("DeleteTransitGateway", { TransitGatewayId: gateway });
  expect(() => associate(resourceArn, accountA, share({}))).toThrow(refusal);
  cloud.advance(3 * 3_600_000);
  // What is gone has nobody to tell.
  ram("DisassociateResourceShare", { resourceShareArn, resourceArns: [resourceArn] });
  expect(cloud.faults).toEqual([]);
});

/** Sharing by invitation, from both accounts' side. What it does to transit gateways: sharing.test.ts. */
import type {
  AcceptResourceShareInvitationCommandOutput,
  AssociateResourceShareCommandOutput,
  CreateResourceShareCommandOutput,
  GetResourceShareAssociationsCommandOutput,
  GetResourceShareInvitationsCommandOutput,
  GetResourceSharesCommandOutput,
  ListPermissionsCommandOutput,
  ListPrincipalsCommandOutput,
  ListResourceSharePermissionsCommandOutput,
} from "@aws-sdk/client-ram";
import { beforeEach, describe, expect, test } from "vitest";
import { accountA, accountB, type TestCloud, testCloud } from "../../test-cloud.ts";

const accountC = "333333333333";
const hour = 3_600_000;
const day = 24 * hour;

let cloud: TestCloud;
beforeEach(() => {
  cloud = testCloud();
});

function ram<Output>(operation: string, input: object = {}, account = accountA, region = "us-east-1"): Output {
  return cloud.call<Output>(operation, input, { service: "ram", account, region });
}

function refused(operation: string, input: object, account = accountA): unknown {
  try {
    ram(operation, input, account);
  } catch (error) {
    return error;
  }
  throw new Error(`${operation} was not refused`);
}

function share(input: object = {}): string {
  const made = ram<CreateResourceShareCommandOutput>("CreateResourceShare", { name: "hub", ...input });
  return made.resourceShare?.resourceShareArn ?? "";
}

function invitations(account = accountB, input: object = {}) {
  return (
    ram<GetResourceShareInvitationsCommandOutput>("GetResourceShareInvitations", input, account)
      .resourceShareInvitations ?? []
  );
}

function principals(resourceShareArn: string) {
  const input = { associationType: "PRINCIPAL", resourceShareArns: [resourceShareArn] };
  const { resourceShareAssociations = [] } = ram<GetResourceShareAssociationsCommandOutput>(
    "GetResourceShareAssociations",
    input,
  );
  return resourceShareAssociations.map(({ associatedEntity, status }) => `${associatedEntity} ${status}`);
}

function shares(resourceOwner: string, account = accountA, input: object = {}) {
  return (
    ram<GetResourceSharesCommandOutput>("GetResourceShares", { resourceOwner, ...input }, account).resourceShares ?? []
  );
}

describe("a share", () => {
  test("is made, found by name and tag, changed, tagged and deleted; the deleted one is seen for two hours", () => {
    const arn = share({ tags: [{ key: "team", value: "net" }] });
    expect(arn).toMatch(/^arn:aws:ram:us-east-1:111111111111:resource-share\/[0-9a-f-]{36}$/);
    expect(shares("SELF", accountA, { name: "hub", tagFilters: [{ tagKey: "team", tagValues: ["net"] }] })).toEqual([
      {
        resourceShareArn: arn,
        name: "hub",
        owningAccountId: accountA,
        allowExternalPrincipals: true,
        status: "ACTIVE",
        tags: [{ key: "team", value: "net" }],
        creationTime: new Date(cloud.now()),
        lastUpdatedTime: new Date(cloud.now()),
        featureSet: "STANDARD",
      },
    ]);
    expect(shares("SELF", accountA, { name: "other" })).toEqual([]);

    ram("UpdateResourceShare", { resourceShareArn: arn, name: "spoke", allowExternalPrincipals: false });
    ram("TagResource", { resourceShareArn: arn, tags: [{ key: "stage", value: "prod" }] });
    ram("UntagResource", { resourceShareArn: arn, tagKeys: ["team"] });
    expect(shares("SELF")).toMatchObject([
      { name: "spoke", allowExternalPrincipals: false, tags: [{ key: "stage", value: "prod" }] },
    ]);

    expect(ram("DeleteResourceShare", { resourceShareArn: arn, clientToken: "t" })).toEqual({
      returnValue: true,
      clientToken: "t",
    });
    expect(shares("SELF")).toMatchObject([{ status: "DELETED" }]);
    cloud.advance(2 * hour);
    expect(shares("SELF")).toEqual([]);
  });

  test("is nobody else's to see or change, and of one Region", () => {
    const resourceShareArn = share();
    const error = {
      code: "UnknownResourceException",
      message: `ResourceShare ${resourceShareArn} could not be found.`,
    };
    expect(refused("DeleteResourceShare", { resourceShareArn }, accountB)).toMatchObject(error);
    expect(shares("OTHER-ACCOUNTS", accountB)).toEqual([]);
    const elsewhere = { service: "ram", account: accountA, region: "eu-west-1" };
    expect(() => cloud.call("DeleteResourceShare", { resourceShareArn }, elsewhere)).toThrow(
      expect.objectContaining(error),
    );
  });

  test("survives a restart, with its associations and invitations", () => {
    const arn = share({ principals: [accountB] });
    cloud.restart();
    expect(shares("SELF")).toMatchObject([{ resourceShareArn: arn }]);
    expect(invitations()).toMatchObject([{ resourceShareArn: arn, status: "PENDING" }]);
  });

  test("is made once for one client token", () => {
    const input = { name: "hub", clientToken: "token-1" };
    const [first, second] = [1, 2].map(() => ram<CreateResourceShareCommandOutput>("CreateResourceShare", input));
    expect(second).toEqual(first);
    expect(shares("SELF")).toHaveLength(1);
    expect(refused("CreateResourceShare", { ...input, name: "other" })).toMatchObject({
      code: "IdempotentParameterMismatchException",
    });
  });
});

describe("another account", () => {
  test("is invited, sees the share once it has accepted, and leaves it again", () => {
    const arn = share({ principals: [accountB, accountC] });
    expect(principals(arn)).toEqual([`${accountB} ASSOCIATING`, `${accountC} ASSOCIATING`]);
    expect(shares("OTHER-ACCOUNTS", accountB)).toEqual([]);
    const [invitation] = invitations();
    expect(invitation).toMatchObject({
      resourceShareName: "hub",
      resourceShareArn: arn,
      senderAccountId: accountA,
      receiverAccountId: accountB,
      status: "PENDING",
    });
    expect(invitations(accountA)).toEqual([]);

    const resourceShareInvitationArn = invitation?.resourceShareInvitationArn;
    const accepted = ram<AcceptResourceShareInvitationCommandOutput>(
      "AcceptResourceShareInvitation",
      { resourceShareInvitationArn },
      accountB,
    );
    expect(accepted.resourceShareInvitation?.status).toBe("ACCEPTED");
    expect(principals(arn)).toEqual([`${accountB} ASSOCIATED`, `${accountC} ASSOCIATING`]);
    expect(shares("OTHER-ACCOUNTS", accountB)).toMatchObject([{ resourceShareArn: arn, owningAccountId: accountA }]);
    expect(shares("OTHER-ACCOUNTS", accountB)[0]).not.toHaveProperty("tags");
    expect(shares("SELF", accountB)).toEqual([]);
    const owners = ram<ListPrincipalsCommandOutput>("ListPrincipals", { resourceOwner: "OTHER-ACCOUNTS" }, accountB);
    expect(owners.principals).toMatchObject([{ id: accountA, external: true }]);
    for (const operation of ["AcceptResourceShareInvitation", "RejectResourceShareInvitation"]) {
      expect(refused(operation, { resourceShareInvitationArn }, accountB)).toMatchObject({
        code: "ResourceShareInvitationAlreadyAcceptedException",
      });
    }

    ram("DisassociateResourceShare", { resourceShareArn: arn, principals: [accountB] }, accountB);
    expect(principals(arn)).toEqual([`${accountB} DISASSOCIATED`, `${accountC} ASSOCIATING`]);
    expect(shares("OTHER-ACCOUNTS", accountB)).toEqual([]);
  });

  test("cannot change a share that it has accepted, nor take others out of it", () => {
    const resourceShareArn = share({ principals: [accountB, accountC] });
    const resourceShareInvitationArn = invitations()[0]?.resourceShareInvitationArn;
    ram("AcceptResourceShareInvitation", { resourceShareInvitationArn }, accountB);
    for (const [operation, input] of [
      ["UpdateResourceShare", { name: "mine" }],
      ["DeleteResourceShare", {}],
      ["AssociateResourceShare", { principals: [accountC] }],
      ["DisassociateResourceShare", { principals: [accountC] }],
      ["TagResource", { tags: [{ key: "a", value: "b" }] }],
    ] as const) {
      expect(refused(operation, { resourceShareArn, ...input }, accountB)).toMatchObject({
        code: "OperationNotPermittedException",
      });
    }
    expect(principals(resourceShareArn)).toEqual([`${accountB} ASSOCIATED`, `${accountC} ASSOCIATING`]);
  });

  test("that rejects is not in the share, and can be invited again", () => {
    const arn = share({ principals: [accountB] });
    const resourceShareInvitationArn = invitations()[0]?.resourceShareInvitationArn;
    ram("RejectResourceShareInvitation", { resourceShareInvitationArn }, accountB);
    expect(principals(arn)).toEqual([`${accountB} DISASSOCIATED`]);
    expect(refused("AcceptResourceShareInvitation", { resourceShareInvitationArn }, accountB)).toMatchObject({
      code: "ResourceShareInvitationAlreadyRejectedException",
    });
    const again = { resourceShareArn: arn, principals: [accountB] };
    const { resourceShareAssociations } = ram<AssociateResourceShareCommandOutput>("AssociateResourceShare", again);
    expect(resourceShareAssociations).toMatchObject([
      { associatedEntity: accountB, associationType: "PRINCIPAL", status: "ASSOCIATING", external: true },
    ]);
    expect(invitations().map(({ status }) => status)).toEqual(["REJECTED", "PENDING"]);
  });

  test("has seven days to answer", () => {
    const arn = share({ principals: [accountB] });
    cloud.advance(7 * day - 1);
    expect(invitations()).toMatchObject([{ status: "PENDING" }]);
    cloud.advance(1);
    const [expired] = invitations();
    expect(expired?.status).toBe("EXPIRED");
    expect(principals(arn)).toEqual([`${accountB} DISASSOCIATED`]);
    const { resourceShareInvitationArn } = expired ?? {};
    expect(refused("AcceptResourceShareInvitation", { resourceShareInvitationArn }, accountB)).toMatchObject({
      code: "ResourceShareInvitationExpiredException",
    });
  });

  test.each([
    ["the account is taken out", "DisassociateResourceShare", { principals: [accountB] }],
    ["the share is deleted", "DeleteResourceShare", {}],
  ])("has nothing to answer once %s", (_, operation, input) => {
    const resourceShareArn = share({ principals: [accountB] });
    ram(operation, { resourceShareArn, ...input });
    expect(invitations()).toEqual([]);
  });

  test("is outside of any organization, so a share that allows no external principals refuses it", () => {
    const input = { name: "hub", allowExternalPrincipals: false, principals: [accountB] };
    expect(refused("CreateResourceShare", input)).toMatchObject({ code: "OperationNotPermittedException" });
    expect(shares("SELF")).toEqual([]);
    const resourceShareArn = share({ principals: [accountB] });
    expect(refused("UpdateResourceShare", { resourceShareArn, allowExternalPrincipals: false })).toMatchObject({
      code: "OperationNotPermittedException",
    });
  });
});

test("the owner's own account is in its share without an invitation", () => {
  const arn = share({ principals: [accountA] });
  expect(principals(arn)).toEqual([`${accountA} ASSOCIATED`]);
  expect(invitations(accountA)).toEqual([]);
});

test.each([
  ["an organization", "arn:aws:organizations::111111111111:organization/o-0123456789", "UnsupportedOperation"],
  ["a role", "arn:aws:iam::222222222222:role/r", "UnsupportedOperation"],
  ["a service", "pca-connector-ad.amazonaws.com", "UnsupportedOperation"],
  ["an id of an organization", "o-0123456789", "InvalidParameterException"],
  ["an account id that is too short", "2222", "InvalidParameterException"],
])("%s is refused as a principal", (_, principal, code) => {
  expect(refused("CreateResourceShare", { name: "hub", principals: [principal] })).toMatchObject({ code });
  expect(shares("SELF")).toEqual([]);
});

test.each([
  ["a text", "tgw-1", "MalformedArnException"],
  ["a subnet", "arn:aws:ec2:us-east-1:111111111111:subnet/subnet-0123456789abcdef0", "UnsupportedOperation"],
  ["a prefix list", "arn:aws:ec2:us-east-1:111111111111:prefix-list/pl-0123456789abcdef0", "UnsupportedOperation"],
  [
    "a gateway that is not there",
    "arn:aws:ec2:us-east-1:111111111111:transit-gateway/tgw-0123456789abcdef0",
    "UnknownResourceException",
  ],
])("%s is refused as a resource", (_, arn, code) => {
  expect(refused("CreateResourceShare", { name: "hub", resourceArns: [arn] })).toMatchObject({ code });
  expect(shares("SELF")).toEqual([]);
});

test.each([
  ["DeleteResourceShare", { resourceShareArn: "hub" }, "MalformedArnException"],
  ["AcceptResourceShareInvitation", { resourceShareInvitationArn: "hub" }, "MalformedArnException"],
  [
    "AcceptResourceShareInvitation",
    { resourceShareInvitationArn: "arn:aws:ram:us-east-1:111111111111:resource-share-invitation/1" },
    "ResourceShareInvitationArnNotFoundException",
  ],
  ["GetResourceShares", { resourceOwner: "NOBODY" }, "InvalidParameterException"],
  ["GetResourceShares", { resourceOwner: "SELF", maxResults: 501 }, "InvalidMaxResultsException"],
  ["GetResourceShares", { resourceOwner: "SELF", nextToken: "x" }, "InvalidNextTokenException"],
  ["GetResourceShareAssociations", { associationType: "PRINCIPAL", resourceArn: "x" }, "InvalidParameterException"],
  ["GetResourceShareAssociations", { associationType: "SOURCE" }, "InvalidParameterException"],
  ["CreateResourceShare", { name: "" }, "InvalidParameterException"],
  ["CreateResourceShare", { name: "hub", permissionArns: ["x"] }, "MalformedArnException"],
  ["CreateResourceShare", { name: "hub", sources: ["x"] }, "UnsupportedOperation"],
  ["EnableSharingWithAwsOrganization", {}, "UnsupportedOperation"],
])("%s %j is refused with %s", (operation, input, code) => {
  share();
  expect(refused(operation, input)).toMatchObject({ code });
});

test("pages are as long as asked, and lead on", () => {
  const arns = [1, 2, 3].map(() => share());
  const first = ram<GetResourceSharesCommandOutput>("GetResourceShares", { resourceOwner: "SELF", maxResults: 2 });
  const { nextToken } = first;
  const second = ram<GetResourceSharesCommandOutput>("GetResourceShares", { resourceOwner: "SELF", nextToken });
  const found = [first, second].map((page) => page.resourceShares?.map(({ resourceShareArn }) => resourceShareArn));
  expect(found).toEqual([arns.slice(0, 2), arns.slice(2)]);
  expect(second.nextToken).toBeUndefined();
});

test("permissions: AWS's defaults, and those that a share names", () => {
  const listed = ram<ListPermissionsCommandOutput>("ListPermissions", { resourceType: "EC2:transitgateway" });
  const arn = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionTransitGateway";
  expect(listed.permissions).toMatchObject([{ arn, resourceType: "ec2:TransitGateway", isResourceTypeDefault: true }]);
  const customer = ram<ListPermissionsCommandOutput>("ListPermissions", { permissionType: "CUSTOMER_MANAGED" });
  expect(customer.permissions).toEqual([]);
  const permissions = (resourceShareArn: string) =>
    ram<ListResourceSharePermissionsCommandOutput>("ListResourceSharePermissions", { resourceShareArn }).permissions;
  expect(permissions(share())).toEqual([]);
  expect(permissions(share({ permissionArns: [arn] }))).toMatchObject([{ arn, status: "ASSOCIATED" }]);
});

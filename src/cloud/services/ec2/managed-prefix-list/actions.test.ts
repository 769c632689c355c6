/** Managed prefix lists, their versions, and AWS's own. https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html */
import type {
  CreateManagedPrefixListCommandOutput,
  DescribeManagedPrefixListsCommandOutput,
  DescribePrefixListsCommandOutput,
  GetManagedPrefixListEntriesCommandOutput,
  ManagedPrefixList,
} from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { isNetworkModel } from "../../../../model/index.ts";
import { toMermaid } from "../../../lifecycle/lifecycle.ts";
import { accountB, type TestCloud, testCloud } from "../../../test-cloud.ts";
import { managedPrefixListLifecycle } from "./lifecycle.ts";

const basic = { PrefixListName: "offices", AddressFamily: "IPv4", MaxEntries: 3 };

function create(cloud: TestCloud, input: object = {}): string {
  const output = cloud.call<CreateManagedPrefixListCommandOutput>("CreateManagedPrefixList", { ...basic, ...input });
  return output.PrefixList?.PrefixListId ?? "";
}

function read(cloud: TestCloud, id: string): ManagedPrefixList | undefined {
  const input = { PrefixListIds: [id] };
  return cloud.call<DescribeManagedPrefixListsCommandOutput>("DescribeManagedPrefixLists", input).PrefixLists?.[0];
}

function entries(cloud: TestCloud, PrefixListId: string, TargetVersion?: number) {
  const input = { PrefixListId, TargetVersion };
  return cloud.call<GetManagedPrefixListEntriesCommandOutput>("GetManagedPrefixListEntries", input).Entries;
}

const refusal = (code: string) => expect.objectContaining({ code });

it("its states are these", () => {
  expect(toMermaid(managedPrefixListLifecycle)).toMatchInlineSnapshot(`
    "stateDiagram-v2
      [*] --> create_in_progress
      create_in_progress --> create_complete: after 3s
      create_complete --> modify_in_progress: ModifyManagedPrefixList
      create_complete --> delete_in_progress: DeleteManagedPrefixList
      modify_in_progress --> modify_complete: after 3s
      modify_complete --> modify_in_progress: ModifyManagedPrefixList
      modify_complete --> delete_in_progress: DeleteManagedPrefixList
      delete_in_progress --> delete_failed: after 3s [in-use]
      delete_in_progress --> delete_complete: after 3s
      delete_failed --> modify_in_progress: ModifyManagedPrefixList
      delete_failed --> delete_in_progress: DeleteManagedPrefixList
      delete_complete --> [*]: forgotten after 60s
    "
  `);
});

describe("a managed prefix list", () => {
  it("goes through its states, and keeps every version", () => {
    const cloud = testCloud({ pace: "real" });
    const PrefixListId = create(cloud, { Entries: [{ Cidr: "10.0.0.9/8", Description: "ten" }] });
    expect(read(cloud, PrefixListId)).toEqual({
      PrefixListId,
      PrefixListName: "offices",
      PrefixListArn: `arn:aws:ec2:us-east-1:111111111111:prefix-list/${PrefixListId}`,
      OwnerId: "111111111111",
      AddressFamily: "IPv4",
      MaxEntries: 3,
      Version: 1,
      State: "create-in-progress",
      Tags: [],
    });
    const change = { PrefixListId, CurrentVersion: 1, AddEntries: [{ Cidr: "172.16.0.0/12" }] };
    expect(() => cloud.call("ModifyManagedPrefixList", change)).toThrow(refusal("IncorrectState"));
    cloud.advance(5_000);
    expect(read(cloud, PrefixListId)?.State).toBe("create-complete");
    expect(cloud.call("ModifyManagedPrefixList", change)).toMatchObject({
      PrefixList: { State: "modify-in-progress", Version: 2 },
    });
    cloud.advance(5_000);
    expect(read(cloud, PrefixListId)).toMatchObject({ State: "modify-complete", Version: 2 });
    expect(entries(cloud, PrefixListId)).toEqual([
      { Cidr: "10.0.0.0/8", Description: "ten" },
      { Cidr: "172.16.0.0/12" },
    ]);
    expect(entries(cloud, PrefixListId, 1)).toEqual([{ Cidr: "10.0.0.0/8", Description: "ten" }]);
    expect(() => cloud.call("ModifyManagedPrefixList", change)).toThrow(refusal("PrefixListVersionMismatch"));
    cloud.call("RestoreManagedPrefixListVersion", { PrefixListId, CurrentVersion: 2, PreviousVersion: 1 });
    cloud.advance(5_000);
    expect(read(cloud, PrefixListId)?.Version).toBe(3);
    expect(entries(cloud, PrefixListId)).toEqual([{ Cidr: "10.0.0.0/8", Description: "ten" }]);
    cloud.call("DeleteManagedPrefixList", { PrefixListId });
    expect(read(cloud, PrefixListId)?.State).toBe("delete-in-progress");
    cloud.advance(120_000);
    expect(() => read(cloud, PrefixListId)).toThrow(refusal("InvalidPrefixListID.NotFound"));
  });

  it.each<[string, object]>([
    [
      "PrefixListMaxEntriesExceeded",
      { Entries: ["10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8"].map((Cidr) => ({ Cidr })) },
    ],
    ["InvalidParameterValue", { Entries: [{ Cidr: "2001:db8::/32" }] }],
    ["InvalidParameterValue", { Entries: [{ Cidr: "10.0.0.0/8" }, { Cidr: "10.0.0.1/8" }] }],
    ["InvalidParameterValue", { AddressFamily: "IPv5" }],
    ["InvalidParameterValue", { MaxEntries: 0 }],
    ["InvalidParameterValue", { MaxEntries: 1_001 }],
    ["InvalidParameterValue", { PrefixListName: "com.amazonaws.mine" }],
  ])("is refused with %s for %o", (code, input) => {
    expect(() => create(testCloud(), input)).toThrow(refusal(code));
  });

  it("is not changed in size and content at once, nor made too small", () => {
    const cloud = testCloud();
    const PrefixListId = create(cloud, { Entries: [{ Cidr: "10.0.0.0/8" }, { Cidr: "11.0.0.0/8" }] });
    const RemoveEntries = [{ Cidr: "10.0.0.0/8" }];
    const modify = (input: object) => () => cloud.call("ModifyManagedPrefixList", { PrefixListId, ...input });
    expect(modify({ MaxEntries: 5, CurrentVersion: 1, RemoveEntries })).toThrow(refusal("InvalidParameterCombination"));
    expect(modify({ MaxEntries: 1 })).toThrow(refusal("PrefixListMaxEntriesExceeded"));
    expect(modify({ RemoveEntries })).toThrow(refusal("MissingParameter"));
    expect(modify({ CurrentVersion: 1, RemoveEntries, AddEntries: RemoveEntries })).toThrow(
      refusal("InvalidParameterValue"),
    );
    modify({ CurrentVersion: 1, RemoveEntries })();
    expect(entries(cloud, PrefixListId)).toEqual([{ Cidr: "11.0.0.0/8" }]);
    expect(modify({ CurrentVersion: 2, RemoveEntries })).toThrow(refusal("InvalidParameterValue"));
  });

  it("stays while a route or a rule names it", () => {
    const cloud = testCloud();
    const PrefixListId = create(cloud);
    const { SecurityGroups } = cloud.call<{ SecurityGroups: { GroupId: string }[] }>("DescribeSecurityGroups");
    const GroupId = SecurityGroups[0]?.GroupId;
    cloud.call("AuthorizeSecurityGroupIngress", {
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId }] }],
    });
    cloud.call("DeleteManagedPrefixList", { PrefixListId });
    expect(read(cloud, PrefixListId)).toMatchObject({
      State: "delete-failed",
      StateMessage: `The prefix list is in use by: ${GroupId}.`,
    });
    expect(cloud.call("GetManagedPrefixListAssociations", { PrefixListId })).toMatchObject({
      PrefixListAssociations: [{ ResourceId: GroupId, ResourceOwner: "111111111111" }],
    });
    expect(isNetworkModel(cloud.model())).toBe(true);
    cloud.call("RevokeSecurityGroupIngress", {
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: 22, ToPort: 22, PrefixListIds: [{ PrefixListId }] }],
    });
    cloud.call("DeleteManagedPrefixList", { PrefixListId });
    expect(read(cloud, PrefixListId)?.State).toBe("delete-complete");
  });

  it("gives its entries in pages", () => {
    const cloud = testCloud();
    const PrefixListId = create(cloud, {
      Entries: ["10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8"].map((Cidr) => ({ Cidr })),
    });
    const page = (NextToken?: string) =>
      cloud.call<GetManagedPrefixListEntriesCommandOutput>("GetManagedPrefixListEntries", {
        PrefixListId,
        MaxResults: 2,
        NextToken,
      });
    const first = page();
    expect(first.Entries).toHaveLength(2);
    expect(page(first.NextToken)).toEqual({ Entries: [{ Cidr: "12.0.0.0/8" }] });
    for (const token of ["x", "????", "MTAw"]) expect(() => page(token)).toThrow(refusal("InvalidNextToken"));
  });
});

describe("AWS's own lists", () => {
  it("are the same for every account of a Region, and nobody's to change", () => {
    const cloud = testCloud();
    const byName = { Filters: [{ Name: "prefix-list-name", Values: ["com.amazonaws.us-east-1.s3"] }] };
    const [mine, others] = [{}, { account: accountB }].map(
      (caller) => cloud.call<DescribePrefixListsCommandOutput>("DescribePrefixLists", byName, caller).PrefixLists,
    );
    expect(mine).toEqual([
      {
        PrefixListId: expect.stringMatching(/^pl-/),
        PrefixListName: "com.amazonaws.us-east-1.s3",
        Cidrs: ["198.51.100.0/25"],
      },
    ]);
    expect(others).toEqual(mine);
    const PrefixListId = mine?.[0]?.PrefixListId ?? "";
    expect(read(cloud, PrefixListId)).toMatchObject({ OwnerId: "AWS", State: "create-complete" });
    expect(() => cloud.call("DeleteManagedPrefixList", { PrefixListId })).toThrow(refusal("UnauthorizedOperation"));
    expect(cloud.call("DescribeManagedPrefixLists", {}, { region: "eu-west-1" })).toMatchObject({
      PrefixLists: [
        { PrefixListName: "com.amazonaws.eu-west-1.s3" },
        { PrefixListName: "com.amazonaws.eu-west-1.dynamodb" },
      ],
    });
    expect(isNetworkModel(cloud.model())).toBe(true);
  });
});

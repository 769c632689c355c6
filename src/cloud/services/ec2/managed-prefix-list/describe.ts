/** Managed prefix lists as the API shows them, and how they are found. */
import type { ManagedPrefixList } from "@aws-sdk/client-ec2";
import type { ActionContext } from "../../action.ts";
import type { DescribeDefinition } from "../describe.ts";
import { tagsOf } from "../tag/tags.ts";
import { awsOwner, type ManagedPrefixListRecord } from "./record.ts";

export const managedPrefixListDescription: DescribeDefinition<"managedPrefixList"> = {
  table: "managedPrefixList",
  kind: "prefix-list",
  idPrefix: "pl",
  pageSize: { min: 1, max: 100 },
  filters: {
    "owner-id": (list) => list.OwnerId,
    "prefix-list-id": (list) => list.PrefixListId,
    "prefix-list-name": (list) => list.PrefixListName,
  },
};

export function managedPrefixListToApi(list: ManagedPrefixListRecord, context: ActionContext): ManagedPrefixList {
  const ofAws = list.OwnerId === awsOwner;
  return {
    PrefixListId: list.PrefixListId,
    PrefixListName: list.PrefixListName,
    PrefixListArn: `arn:aws:ec2:${list.Region}:${ofAws ? "aws" : list.OwnerId}:prefix-list/${list.PrefixListId}`,
    OwnerId: list.OwnerId,
    AddressFamily: list.AddressFamily,
    State: list.State,
    ...(list.StateMessage === undefined ? {} : { StateMessage: list.StateMessage }),
    // AWS tells neither the size nor the version of its own lists.
    ...(ofAws ? {} : { MaxEntries: list.MaxEntries, Version: list.Version }),
    Tags: tagsOf(context, list.PrefixListId),
  };
}

/** AWS::EC2::PrefixList. */
import type {
  CreateManagedPrefixListCommandOutput,
  DescribeManagedPrefixListsCommandOutput,
  GetManagedPrefixListEntriesCommandOutput,
} from "@aws-sdk/client-ec2";
import { ResourceFailure, type ResourceTag, type ResourceWork, resourceType } from "./resource-type.ts";
import { changeTags, tagsFor } from "./tags.ts";

interface Entry {
  readonly Cidr: string;
  readonly Description?: string;
}

interface Properties {
  readonly AddressFamily: string;
  readonly PrefixListName: string;
  readonly MaxEntries?: number;
  readonly Entries?: readonly Entry[];
  readonly Tags?: readonly ResourceTag[];
}

export const prefixListType = resourceType<Properties>({
  name: "AWS::EC2::PrefixList",
  properties: ["AddressFamily", "PrefixListName", "MaxEntries", "Entries", "Tags"],
  create(work) {
    const { AddressFamily, PrefixListName, Entries, MaxEntries = Entries?.length ?? 1 } = work.properties;
    const { PrefixList } = work.call<CreateManagedPrefixListCommandOutput>("ec2:CreateManagedPrefixList", {
      AddressFamily,
      PrefixListName,
      MaxEntries,
      Entries,
      TagSpecifications: tagsFor("prefix-list", work),
    });
    return PrefixList?.PrefixListId ?? "";
  },
  created: (work) => isSettled(work),
  /** Sizes and entries change in calls of their own; both at once would be refused. */
  update(work, before) {
    const { PrefixListName, Entries = [], MaxEntries } = work.properties;
    changeTags(work);
    const PrefixListId = work.physicalId;
    if (PrefixListName !== before.PrefixListName)
      work.call("ec2:ModifyManagedPrefixList", { PrefixListId, PrefixListName });
    if (MaxEntries !== undefined && MaxEntries !== before.MaxEntries) {
      work.call("ec2:ModifyManagedPrefixList", { PrefixListId, MaxEntries });
      return;
    }
    changeEntries(work, Entries);
  },
  updated(work) {
    if (!isSettled(work)) return false;
    return !changeEntries(work, work.properties.Entries ?? []);
  },
  replaces: (properties, before) => properties.AddressFamily !== before.AddressFamily,
  delete: (work) => void work.call("ec2:DeleteManagedPrefixList", { PrefixListId: work.physicalId }),
  deleted(work) {
    const { State = "delete-complete", StateMessage } = describe(work) ?? {};
    if (State === "delete-failed")
      throw new ResourceFailure(`PrefixList ${work.physicalId} is in state ${State}: ${StateMessage}`);
    return State === "delete-complete";
  },
  attributes(work) {
    const list = describe(work);
    return {
      Arn: list?.PrefixListArn,
      OwnerId: list?.OwnerId,
      PrefixListId: work.physicalId,
      Version: list?.Version,
    };
  },
});

function describe(work: ResourceWork<Properties>) {
  const Filters = [{ Name: "prefix-list-id", Values: [work.physicalId] }];
  const answer = work.call<DescribeManagedPrefixListsCommandOutput>("ec2:DescribeManagedPrefixLists", { Filters });
  return answer.PrefixLists?.[0];
}

function isSettled(work: ResourceWork<Properties>): boolean {
  const { State = "", StateMessage } = describe(work) ?? {};
  if (State.endsWith("-failed"))
    throw new ResourceFailure(`PrefixList ${work.physicalId} is in state ${State}: ${StateMessage}`);
  return State.endsWith("-complete");
}

/** Whether there was something to change. */
function changeEntries(work: ResourceWork<Properties>, wanted: readonly Entry[]): boolean {
  const PrefixListId = work.physicalId;
  const { Entries: present = [] } = work.call<GetManagedPrefixListEntriesCommandOutput>(
    "ec2:GetManagedPrefixListEntries",
    { PrefixListId },
  );
  const isIn = (entries: readonly Partial<Entry>[], entry: Partial<Entry>): boolean =>
    entries.some((each) => each.Cidr === entry.Cidr && (each.Description ?? "") === (entry.Description ?? ""));
  const AddEntries = wanted.filter((entry) => !isIn(present, entry));
  const RemoveEntries = present
    .filter((entry) => !wanted.some(({ Cidr }) => Cidr === entry.Cidr))
    .map(({ Cidr }) => ({ Cidr }));
  if (AddEntries.length === 0 && RemoveEntries.length === 0) return false;
  const CurrentVersion = describe(work)?.Version;
  work.call("ec2:ModifyManagedPrefixList", {
    PrefixListId,
    CurrentVersion,
    ...(AddEntries.length > 0 && { AddEntries }),
    ...(RemoveEntries.length > 0 && { RemoveEntries }),
  });
  return true;
}

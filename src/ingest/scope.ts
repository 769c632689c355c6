/** Whose answers a folder holds, and of which Region: by its name (`111111111111/eu-west-1`), else by what the answers say themselves. */
import type { AccountId, Region } from "../model/index.ts";
import type { Folder } from "./answer-files.ts";
import type { AnswerKey } from "./answer-keys.ts";
import type { Report } from "./report.ts";

const accountId = /^[0-9]{12}$/;
const region = /^[a-z]{2,}(-[a-z]+)+-[0-9]+$/;

/** The account and Region; undefined, and told as a problem, when one of them cannot be said. */
export function scopeOf(
  folder: Folder,
  report: Report,
): { readonly account: AccountId; readonly region: Region } | undefined {
  const account = accountOf(folder, report);
  const region = regionOf(folder);
  if (account !== undefined && region !== undefined) return { account, region };
  const lacking = account === undefined ? "account" : "Region";
  report.problem(
    folder.path || ".",
    "",
    `the ${lacking} of these answers cannot be told: put them in a folder like 111111111111/eu-west-1`,
  );
  return undefined;
}

const owned: readonly AnswerKey[] = ["Reservations", "RouteTables", "SecurityGroups", "Vpcs", "Subnets", "NetworkAcls"];

function accountOf(folder: Folder, report: Report): AccountId | undefined {
  const named = segments(folder).findLast((each) => accountId.test(each));
  if (named !== undefined) return named;
  if (folder.callerAccount !== undefined && accountId.test(folder.callerAccount)) return folder.callerAccount;
  const owners = values(folder, owned, "OwnerId").filter((each) => accountId.test(each));
  const [first] = owners;
  if (new Set(owners).size > 1) {
    report.unknown(
      `${folder.path || "."} account`,
      `several accounts own things in these answers; they are taken as read by ${first}, and a folder's name would say it`,
    );
  }
  return first;
}

function regionOf(folder: Folder): Region | undefined {
  const named = segments(folder).findLast((each) => region.test(each));
  if (named !== undefined) return named;
  const told = values(folder, ["AvailabilityZones"], "RegionName");
  const zones = values(folder, ["Subnets", "NetworkInterfaces"], "AvailabilityZone");
  // A zone is its Region and a letter; Local Zones have longer names and tell nothing here.
  return [...told, ...zones.map((zone) => zone.replace(/[a-z]$/, ""))].find((each) => region.test(each));
}

function segments({ path }: Folder): readonly string[] {
  return path.split("/");
}

function values({ entries }: Folder, keys: readonly AnswerKey[], field: string): readonly string[] {
  return keys.flatMap((key) =>
    (entries.get(key) ?? []).flatMap(({ fields }) => {
      const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
      return typeof value === "string" ? [value] : [];
    }),
  );
}

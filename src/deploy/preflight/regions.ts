/** Whether the Regions that the stacks go to are there, and enabled in their accounts. */
import { isRefusal } from "../deployed-stack.ts";
import type { Session } from "../session.ts";
import type { AppStack } from "../stacks.ts";
import type { Finding } from "./finding.ts";

export async function regionFindings(session: Session): Promise<readonly Finding[]> {
  const byAccount = new Map<string, AppStack[]>();
  for (const stack of session.selection.stacks) {
    byAccount.set(stack.account, [...(byAccount.get(stack.account) ?? []), stack]);
  }
  const found = await Promise.all([...byAccount.values()].map((stacks) => regionsOfAccount(session, stacks)));
  return found.flat();
}

async function regionsOfAccount(session: Session, stacks: readonly AppStack[]): Promise<readonly Finding[]> {
  const [first] = stacks;
  if (first === undefined) return [];
  const { account } = first;
  const wanted = [...new Set(stacks.map(({ region }) => region))];
  try {
    const { Regions = [] } = await session.clients(first).ec2.describeRegions({ AllRegions: true });
    const status = new Map(Regions.map(({ RegionName, OptInStatus }) => [RegionName, OptInStatus]));
    return wanted.flatMap((region): readonly Finding[] => {
      const about = `${account}/${region}`;
      if (!status.has(region))
        return [{ level: "stop", about, message: "there is no such Region", next: nearest(region, status) }];
      if (status.get(region) !== "not-opted-in") return [];
      const next = `\`aws account enable-region --region-name ${region}\`, which takes some minutes`;
      return [{ level: "stop", about, message: "the Region is not enabled in this account", next }];
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const message = `whether its Regions are enabled is not known: ${error.name}: ${error.message}`;
    return [{ level: "unknown", about: `account ${account}`, message, next: "It takes ec2:DescribeRegions." }];
  }
}

function nearest(region: string, known: ReadonlyMap<string | undefined, unknown>): string {
  const names = [...known.keys()].filter((name) => name !== undefined);
  const near = names.filter((name) => name.slice(0, 5) === region.slice(0, 5));
  return `There is: ${(near.length > 0 ? near : names).join(", ")}.`;
}

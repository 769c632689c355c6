/** Whether what is there and what is to come fits into AWS's default quotas. What an account's own quotas are, AWS tells by another API. */
import type { Clients, Place } from "../cloud.ts";
import { isRefusal } from "../deployed-stack.ts";
import type { StackChanges } from "../plan.ts";
import { placesOf, type Session } from "../session.ts";
import type { AppStack } from "../stacks.ts";
import type { Finding } from "./finding.ts";

interface Quota {
  readonly type: string;
  readonly what: string;
  /** AWS's default, per account and Region. */
  readonly limit: number;
  /** By which Service Quotas knows it. */
  readonly code: readonly [service: string, quota: string];
  readonly count: (clients: Clients, account: string) => Promise<number>;
}

const quotas: readonly Quota[] = [
  {
    type: "AWS::EC2::VPC",
    what: "VPCs",
    limit: 5,
    code: ["vpc", "L-F678F1CE"],
    count: ({ ec2 }) =>
      counted(async (NextToken) => {
        const { Vpcs = [], NextToken: next } = await ec2.describeVpcs({ ...tokenOf(NextToken) });
        return [Vpcs.length, next];
      }),
  },
  {
    type: "AWS::EC2::InternetGateway",
    what: "internet gateways",
    limit: 5,
    code: ["vpc", "L-A4707A72"],
    count: ({ ec2 }) =>
      counted(async (NextToken) => {
        const { InternetGateways = [], NextToken: next } = await ec2.describeInternetGateways({
          ...tokenOf(NextToken),
        });
        return [InternetGateways.length, next];
      }),
  },
  {
    type: "AWS::EC2::EIP",
    what: "Elastic IPs",
    limit: 5,
    code: ["ec2", "L-0263D0A3"],
    count: async ({ ec2 }) => (await ec2.describeAddresses({})).Addresses?.length ?? 0,
  },
  {
    type: "AWS::EC2::TransitGateway",
    what: "transit gateways",
    limit: 5,
    code: ["ec2", "L-A2478D36"],
    count: ({ ec2 }, account) =>
      counted(async (NextToken) => {
        const { TransitGateways = [], NextToken: next } = await ec2.describeTransitGateways({ ...tokenOf(NextToken) });
        // Those of others that are shared with us are theirs.
        const own = TransitGateways.filter(({ OwnerId, State }) => OwnerId === account && State !== "deleted");
        return [own.length, next];
      }),
  },
];

export async function quotaFindings(session: Session, changes: readonly StackChanges[]): Promise<readonly Finding[]> {
  const { stacks } = session.selection;
  const found = await Promise.all(placesOf(stacks).map((place) => findingsAt(session, place, stacks, changes)));
  return found.flat();
}

async function findingsAt(
  session: Session,
  place: Place,
  stacks: readonly AppStack[],
  changes: readonly StackChanges[],
): Promise<readonly Finding[]> {
  const here = stacks.filter(({ account, region }) => account === place.account && region === place.region);
  const [first] = here;
  const keys = new Set(here.map(({ artifactId }) => artifactId));
  const own = changes.filter(({ stack }) => keys.has(stack));
  const wanted = quotas.map((quota) => ({ quota, more: growthOf(own, quota.type) })).filter(({ more }) => more > 0);
  if (first === undefined) return [];
  const clients = session.clients(first);
  const about = `${place.account}/${place.region}`;
  const found = await Promise.all(
    wanted.map(async ({ quota, more }): Promise<readonly Finding[]> => {
      try {
        const there = await quota.count(clients, place.account);
        return there + more > quota.limit
          ? [tooMany(session, quota, { about, there, more, region: place.region })]
          : [];
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const message = `how many ${quota.what} there are is not known: ${error.name}: ${error.message}`;
        return [{ level: "unknown", about, message }];
      }
    }),
  );
  return found.flat();
}

/** How many more there will be of a type, at the fullest moment: what is replaced stands beside its successor for a while. */
export function growthOf(changes: readonly StackChanges[], type: string): number {
  const own = changes.flatMap(({ resources }) => resources).filter((each) => each.type === type);
  return own.filter(({ action, replacement }) => action === "add" || replacement === "yes").length;
}

function tooMany(
  session: Session,
  { what, limit, code: [service, quota] }: Quota,
  {
    about,
    there,
    more,
    region,
  }: { readonly about: string; readonly there: number; readonly more: number; readonly region: string },
): Finding {
  const sum = `${what}: ${there} there, ${more} more to come, and AWS's default quota is ${limit}`;
  if (session.cloud.isLocal)
    return { level: "warn", about, message: `${sum}. This cloud has no such limit; on AWS it may fail` };
  const next = `\`aws service-quotas get-service-quota --service-code ${service} --quota-code ${quota} --region ${region}\``;
  return { level: "warn", about, message: `${sum}. Yours may be higher`, next };
}

async function counted(
  page: (token: string | undefined) => Promise<readonly [number, string | undefined]>,
): Promise<number> {
  let sum = 0;
  let token: string | undefined;
  do {
    const [count, next] = await page(token);
    sum += count;
    token = next;
  } while (token !== undefined);
  return sum;
}

function tokenOf(NextToken: string | undefined): { readonly NextToken?: string } {
  return NextToken === undefined ? {} : { NextToken };
}

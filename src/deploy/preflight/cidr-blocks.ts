/** Overlapping blocks of VPCs that the templates join: a peering of them fails, and a gateway reaches only one of the two. */
import { overlaps, parseCidr } from "../../ip/index.ts";
import { isRefusal } from "../deployed-stack.ts";
import type { Session } from "../session.ts";
import type { AppStack } from "../stacks.ts";
import type { Finding } from "./finding.ts";
import { joinsOf, type VpcRef } from "./joined-vpcs.ts";

export async function blockFindings(session: Session): Promise<readonly Finding[]> {
  const joins = joinsOf(session.all);
  const existing = await existingBlocks(
    session,
    joins.flatMap(({ vpcs }) => vpcs),
  );
  const findings = joins.flatMap(({ by, vpcs }): readonly Finding[] => {
    const blocks = vpcs.map((vpc) => ({ vpc, blocks: vpc.kind === "id" ? existing.get(vpc.id) : vpc.blocks }));
    const unknown = blocks.filter((each) => each.blocks === undefined).map(({ vpc }) => wordsOf(vpc));
    const message = `whether the blocks of ${unknown.join(" and ")} overlap with others is not known before it is deployed`;
    return [
      ...overlapsAmong(blocks.map((each) => ({ name: wordsOf(each.vpc), blocks: each.blocks ?? [] }))).map(
        ({ one, other, block, otherBlock }): Finding => ({
          level: by.kind === "peering" ? "stop" : "warn",
          about: by.name,
          message: `joins VPCs of overlapping blocks: ${one} ${block}, ${other} ${otherBlock}`,
          next:
            by.kind === "peering"
              ? "AWS fails such a peering. Give one of them another block."
              : "The gateway can route a block to one of them only. Give one of them another block.",
        }),
      ),
      ...(unknown.length === 0 ? [] : [{ level: "unknown" as const, about: by.name, message }]),
    ];
  });
  return findings;
}

interface NamedBlocks {
  readonly name: string;
  readonly blocks: readonly string[];
}

interface Overlap {
  readonly one: string;
  readonly block: string;
  readonly other: string;
  readonly otherBlock: string;
}

/** Every pair of VPCs whose blocks overlap, by the first pair of blocks that do. */
export function overlapsAmong(vpcs: readonly NamedBlocks[]): readonly Overlap[] {
  return vpcs.flatMap((one, index) =>
    vpcs.slice(index + 1).flatMap((other) => {
      for (const block of one.blocks) {
        const otherBlock = other.blocks.find((each) => doOverlap(block, each));
        if (otherBlock !== undefined) return [{ one: one.name, block, other: other.name, otherBlock }];
      }
      return [];
    }),
  );
}

function doOverlap(block: string, other: string): boolean {
  const [one, two] = [parseCidr(block), parseCidr(other)];
  return one !== undefined && two !== undefined && one.family === two.family && overlaps(one, two);
}

function wordsOf(vpc: VpcRef): string {
  return vpc.kind === "id" ? vpc.id : vpc.name;
}

/** The blocks of VPCs that are there already; those that nobody may look at are left out. */
async function existingBlocks(
  session: Session,
  vpcs: readonly VpcRef[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const vpc of vpcs) {
    if (vpc.kind !== "id" || found.has(vpc.id)) continue;
    // The other side of a peering is often where another stack of the app goes.
    const places = new Map([vpc.stack, ...session.all].map((stack) => [`${stack.account} ${stack.region}`, stack]));
    for (const stack of places.values()) {
      const blocks = await blocksOf(session, stack, vpc.id);
      if (blocks.length === 0) continue;
      found.set(vpc.id, blocks);
      break;
    }
  }
  return found;
}

/** None where the VPC is not there, or of another account or Region, or nobody may look. */
async function blocksOf(session: Session, stack: AppStack, vpcId: string): Promise<readonly string[]> {
  try {
    const { Vpcs = [] } = await session.clients(stack).ec2.describeVpcs({ VpcIds: [vpcId] });
    return (Vpcs[0]?.CidrBlockAssociationSet ?? []).flatMap(({ CidrBlock }) => CidrBlock ?? []);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return [];
  }
}

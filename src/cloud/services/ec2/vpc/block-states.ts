/** How the blocks of a VPC or subnet come and go [AD-7]: `associating` becomes `associated`, `disassociating` ends the association. */
import type { CidrBlockAssociation } from "./record.ts";

export function isInMotion({ State }: CidrBlockAssociation): boolean {
  return State === "associating" || State === "disassociating";
}

/** The associations after their work is done. */
export function settled<A extends CidrBlockAssociation>(associations: readonly A[]): readonly A[] {
  return associations
    .filter(({ State }) => State !== "disassociating")
    .map((each) => (each.State === "associating" ? { ...each, State: "associated" } : each));
}

/** The blocks that packets may use: associated, or about to be. */
export function blocksInForce(associations: readonly CidrBlockAssociation[]): readonly string[] {
  return associations.filter(({ State }) => State !== "disassociating").map(({ CidrBlock }) => CidrBlock);
}

/** How ids and places are written in a `.net` text. */

/** The id without what says of what kind it is. */
export function nameOf(id: string): string {
  return id.replace(/^(tgw-rtb|tgw-attach|[a-z]+)-/, "");
}

/** What the builder takes when it is not said. */
const usual = { ownerId: "111111111111", region: "eu-west-1" } as const;

export function placeWords({
  ownerId,
  region,
}: {
  readonly ownerId: string;
  readonly region: string;
}): readonly string[] {
  return [ownerId === usual.ownerId ? "" : `account ${ownerId}`, region === usual.region ? "" : `region ${region}`];
}

/** A line of those that are not empty. */
export function words(...all: readonly string[]): string {
  return all.filter((each) => each !== "").join(" ");
}

/** The first lines of a deployment: which cloud, whose accounts, which Regions, which stacks. */
import { relative } from "node:path";
import type { Session } from "../../deploy/index.ts";
import { columns, styled } from "../print.ts";
import { hanging } from "../wrapped.ts";
import type { CloudInQuestion } from "./cloud-in-question.ts";

export function introduction({ session, cloud }: { readonly session: Session; readonly cloud: CloudInQuestion }) {
  const { stacks, alongside } = session.selection;
  return {
    cloud: cloud.endpoint ?? "aws",
    local: cloud.running !== undefined,
    app: session.source.folder,
    accounts: unique(stacks.map(({ account }) => account)),
    profiles: session.cloud.profiles,
    regions: unique(stacks.map(({ region }) => region)),
    stacks: stacks.map(({ id, name, account, region }) => ({ id, name, account, region })),
    alongside: alongside.map(({ id }) => id),
  };
}

export function introductionLines(open: {
  readonly session: Session;
  readonly cloud: CloudInQuestion;
}): readonly string[] {
  const { cloud, local, accounts, profiles, regions, stacks, alongside, app } = introduction(open);
  const named = accounts.map((account) => {
    const own = profiles.find((each) => each.account === account);
    return own === undefined ? account : `${account} (profile ${own.name})`;
  });
  const width = columns();
  const where = cloud === "aws" ? "AWS" : local ? `the local cloud at ${cloud}` : `the cloud at ${cloud}`;
  const folder = relative(".", app) || ".";
  const count = `${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}`;
  const along = alongside.length === 0 ? "" : `, of which come along: ${alongside.join(", ")}`;
  return [
    ...hanging(`${styled("bold", where)}: ${plural("account", named)}, ${plural("Region", regions)}`, width, 2),
    ...hanging(`${styled("dim", "app")} ${folder}, ${count}${along}`, width, 2),
  ];
}

function plural(what: string, all: readonly string[]): string {
  return `${what}${all.length === 1 ? "" : "s"} ${all.join(", ")}`;
}

function unique(all: readonly string[]): readonly string[] {
  return [...new Set(all)];
}

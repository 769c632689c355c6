/** Addresses that a rule or a route names and that only the deployment knows: in the model a prefix list that was not read. */
import type { PrefixListId } from "../../../../model/index.ts";
import type { UnknownValue } from "../../template/index.ts";
import type { NetworkDraft } from "../network-draft.ts";

export function unknownBlock({ name }: UnknownValue, draft: NetworkDraft): PrefixListId {
  const id: PrefixListId = `pl-${name.replaceAll(/[^0-9A-Za-z]+/g, "-")}`;
  draft.unknown(id, `the addresses are known when it is deployed: ${name}`);
  return id;
}

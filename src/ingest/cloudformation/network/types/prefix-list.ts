/** AWS::EC2::PrefixList. */
import { needed } from "../given.ts";
import { place, resourceFields } from "../network-draft.ts";
import type { NetworkType } from "./network-type.ts";

export const prefixListType: NetworkType = {
  name: "AWS::EC2::PrefixList",
  prefix: "pl",
  idAttributes: ["PrefixListId"],
  build(resource, draft) {
    const given = resource.properties();
    const prefixListId = resource.id("pl");
    const entries = given.items("Entries").map((each) => needed("Cidr", each.cidr("Cidr")));
    draft.prefixLists.set(prefixListId, {
      ...resourceFields(resource),
      prefixListId,
      prefixListName: given.text("PrefixListName") ?? resource.logicalId,
      addressFamily: given.text("AddressFamily") === "IPv6" ? "IPv6" : "IPv4",
      maxEntries: given.integer("MaxEntries") ?? Math.max(1, entries.length),
      entries,
    });
    place(draft, prefixListId, resource);
  },
};

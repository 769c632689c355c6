/** A reference network as a story: its stages, and what the audience is told before and after. */
import type { Stage } from "./stage.ts";

export interface Story {
  readonly title: string;
  /** After the title, in a few words. */
  readonly subtitle: string;
  /** The Region of calls that say none. */
  readonly region: string;
  /** `keep`: the network goes on afterwards, so nothing takes it away. */
  stages(options: { readonly keep: boolean }): readonly Stage[];
  /** Commands to try on the kept network. */
  readonly tries: readonly string[];
  /** A page with every command. */
  readonly page?: string;
}

/** Tags of a new resource: its name. */
export function named(resourceType: string, name: string) {
  return [{ ResourceType: resourceType, Tags: [{ Key: "Name", Value: name }] }];
}

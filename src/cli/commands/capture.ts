/** `causeway capture HOP`: tcpdump where the packets of an instance, a VPC, a peering connection or a gateway pass, until Ctrl-C. */
import { stateFolder } from "../state-folder.ts";
import { inTerminal } from "./exec.ts";

export async function capture(
  hop: string,
  filter: readonly string[],
  { state }: { readonly state?: string },
): Promise<void> {
  process.exitCode = Number(await inTerminal(stateFolder(state), { do: "capture", hop, filter }, false));
}

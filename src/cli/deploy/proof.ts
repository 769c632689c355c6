/** The proof after a deployment: judged by the engine, asked of the packets, told, and made an exit code. */
import { type Proof, prove } from "../../deploy/index.ts";
import { columns, print, styled } from "../print.ts";
import { exitCode } from "../user-error.ts";
import { hanging } from "../wrapped.ts";
import type { OpenApp } from "./app-words.ts";
import { byPackets, disagree, type PacketVerdict, packetsOf } from "./packet-proof.ts";
import { printEvent } from "./print-event.ts";
import { type ByPackets, renderProof } from "./render-proof.ts";

/** The exit code that the promises ask for. */
export async function proveOpen({ session, cloud, teller }: OpenApp, json: boolean): Promise<number> {
  const proof = await prove(session);
  if (proof === undefined) {
    teller.pause();
    if (json) printEvent({ event: "proof", judgements: [] });
    else
      for (const line of hanging(
        `${styled("dim", "Nothing is proved: this app promises nothing.")} Reachability.of(stack).expect(…) of causeway-net/cdk declares what it should.`,
        columns(),
        2,
      ))
        print(line);
    return exitCode.yes;
  }
  const packets = cloud.running === undefined ? [] : await askPackets(cloud.running, proof, session.onEvent);
  teller.pause();
  if (json) {
    const judgements = proof.judgements.map((judgement, index) => ({ ...judgement, packets: packets[index] }));
    printEvent({ event: "proof", judgements, refused: proof.refused, strange: proof.strange });
  } else for (const line of renderProof(proof, packets, columns())) print(line);
  return exitCodeOf(proof, packets);
}

async function askPackets(
  running: NonNullable<OpenApp["cloud"]["running"]>,
  { judgements, model }: Proof,
  onEvent: OpenApp["session"]["onEvent"],
): Promise<ByPackets> {
  const why = await packetsOf(running);
  const verdicts: PacketVerdict[] = [];
  for (const judgement of judgements) {
    const { from, to, traffic } = judgement.words;
    onEvent({ event: "doing", what: `sending packets: ${from} to ${to}, ${traffic}` });
    verdicts.push(why === undefined ? await byPackets(running, model, judgement) : { kind: "not-tried", why });
  }
  return verdicts;
}

export function exitCodeOf({ judgements, strange }: Proof, packets: ByPackets): number {
  if (judgements.some((judgement, index) => disagree(judgement, packets[index]))) return exitCode.bug;
  if (judgements.some(({ holds }) => holds === false)) return exitCode.no;
  return strange > 0 || judgements.some(({ holds }) => holds === undefined) ? exitCode.unknown : exitCode.yes;
}

/** What an app promises and what is so: by the engine, by packets where there are any, and for what fails, why. */
import type { Proof } from "../../deploy/index.ts";
import { renderExplanation } from "../explain/render-explanation.ts";
import { styled } from "../print.ts";
import { hanging, indented } from "../wrapped.ts";
import { disagree, type PacketVerdict } from "./packet-proof.ts";

/** As long as the judgements; undefined where packets were not asked. */
export type ByPackets = readonly (PacketVerdict | undefined)[];

const widest = 100;
const narrowest = 40;

export function renderProof(proof: Proof, packets: ByPackets, columns: number): readonly string[] {
  const { judgements, model, refused, strange } = proof;
  const width = Math.max(narrowest, Math.min(columns, widest));
  const holding = judgements.filter(({ holds }) => holds).length;
  const rows = judgements.map((judgement, index) => {
    const { words, intent, explanation, holds } = judgement;
    const own = packets[index];
    const mark = disagree(judgement, own) ? "✘" : holds === undefined ? "?" : holds ? "✔" : "✘";
    const flow = `${words.from} ${intent.expect === "reachable" ? "→" : "↛"} ${words.to}`;
    const engine = explanation?.verdict ?? "not asked";
    return { mark, flow, traffic: words.traffic, engine, packets: packetWords(own), judgement, own };
  });
  const columnsOf = (value: (row: (typeof rows)[number]) => string): number =>
    Math.max(0, ...rows.map((row) => value(row).length));
  const [flowWidth, trafficWidth, engineWidth] = [
    columnsOf(({ flow }) => flow),
    columnsOf(({ traffic }) => traffic),
    columnsOf(({ engine }) => engine),
  ];
  return [
    styled("bold", `Proof: ${holding} of ${judgements.length} promises hold`),
    ...rows.flatMap(({ mark, flow, traffic, engine, packets: told, judgement, own }) => {
      const colour = mark === "✔" ? "green" : mark === "?" ? "yellow" : "red";
      const inColumns = [traffic.padEnd(trafficWidth), `engine: ${engine.padEnd(engineWidth)}`, `packets: ${told}`];
      const cells = inColumns.join("  ");
      const fits = 4 + flowWidth + 2 + cells.length <= columns;
      const lines = fits
        ? [`  ${styled(colour, mark)} ${flow.padEnd(flowWidth)}  ${cells}`]
        : [
            ...hanging(`  ${styled(colour, mark)} ${flow}`, columns, 6),
            ...indented(inColumns.map((cell) => cell.trim()).join(", "), columns, 6),
          ];
      return [
        ...lines,
        ...(disagree(judgement, own)
          ? hanging(
              styled("red", "    Engine and packets disagree: one of them is wrong, and that is our bug."),
              columns,
              4,
            )
          : []),
        ...(judgement.unclear === undefined ? [] : indented(styled("yellow", judgement.unclear), columns, 4)),
        ...(judgement.holds === false && judgement.explanation !== undefined
          ? renderExplanation(judgement.explanation, model, { width: width - 4 }).map((line) => `    ${line}`)
          : []),
      ];
    }),
    ...(refused.length === 0
      ? []
      : [
          styled("yellow", "  Not read:"),
          ...refused.flatMap((each) => hanging(`    ${each}`, columns, 6)),
          ...hanging("    `causeway snapshot --policy` prints the rights that reading takes.", columns, 6),
        ]),
    ...(strange === 0
      ? []
      : hanging(styled("yellow", `  ${strange} promises are of a kind that this version does not know.`), columns, 4)),
  ];
}

function packetWords(packets: PacketVerdict | undefined): string {
  if (packets === undefined) return "none";
  return packets.kind === "not-tried" ? `not tried (${packets.why})` : packets.how;
}

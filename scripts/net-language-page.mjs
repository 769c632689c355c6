/** The page about the `.net` language: what it is by hand, its statements from the grammar, its example from test/cases. */
import { readFileSync } from "node:fs";

const places = {
  case: "At the margin",
  vpc: "Below `vpc`",
  subnet: "Below `subnet`",
  table: "Below `table`",
  group: "Below `group`",
  acl: "Below `acl`",
  "transit-gateway": "Below `transit-gateway`",
  "transit-gateway table": "Below a gateway's `table`",
};

export function netLanguagePage(grammar, note) {
  const example = readFileSync("test/cases/px-51-not-transitive.net", "utf8").trimEnd();
  return [
    "# The .net language",
    "",
    note,
    "",
    "A case is a text: a network, questions about it, and the verdicts that are expected. `test/cases/` holds one for every rule that concerns",
    "reachability. Three runners read them: the engine (`test/cases/engine.test.ts`); the local cloud, where the network is made by calls of the",
    "AWS SDK and read back (`cloud.test.ts`); and the kernel, where each question is a real probe (`packets.packets.test.ts`).",
    "",
    "```text",
    example,
    "```",
    "",
    "- One statement a line; what belongs to something is indented below it, by spaces. `#` begins a comment; those at the head are the title.",
    "- Names are yours; ids are made of them: `vpc a` is `vpc-a`, `peering a b` is `pcx-a-b`. Names stand where only one kind of thing can stand,",
    "  ids where several can (targets of routes, far ends of rules). A name that nothing declares is a mistake, told with line, column, and what is there.",
    "- Routes are active unless they say `blackhole`: the text says what AWS would show, it does not work it out.",
    "",
    "## Questions",
    "",
    "`FROM -> TO TRAFFIC [ipv6] VERDICT`. Ends are an instance's name, an interface's id (`eni-web`), an address (`10.0.1.10`, or `10.0.1.10@vpc-a`",
    "where several VPCs have it), `internet`, or `internet@198.51.100.7`. Traffic is `icmp`, `icmp/3/4`, `tcp/443`, `udp/53`, or a protocol's number.",
    "The verdict is `reachable`, `unreachable` or `unknown`, and then everything that blocks or is unknown, in order, by its",
    "[code](explanation-codes.md): `unreachable NO_ROUTE_TO_DESTINATION at rtb-b on return`. Without reasons any will do.",
    "",
    "- `rule: [PX-51] [T9]` says which rules the questions that follow are about.",
    "- `engine-only: REASON`, `without-cloud: REASON`, `without-packets: REASON` leave a case out of a runner.",
    "- `node scripts/update-cases.mjs` writes what the engine says into the cases; the difference is for a reviewer to read.",
    "  `--reasons FILE.net` adds reasons to verdicts that have none.",
    "",
    "## Statements",
    "",
    "`NAME…` may be several words, `[…]` may be left out; options may stand in any order behind the arguments.",
    "",
    ...Object.entries(grammar).flatMap(([place, statements]) => [
      `### ${places[place]}`,
      "",
      "| statement | options | what it is |",
      "| --- | --- | --- |",
      ...Object.entries(statements).map(([keyword, rule]) => row(keyword, rule)),
      "",
    ]),
  ].join("\n");
}

function row(keyword, { args, options, says }) {
  const words = args.map(({ name, kind, many, optional }) => {
    const word = kind.says === "->" ? "->" : `${name.toUpperCase()}${many ? "…" : ""}`;
    return optional ? `[${word}]` : word;
  });
  const named = Object.entries(options).map(([word, kind]) =>
    kind === "flag" ? `\`${word}\`` : `\`${word}\` ${kind.says}`,
  );
  return `| \`${[keyword, ...words].join(" ")}\` | ${named.join("; ")} | ${says} |`.replaceAll("|  |", "| |");
}

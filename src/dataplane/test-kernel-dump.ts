/** What the kernel holds for a data plane, as text that two ways to one network must agree on. */
import type { TestDataPlane } from "./test-data-plane.ts";

/** Everything that decides about packets, sorted, without mere counters and what the kernel switches on by and by. A neighbour that no route names decides nothing. */
export async function dumpKernel(plane: TestDataPlane): Promise<string> {
  const namespaces = [...(plane.dataPlane.plan()?.fragments.values() ?? [])].flatMap((fragment) =>
    [...fragment.items.values()].flatMap((item) => (item.kind === "namespace" ? [item.namespace] : [])),
  );
  const commands = [
    "ip -o link | sed -E 's/^[0-9]+: //; s/@if[0-9]+//; s/link-netnsid [0-9]+//; s/qlen [0-9]+//; s/state [A-Z]+//; s/qdisc [a-z]+//; s/NO-CARRIER,|,LOWER_UP|,M-DOWN//g'",
    "ip -o address | sed -E 's/^[0-9]+: //'",
    "ip rule; ip -6 rule",
    "ip route show table all; ip -6 route show table all",
    "nft -s list ruleset",
  ].join("; ");
  const texts = await Promise.all(
    namespaces.sort().map(async (namespace) => {
      const { stdout, stderr } = await plane.fabric().run({ namespace, argv: ["sh", "-c", commands] });
      const lines = withTablesNamed(withLabelsNamed(stdout))
        .replaceAll(/,\n\s+/g, ", ")
        .split("\n")
        .map((line) => line.trim().replaceAll(/ {2,}/g, " "));
      const elements = (line: string) =>
        line.startsWith("elements")
          ? line
              .split(/[{},]/)
              .map((part) => part.trim())
              .sort()
              .join(" ")
          : line;
      return `## ${namespace}\n${stderr}${lines
        .filter((line) => !line.startsWith("multicast "))
        .map(elements)
        .sort()
        .join("\n")}`;
    }),
  );
  return texts.join("\n");
}

/** Which number marks an interface's flows is no matter, as long as it is its own: the interface's name instead. */
function withLabelsNamed(ruleset: string): string {
  const owners = new Map<string, string>();
  for (const [, chain = "", rules = ""] of ruleset.matchAll(/chain (\S+)-track-\w+ \{([^}]*)\}/g)) {
    const label = /ct label set (\S+)/.exec(rules)?.[1];
    if (label !== undefined) owners.set(label, chain);
  }
  return ruleset.replaceAll(
    /(ct label (?:set )?)(\S+)/g,
    (_, text, label) => `${text}of ${owners.get(label) ?? label}`,
  );
}

/** Nor is a route table's number: the links whose packets it routes instead. */
function withTablesNamed(text: string): string {
  const links = new Map<number, string[]>();
  const [, elements = ""] = /map route-table-of-link \{[^}]*elements = \{([^}]*)\}/.exec(text) ?? [];
  for (const [, link = "", mark] of elements.matchAll(/"([^"]+)" : (0x[0-9a-f]+)/g)) {
    links.set(Number(mark), [...(links.get(Number(mark)) ?? []), link]);
  }
  let named = text;
  for (const [number, of] of links) {
    const name = of.sort().join("+");
    for (const [value, priority, label] of [
      [number, 1000, name],
      [number + 0x8000, 10_000 - 0x8000, `members of ${name}`],
    ] as const) {
      named = named
        .replaceAll(new RegExp(`^${priority + value}:`, "gm"), `${label}:`)
        .replaceAll(new RegExp(`(table|lookup) ${value}\\b`, "g"), `$1 ${label}`)
        .replaceAll(new RegExp(`0x0*${value.toString(16)}\\b`, "g"), label);
    }
  }
  return named;
}

import { expect, test } from "vitest";
import { networkMatrix } from "../../reachability/index.ts";
import { testNetwork } from "../../testing/index.ts";
import { matrixAsCsv, matrixAsJson } from "./matrix-data.ts";
import { matrixAsHtml } from "./matrix-html.ts";
import { renderMatrix } from "./render-matrix.ts";

/** Servers that let in one port from anywhere in the VPC, the first one with a name of its own. */
function servers(count: number, name = "web") {
  const net = testNetwork();
  const vpc = net.vpc("a", "10.0.0.0/16");
  net.subnet(vpc, "10.0.1.0/24");
  net.group("web", vpc, "in tcp/443 10.0.0.0/8", "out all 0.0.0.0/0");
  for (let at = 0; at < count; at += 1) net.instance(`s${at}`, vpc, `10.0.1.${10 + at}`, { groups: ["sg-web"] });
  const model = net.model();
  return { ...model, instances: model.instances.map((each, at) => (at === 0 ? { ...each, name } : each)) };
}

test("as text: letters, then from each what passes to whom, within the width", () => {
  const lines = renderMatrix(networkMatrix(servers(5)), { width: 80 });
  expect(lines.slice(0, 6)).toEqual([
    "Who reaches whom (IPv4)",
    "",
    "  A   web, s1, s2 and 2 more (5 interfaces)",
    "",
    "From A",
    "  to A: tcp 443",
  ]);
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  expect(renderMatrix(networkMatrix(servers(0)), { width: 80 })).toEqual(["No interface has an IPv4 address."]);
});

test("as text, what is too much is said to be left out", () => {
  const lines = renderMatrix(networkMatrix(servers(50), { by: "instance" } as const), { width: 80 });
  expect(lines).toContain("  and 10 more: --format html, csv or json has them all");
});

test("as CSV a name is neither a formula nor a second column", () => {
  expect(matrixAsCsv(networkMatrix(servers(2, '=1+1,"'), { by: "instance" }))).toBe(
    ["from,to,all pairs,some pairs,unknown", '"\'=1+1,""",s1,tcp 443,,', 's1,"\'=1+1,""",tcp 443,,'].join("\n"),
  );
});

test("as JSON every interface is there", () => {
  expect(matrixAsJson(networkMatrix(servers(2)))).toEqual({
    family: "ipv4",
    by: "class",
    ends: [
      { name: "web, s1", networkInterfaceIds: ["eni-s0", "eni-s1"] },
      { name: "internet", networkInterfaceIds: [] },
    ],
    cells: [{ from: 0, to: 0, all: "tcp 443" }],
    leftOut: 0,
  });
});

test("as HTML a name stays text, and nothing is fetched or run", () => {
  const page = matrixAsHtml(networkMatrix(servers(2, "<script>alert('x')</script>")), ["tcp/443"]);
  expect(page).toContain("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
  expect(page).not.toMatch(/<script|src=|href=|url\(|@import/);
  expect(page).toContain('<div class="all">tcp 443</div>');
});

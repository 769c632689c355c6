/** Rule 20: the largest packet through a transit gateway; and which address families pass. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** A and B on a gateway each when `peered`, else on one; with IPv6 in both. Hosts are new for each test: a host remembers a path's MTU. */
function pair(host: number, options: { readonly peered?: boolean; readonly ipv6Support?: boolean } = {}): TestNetwork {
  const net = testNetwork();
  const { peered = false, ipv6Support = true } = options;
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    const vpc = net.vpc(name, `10.${octet}.0.0/16`, { ipv6: `2600:1f10:${name}::/56` });
    net.subnet(vpc, `10.${octet}.1.0/24`, { ipv6: `2600:1f10:${name}::/64` });
    net.instance(name, vpc, `10.${octet}.1.${host}`, { ipv6: `2600:1f10:${name}::${host}` });
    const gateway = peered ? name : "hub";
    if (peered || name === "a") net.transitGateway(gateway, { region: name === "a" ? "eu-west-1" : "us-east-1" });
    net.attach(`tgw-${gateway}`, vpc, { ipv6Support });
    net.route(`rtb-${name}`, "10.0.0.0/8", `tgw-${gateway}`);
    net.route(`rtb-${name}`, "2600:1f10::/32", `tgw-${gateway}`);
  }
  if (peered) {
    const [there, back] = net.peerTransitGateways("tgw-a", "tgw-b");
    for (const cidr of ["10.1.0.0/16", "2600:1f10:b::/56"]) net.transitGatewayRoute("tgw-rtb-a", cidr, there);
    for (const cidr of ["10.0.0.0/16", "2600:1f10:a::/56"]) net.transitGatewayRoute("tgw-rtb-b", cidr, back);
  }
  return net;
}

/** An echo of that many bytes in all, not to be fragmented. */
const echo = (to: string, bytes: number) => {
  const headers = to.includes(":") ? 48 : 28;
  const argv = ["ping", "-c1", "-W1", "-Mdo", `-s${bytes - headers}`, to];
  return plane.fabric().run({ namespace: "i-a", argv });
};

describe("rule 20, 6.10: 8500 bytes pass, one more does not, and the sender is told", () => {
  test.each([
    ["through one gateway", 20, false, "10.1.1.20"],
    ["over a peering of two", 21, true, "10.1.1.21"],
    ["through one gateway, IPv6", 22, false, "2600:1f10:b::22"],
  ] as const)("%s", async (_where, host, peered, to) => {
    await plane.apply(pair(host, { peered }));
    expect(await plane.probe("i-a", to)).toBe("answered");
    expect(await echo(to, 8500)).toMatchObject({ exitCode: 0 });
    const tooBig = await echo(to, 8501);
    expect(tooBig.exitCode).not.toBe(0);
    expect(tooBig.stdout + tooBig.stderr).toMatch(/mtu ?=? ?8500/);
  });

  test("TCP segments are made to fit from the first packet on", async () => {
    await plane.apply(pair(23));
    await plane.serve("i-b", 443);
    const script =
      "exec 3<>/dev/tcp/10.1.1.23/443; ss -tinH dst 10.1.1.23 | grep -o 'advmss:[0-9]*\\|mss:[0-9]*' | sort -u";
    const { stdout } = await plane.fabric().run({ namespace: "i-a", argv: ["bash", "-c", script] });
    // 8500 without the two headers, and the timestamp option of each segment.
    expect(stdout).toMatch(/^mss:8448$/m);
  });
});

describe("IPv6", () => {
  test.each([false, true])("[TG-11]: passes with ipv6Support, over a peering too (%s)", async (peered) => {
    await plane.apply(pair(30, { peered }));
    expect(await plane.probe("i-a", "2600:1f10:b::30")).toBe("answered");
    expect(await plane.probe("i-b", "2600:1f10:a::30")).toBe("answered");
    expect(await plane.probe("i-a", "10.1.1.30")).toBe("answered");
  });

  test.each(["tgw-attach-hub-a", "tgw-attach-hub-b"] as const)(
    "[TG-11]: not when %s is without, where IPv4 passes",
    async (attachment) => {
      const net = pair(31);
      net.changeAttachment(attachment, { ipv6Support: false });
      await plane.apply(net);
      expect(await plane.probe("i-a", "2600:1f10:b::31")).toBe("no-answer");
      expect(await plane.probe("i-a", "10.1.1.31")).toBe("answered");
    },
  );
});

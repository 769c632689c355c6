/** Transit gateways by packets: which attachments carry them, and where a gateway's tables send them. */
import { afterAll, describe, expect, test } from "vitest";
import type { TransitGatewayAttachmentState } from "../model/index.ts";
import { testDataPlane } from "./test-data-plane.ts";
import { type TestNetwork, testNetwork } from "./test-network.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** VPCs with a host each, all on one gateway; every VPC's table sends 10.0.0.0/8 there. */
function hub(...names: readonly ("a" | "b" | "c")[]): TestNetwork {
  const net = testNetwork();
  net.transitGateway("hub");
  for (const name of names) {
    const octet = { a: 0, b: 1, c: 2 }[name];
    const vpc = net.vpc(name, `10.${octet}.0.0/16`);
    net.subnet(vpc, `10.${octet}.1.0/24`);
    net.instance(name, vpc, `10.${octet}.1.10`);
    net.route(`rtb-${name}`, "10.0.0.0/8", "tgw-hub");
    net.attach("tgw-hub", vpc);
  }
  return net;
}

const [a, b, c] = ["10.0.1.10", "10.1.1.10", "10.2.1.10"] as const;

describe("attachments", () => {
  test("rule 14 [TG-30, TG-31]: with the default table for everything, every VPC reaches every other, with true sources", async () => {
    const net = hub("a", "b", "c");
    await plane.apply(net);
    await plane.serve("i-b", 443);
    expect(await plane.ask("i-a", b, "tcp/443")).toMatchObject({ outcome: "answered", seenSource: a });
    expect(await plane.probe("i-b", a)).toBe("answered");
    expect(await plane.probe("i-a", c)).toBe("answered");
    expect(await plane.probe("i-c", b)).toBe("answered");
  });

  test.each<TransitGatewayAttachmentState>([
    "initiatingRequest",
    "pendingAcceptance",
    "pending",
    "rollingBack",
    "deleting",
    "deleted",
    "failed",
    "rejected",
  ])("rule 22 [TG-15]: an attachment that is %s carries nothing; modifying or available it does", async (state) => {
    const net = hub("a", "b");
    for (const [now, outcome] of [
      [state, "no-answer"],
      ["modifying", "answered"],
      ["available", "answered"],
    ] as const) {
      net.changeAttachment("tgw-attach-hub-b", { state: now });
      await plane.apply(net);
      expect(await plane.probe("i-a", b)).toBe(outcome);
    }
  });

  test("[TG-1]: a gateway that is not available carries nothing", async () => {
    const net = hub("a", "b");
    net.changeTransitGateway("tgw-hub", { state: "deleting" });
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    net.changeTransitGateway("tgw-hub", { state: "modifying" });
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("answered");
  });

  test("[TG-16]: a detached VPC reaches nobody, the others go on", async () => {
    const net = hub("a", "b", "c");
    net.detach("tgw-attach-hub-b");
    await plane.apply(net);
    expect(await plane.probe("i-a", b)).toBe("no-answer");
    expect(await plane.probe("i-b", a)).toBe("no-answer");
    expect(await plane.probe("i-a", c)).toBe("answered");
  });
});

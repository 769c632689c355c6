/** Components as ends of a flow: Reachability Analyzer's sources and destinations that are no hosts (semantics 11.12). */
import { describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { answer, ask } from "./test-ask.ts";

/** VPC `a` (10.0.0.0/16) and `b` (10.1.0.0/16), a host in each; `a` is 198.18.0.1 on the internet. */
function twoVpcs(): TestNetwork {
  const net = testNetwork();
  for (const [name, octet] of [
    ["a", 0],
    ["b", 1],
  ] as const) {
    net.subnet(net.vpc(name, `10.${octet}.0.0/16`), `10.${octet}.1.0/24`);
    net.instance(name, `vpc-${name}`, `10.${octet}.1.10`, name === "a" ? { publicIp: "198.18.0.1" } : {});
  }
  return net;
}

const components = (hops: readonly { readonly component: string }[]) => hops.map(({ component }) => component);

describe("a peering connection", () => {
  function peered(): TestNetwork {
    const net = twoVpcs();
    const pcx = net.peer("vpc-a", "vpc-b");
    net.route("rtb-a", "10.1.0.0/16", pcx);
    net.route("rtb-b", "10.0.0.0/16", pcx);
    return net;
  }

  test("as the destination: it is enough to get into it", () => {
    const net = peered();
    net.removeRoute("rtb-b", "10.0.0.0/16");
    net.setRules("sg-b-open", "out all 0.0.0.0/0");
    const { verdict, forward, return: back } = answer(net, "a -> pcx-a-b@10.1.1.10 tcp/443");
    expect(verdict).toBe("reachable");
    expect(forward.at(-1)?.component).toBe("pcx-a-b");
    expect(back).toEqual([]);
    net.removeRoute("rtb-a", "10.1.0.0/16");
    expect(ask(net, "a -> pcx-a-b@10.1.1.10 tcp/443")).toContain("NO_ROUTE_TO_DESTINATION at rtb-a");
  });

  test("as the source: from the other VPC, and its answer back into it", () => {
    const net = peered();
    net.removeRoute("rtb-a", "10.1.0.0/16");
    const { verdict, forward, return: back } = answer(net, "pcx-a-b@10.0.1.10 -> b tcp/443");
    expect(verdict).toBe("reachable");
    expect(components([...forward.slice(0, 1), ...back.slice(-1)])).toEqual(["pcx-a-b", "pcx-a-b"]);
    net.removeRoute("rtb-b", "10.0.0.0/16");
    const { blockers } = answer(net, "pcx-a-b@10.0.1.10 -> b tcp/443");
    expect(blockers).toMatchObject([
      { code: "NO_ROUTE_TO_DESTINATION", component: "rtb-b", instead: { vpcPeeringConnectionId: "pcx-a-b" } },
    ]);
  });

  test("[PX-54]: it carries only the two VPCs' addresses, and only while it is active", () => {
    const net = peered();
    expect(ask(net, "pcx-a-b@10.9.1.10 -> b tcp/443")).toContain("PCX_REQUIRES_ADDRESS_IN_VPC_CIDR");
    net.setPeering("pcx-a-b", "deleted");
    expect(ask(net, "pcx-a-b@10.0.1.10 -> b tcp/443")).toContain("BAD_STATE/X_PEERING_NOT_ACTIVE at pcx-a-b");
  });

  test("that joins other VPCs", () => {
    const net = peered();
    net.subnet(net.vpc("c", "10.2.0.0/16"), "10.2.1.0/24");
    net.instance("c", "vpc-c", "10.2.1.10");
    expect(ask(net, "pcx-a-b@10.0.1.10 -> c tcp/443")).toBe("DISCONNECTED_VPCS at pcx-a-b");
    net.subnet("vpc-b", "10.1.2.0/24");
    net.instance("b2", "vpc-b", "10.1.2.10");
    expect(ask(net, "b2 -> pcx-a-b@10.1.1.10 tcp/443")).toBe("NO_PATH at pcx-a-b");
    expect(ask(net, "pcx-none@10.0.1.10 -> b")).toBe("NO_SOURCE_OR_DESTINATION at pcx-none");
  });
});

describe("a transit gateway and its attachments", () => {
  function attached(): TestNetwork {
    const net = twoVpcs();
    const tgw = net.transitGateway("x");
    for (const name of ["a", "b"] as const) {
      net.attach(tgw, `vpc-${name}`);
      net.route(`rtb-${name}`, "10.0.0.0/8", tgw);
    }
    return net;
  }

  test.each(["tgw-x", "tgw-attach-x-b"])("%s as the destination", (id) => {
    const { verdict, forward } = answer(attached(), `a -> ${id}@10.1.1.10 tcp/443`);
    expect(verdict).toBe("reachable");
    expect(components(forward)).toContain(id);
    expect(components(forward)).not.toContain("i-b");
  });

  test.each(["tgw-x", "tgw-attach-x-a"])("%s as the source, and its answer back", (id) => {
    const net = attached();
    const { verdict, forward, return: back } = answer(net, `${id}@10.0.1.10 -> b tcp/443`);
    expect(verdict).toBe("reachable");
    expect(components(forward)[0]).toBe("tgw-attach-x-a");
    expect(components(back)).toContain(id);
    expect(components(back)).not.toContain("i-a");
    net.removeRoute("rtb-b", "10.0.0.0/8");
    expect(ask(net, `${id}@10.0.1.10 -> b tcp/443`)).toBe("NO_ROUTE_TO_DESTINATION at rtb-b on return");
  });

  test("what has no attachment to come by cannot be followed", () => {
    expect(ask(attached(), "tgw-x@192.168.1.1 -> b tcp/443")).toBe("UNSUPPORTED_COMPONENT tgw-x");
    expect(ask(attached(), "tgw-rtb-x@10.0.1.10 -> b tcp/443")).toBe("UNSUPPORTED_COMPONENT tgw-rtb-x");
  });
});

describe("an internet gateway", () => {
  function withGateways(): TestNetwork {
    const net = twoVpcs();
    net.internetGateway("vpc-b");
    net.route("rtb-a", "0.0.0.0/0", net.internetGateway("vpc-a"));
    return net;
  }

  test("as the source and as the destination", () => {
    const net = withGateways();
    expect(ask(net, "igw-a@203.0.113.9 -> a tcp/443")).toBe("reachable");
    expect(ask(net, "igw-a@203.0.113.9 -> 198.18.0.1 tcp/443")).toBe("reachable");
    expect(ask(net, "a -> igw-a@203.0.113.9 tcp/443")).toBe("reachable");
    const { forward, return: back } = answer(net, "a -> igw-a@203.0.113.9 tcp/443");
    expect(forward.at(-1)?.component).toBe("igw-a");
    expect(back.at(-1)?.component).toBe("i-a");
  });

  test("[IG-5]: of another VPC, without a public address, or attached to nothing", () => {
    const net = withGateways();
    expect(ask(net, "igw-b@203.0.113.9 -> a tcp/443")).toBe("NO_PATH at igw-b");
    expect(ask(net, "igw-b@203.0.113.9 -> b tcp/443")).toContain("IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS at igw-b");
    expect(ask(net, "a -> igw-b@203.0.113.9 tcp/443")).toBe("NO_PATH at igw-b");
    const model = net.model();
    const detached = { ...model, internetGateways: model.internetGateways.map(({ vpcId: _, ...rest }) => rest) };
    expect(ask(detached, "igw-a@203.0.113.9 -> a tcp/443")).toBe("UNASSOCIATED_COMPONENT at igw-a");
  });
});

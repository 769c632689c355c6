/** Security groups (stateful, at interfaces) and network ACLs (stateless, at subnet borders), shown by packets. */
import { afterAll, describe, expect, test } from "vitest";
import { type TestNetwork, testNetwork } from "../testing/index.ts";
import { testDataPlane } from "./test-data-plane.ts";

const plane = testDataPlane();
afterAll(() => plane.close());

/** `client` and `near` in one subnet, `server` in another, each with a group of its own that lets all out. */
function threeHosts(): TestNetwork {
  const net = testNetwork();
  const a = net.vpc("a", "10.0.0.0/16");
  net.acl("front", a, "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
  net.acl("back", a, "in 100 allow all 0.0.0.0/0", "out 100 allow all 0.0.0.0/0");
  net.subnet(a, "10.0.1.0/24", { acl: "acl-front" });
  net.subnet(a, "10.0.2.0/24", { acl: "acl-back" });
  net.instance("client", a, "10.0.1.10", { groups: [net.group("client", a, "out all 0.0.0.0/0")] });
  net.instance("near", a, "10.0.1.11", { groups: [net.group("near", a, "out all 0.0.0.0/0")] });
  net.instance("server", a, "10.0.2.10", { groups: [net.group("server", a, "out all 0.0.0.0/0")] });
  return net;
}

/** `refused` means that the packet arrived: nobody listens. */
const toServer = (what = "icmp") => plane.probe("i-client", "10.0.2.10", what);

describe("security groups", () => {
  test("[SG-1]: nothing is allowed until a rule allows it; rules and groups add up", async () => {
    const net = threeHosts();
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
    expect(await plane.probe("i-client", "10.0.1.11")).toBe("no-answer");
    net.setRules("sg-server", "in tcp/80 0.0.0.0/0");
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
    expect(await toServer("tcp/80")).toBe("refused");
    expect(await toServer("tcp/81")).toBe("no-answer");
    expect(await toServer("udp/80")).toBe("no-answer");
    const more = net.group("more", "vpc-a", "in icmp 10.0.1.0/24");
    net.changeInterface("eni-server", { securityGroupIds: ["sg-server", more] });
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    expect(await toServer("tcp/80")).toBe("refused");
  });

  test("[SG-2]: answers pass without a rule, in both directions", async () => {
    const net = threeHosts();
    net.setRules("sg-client", "out tcp/80 10.0.2.0/24");
    net.setRules("sg-server", "in tcp/80 10.0.1.0/24");
    await plane.apply(net);
    expect(await toServer("tcp/80")).toBe("refused");
    expect(await plane.probe("i-server", "10.0.1.10", "tcp/80")).toBe("no-answer");
  });

  test("[SG-3]: egress at the sender and ingress at the receiver are separate gates", async () => {
    const net = threeHosts();
    net.setRules("sg-server", "in all 0.0.0.0/0");
    net.setRules("sg-client");
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
    expect(await plane.probe("i-client", "10.0.1.11")).toBe("no-answer");
    net.setRules("sg-client", "out icmp 10.0.2.10/32");
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    net.setRules("sg-server");
    net.setRules("sg-client", "out all 0.0.0.0/0", "in all 0.0.0.0/0");
    await plane.apply(net);
    expect(await toServer("tcp/9")).toBe("no-answer");
  });

  test("[SG-30, SG-31]: a reference is the members' private addresses, in this VPC", async () => {
    const net = threeHosts();
    net.setRules("sg-server", "in icmp sg-client");
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    expect(await plane.probe("i-near", "10.0.2.10")).toBe("no-answer");
    net.changeInterface("eni-near", { securityGroupIds: ["sg-near", "sg-client"] });
    await plane.apply(net);
    expect(await plane.probe("i-near", "10.0.2.10")).toBe("answered");
    net.changeInterface("eni-client", { securityGroupIds: ["sg-near"] });
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
  });

  test.each([
    ["in icmp/8/-1 0.0.0.0/0", "answered"],
    ["in icmp/8/0 0.0.0.0/0", "answered"],
    ["in icmp/-1/-1 0.0.0.0/0", "answered"],
    ["in icmp/0/-1 0.0.0.0/0", "no-answer"],
    ["in icmp/3/4 0.0.0.0/0", "no-answer"],
    ["in icmp6 0.0.0.0/0", "no-answer"],
  ])("ICMP types and codes: %s", async (rule, outcome) => {
    const net = threeHosts();
    net.setRules("sg-server", rule);
    await plane.apply(net);
    expect(await toServer()).toBe(outcome);
  });

  test("port ranges include both ends; a prefix list is its entries, nested ones as well", async () => {
    const net = threeHosts();
    const list = net.prefixList("clients", "10.0.1.0/24", "10.0.1.10/32", "192.0.2.0/24");
    net.setRules("sg-server", `in tcp/1000-1002 ${list}`, "in udp/53 10.0.1.11/32");
    await plane.apply(net);
    expect(await toServer("tcp/999")).toBe("no-answer");
    expect(await toServer("tcp/1000")).toBe("refused");
    expect(await toServer("tcp/1002")).toBe("refused");
    expect(await toServer("tcp/1003")).toBe("no-answer");
    expect(await toServer("udp/53")).toBe("no-answer");
    expect(await plane.probe("i-near", "10.0.2.10", "udp/53")).toBe("refused");
  });

  const openConnection = (change: () => Promise<void>) =>
    plane.staysOpen({ client: "i-client", server: "i-server", address: "10.0.2.10" }, change);

  test("[SG-62]: a tracked flow survives the removal of its rule, a new one is refused", async () => {
    const net = threeHosts();
    net.setRules("sg-server", "in tcp/7070 10.0.1.0/24");
    await plane.apply(net);
    const survived = await openConnection(async () => {
      net.setRules("sg-server");
      await plane.apply(net);
    });
    expect(survived).toBe(true);
    expect(await toServer("tcp/7070")).toBe("no-answer");
  });

  test("[SG-61]: a flow for everywhere, with everything allowed back, is untracked: removing the rule cuts it", async () => {
    const net = threeHosts();
    net.setRules("sg-server", "in tcp/7070 0.0.0.0/0", "out all 0.0.0.0/0");
    await plane.apply(net);
    expect(await openConnection(async () => undefined)).toBe(true);
    const survived = await openConnection(async () => {
      net.setRules("sg-server", "out all 0.0.0.0/0");
      await plane.apply(net);
    });
    expect(survived).toBe(false);
  });

  test("[SG-62, NA-10]: a network ACL cuts a tracked flow at once", async () => {
    const net = threeHosts();
    net.setRules("sg-server", "in tcp/7070 10.0.1.0/24");
    await plane.apply(net);
    const survived = await openConnection(async () => {
      net.setEntries(
        "acl-back",
        "in 50 deny tcp/7070 10.0.1.0/24",
        "in 100 allow all 0.0.0.0/0",
        "out 100 allow all 0.0.0.0/0",
      );
      await plane.apply(net);
    });
    expect(survived).toBe(false);
  });

  test("[SG-65]: an answer by another interface has no state there and needs a rule", async () => {
    const net = testNetwork();
    const a = net.vpc("a", "10.0.0.0/16");
    net.routeTable("detour", a);
    net.subnet(a, "10.0.1.0/24");
    net.subnet(a, "10.0.2.0/24", { routeTable: "rtb-detour" });
    net.subnet(a, "10.0.3.0/24");
    net.instance("client", a, "10.0.1.10");
    net.instance("server", a, "10.0.2.10", { groups: [net.group("server", a, "in all 10.0.0.0/16")] });
    const box = net.group("box", a, "out all 0.0.0.0/0");
    net.instance("box", a, "10.0.3.10", { groups: [box], sourceDestCheck: false });
    await plane.apply(net);
    expect(await plane.probe("i-client", "10.0.2.10")).toBe("answered");
    net.route("rtb-detour", "10.0.1.0/24", "eni-box");
    await plane.apply(net);
    expect(await plane.probe("i-client", "10.0.2.10")).toBe("no-answer");
    net.setRules(box, "in icmp 10.0.2.0/24", "out all 0.0.0.0/0");
    await plane.apply(net);
    expect(await plane.probe("i-client", "10.0.2.10")).toBe("answered");
  });
});

describe("network ACLs", () => {
  function openGroups(): TestNetwork {
    const net = threeHosts();
    for (const group of ["sg-client", "sg-near", "sg-server"] as const)
      net.setRules(group, "in all 0.0.0.0/0", "out all 0.0.0.0/0");
    return net;
  }

  test("[NA-2]: only at the subnet's border", async () => {
    const net = openGroups();
    net.setEntries("acl-front");
    await plane.apply(net);
    expect(await plane.probe("i-client", "10.0.1.11")).toBe("answered");
    expect(await toServer()).toBe("no-answer");
  });

  test.each([
    ["acl-front", "out", ["in 100 allow all 0.0.0.0/0"]],
    ["acl-front", "in", ["out 100 allow all 0.0.0.0/0"]],
    ["acl-back", "in", ["out 100 allow all 0.0.0.0/0"]],
    ["acl-back", "out", ["in 100 allow all 0.0.0.0/0"]],
  ] as const)("[NA-1]: each list is a gate of its own: %s without an %s list", async (acl, _direction, entries) => {
    const net = openGroups();
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    net.setEntries(acl, ...entries);
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
  });

  test("[NA-1, NA-9]: stateless: the answer needs the ephemeral ports", async () => {
    const net = openGroups();
    net.setEntries("acl-back", "in 100 allow tcp/80 10.0.1.0/24", "out 100 allow tcp/80 10.0.1.0/24");
    await plane.apply(net);
    expect(await toServer("tcp/80")).toBe("no-answer");
    net.setEntries("acl-back", "in 100 allow tcp/80 10.0.1.0/24", "out 100 allow tcp/1024-65535 10.0.1.0/24");
    await plane.apply(net);
    expect(await toServer("tcp/80")).toBe("refused");
    expect(await toServer("tcp/81")).toBe("no-answer");
  });

  test("[NA-3]: the lowest number decides, whatever the order of the list", async () => {
    const net = openGroups();
    const out = "out 100 allow all 0.0.0.0/0";
    net.setEntries("acl-back", "in 200 allow all 0.0.0.0/0", "in 100 deny icmp/8/-1 10.0.1.10/32", out);
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
    expect(await toServer("tcp/9")).toBe("refused");
    expect(await plane.probe("i-near", "10.0.2.10")).toBe("answered");
    net.setEntries("acl-back", "in 200 deny icmp/8/-1 10.0.1.10/32", "in 100 allow all 0.0.0.0/0", out);
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
  });

  test("[NA-7]: ICMP by type; a protocol without ports by its number", async () => {
    const net = openGroups();
    net.setEntries("acl-back", "in 100 allow icmp/8/-1 0.0.0.0/0", "out 100 allow icmp/0/-1 0.0.0.0/0");
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    net.setEntries("acl-back", "in 100 allow icmp/8/-1 0.0.0.0/0", "out 100 allow 47 0.0.0.0/0");
    await plane.apply(net);
    expect(await toServer()).toBe("no-answer");
  });

  test("a subnet that changes its ACL is judged by the new one", async () => {
    const net = openGroups();
    await plane.apply(net);
    expect(await toServer()).toBe("answered");
    net.acl("closed", "vpc-a");
    const model = net.model();
    const subnets = model.subnets.map((subnet) =>
      subnet.cidrBlock === "10.0.2.0/24" ? ({ ...subnet, networkAclId: "acl-closed" } as const) : subnet,
    );
    await plane.dataPlane.reconcile({ ...model, subnets });
    expect(await toServer()).toBe("no-answer");
  });
});

/**
 * Transit gateways in the kernel, from nothing: a hub of 100 VPCs, each attached in three zones and with an instance; and a full mesh of
 * five Regions, 5 gateways, 10 peerings, four VPCs behind each. Every time is from the model to the last rule; then pings must cross: in
 * the hub from each VPC to the next, in the mesh from each to every other. Also how long one route of a gateway takes, and memory: that is
 * the whole machine's, so it is taken three times, and not told when these disagree.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { loadDataPlane } from "./support/data-plane.mjs";
import { bytesInUse } from "./support/memory.mjs";

const { testNetwork, newDataPlane } = await loadDataPlane();
const attachments = Number(process.argv[2] ?? 100);
const zones = [1, 2, 3];
const regions = ["eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2", "sa-east-1"];
const vpcsPerRegion = 4;

/** VPC number n, with a subnet in each zone and an instance in the first. */
function addVpc(net, n, region) {
  const vpc = net.vpc(`v${n}`, `10.${n}.0.0/16`, { region });
  for (const zone of zones) net.subnet(vpc, `10.${n}.${zone}.0/24`, { zone });
  const address = `10.${n}.1.10`;
  return { vpc, table: `rtb-v${n}`, cidr: `10.${n}.0.0/16`, instance: net.instance(`v${n}`, vpc, address), address };
}

function attach(net, gateway, { vpc, table }) {
  net.attach(gateway, vpc);
  net.route(table, "10.0.0.0/8", gateway);
}

/** The network, and the same without its gateways, to tell what these take. */
function hub() {
  const net = testNetwork();
  const vpcs = Array.from({ length: attachments }, (_, n) => addVpc(net, n, "eu-west-1"));
  const without = net.model();
  net.transitGateway("hub");
  for (const vpc of vpcs) attach(net, "tgw-hub", vpc);
  const pairs = vpcs.map((from, n) => [from, vpcs[(n + 1) % vpcs.length]]);
  return { net, without, pairs, instances: vpcs.length, gateways: 1, table: "tgw-rtb-hub" };
}

function mesh() {
  const net = testNetwork();
  const sites = regions.map((region, r) => ({
    gateway: `tgw-r${r}`,
    region,
    vpcs: Array.from({ length: vpcsPerRegion }, (_, n) => addVpc(net, r * vpcsPerRegion + n, region)),
  }));
  const without = net.model();
  for (const { gateway, region, vpcs } of sites) {
    net.transitGateway(gateway.slice("tgw-".length), { region });
    for (const vpc of vpcs) attach(net, gateway, vpc);
  }
  for (const [r, near] of sites.entries()) {
    for (const far of sites.slice(r + 1)) {
      const [there, back] = net.peerTransitGateways(near.gateway, far.gateway);
      for (const { cidr } of far.vpcs) net.transitGatewayRoute(tableOf(near), cidr, there);
      for (const { cidr } of near.vpcs) net.transitGatewayRoute(tableOf(far), cidr, back);
    }
  }
  const all = sites.flatMap(({ vpcs }) => vpcs);
  const pairs = all.flatMap((from) => all.filter((to) => to !== from).map((to) => [from, to]));
  return { net, without, pairs, instances: all.length, gateways: sites.length, table: tableOf(sites[0]) };
}

function tableOf({ gateway }) {
  return `tgw-rtb-${gateway.slice("tgw-".length)}`;
}

await measure(`a hub of ${attachments} attachments in ${zones.length} zones`, hub);
await measure(`a full mesh of ${regions.length} Regions, ${vpcsPerRegion} VPCs behind each gateway`, mesh);

async function measure(what, make) {
  const { net, pairs, instances, gateways, table } = make();
  const dataPlane = newDataPlane();
  const began = performance.now();
  await dataPlane.reconcile(net.model());
  const built = performance.now() - began;
  const operations = dataPlane.stats().lastOperations;
  await mustCarry(dataPlane, pairs);
  const route = await oneRoute(dataPlane, net, table);
  const closing = performance.now();
  const { mode } = dataPlane.fabric();
  await dataPlane.close();
  const closed = performance.now() - closing;
  const memory = [];
  for (let round = 0; round < 3; round += 1) memory.push(await memoryOf(make()));
  console.log(
    `${what} (${mode === "rootless" ? "rootless" : "started by root, in a user namespace all the same"}): ` +
      `${(built / 1000).toFixed(2)} s from nothing, the fabric's process included, ${operations} kernel operations; ` +
      `${pairs.length} of ${pairs.length} pings cross; one route more in ${route.toFixed(1)} ms; gone in ${(closed / 1000).toFixed(2)} s; ` +
      memoryText(
        memory.map(({ all }) => all / instances),
        memory.map((each) => each.gateways / gateways),
      ),
  );
}

/** Every pair, or the benchmark has failed. A first packet over a new path may take its time: asked twice. */
async function mustCarry(dataPlane, pairs) {
  const ask = (some) =>
    dataPlane.fabric().probeAll(
      some.map(([from, to]) => ({
        namespace: from.instance,
        destination: to.address,
        protocol: "icmp",
        count: 1,
        timeoutMs: 2000,
      })),
    );
  const silent = async (some) => {
    const results = await ask(some);
    return some.filter((_, n) => results[n].outcome !== "answered");
  };
  const left = await silent(await silent(pairs));
  if (left.length > 0) throw new Error(`${left.length} of ${pairs.length} pings were not answered`);
}

/** Milliseconds until a new route of a gateway is in force: the median of some. */
async function oneRoute(dataPlane, net, table) {
  const times = [];
  for (let n = 0; n < 21; n += 1) {
    net.transitGatewayRoute(table, `172.16.${n}.0/24`, "blackhole");
    const began = performance.now();
    await dataPlane.reconcile(net.model());
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[10];
}

/** Both medians, or neither: the gateways' memory is part of the whole, and no better known than that. */
function memoryText(perInstance, perGateway) {
  const [all, gateway] = [perInstance, perGateway].map(summary);
  const told = `${all.text} per instance with its VPC and attachment, ${gateway.text} per gateway with its links`;
  return all.steady && gateway.steady ? told : `memory not told, other work on this machine moved it: ${told}`;
}

function summary(bytes) {
  const [least, median, most] = bytes.map((each) => each / 1e6).sort((a, b) => a - b);
  return {
    steady: least > 0 && most - least <= median / 2,
    text: `${median.toFixed(2)} MB (${least.toFixed(2)} to ${most.toFixed(2)})`,
  };
}

/** Bytes of all of it, and of what the gateways add. Kernel memory comes back by and by, hence the pause before. */
async function memoryOf({ net, without }) {
  await sleep(1000);
  const dataPlane = newDataPlane();
  const before = bytesInUse();
  await dataPlane.reconcile(without);
  const between = bytesInUse();
  await dataPlane.reconcile(net.model());
  const after = bytesInUse();
  await dataPlane.close();
  return { all: after - before, gateways: after - between };
}

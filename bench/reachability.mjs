/**
 * The reachability engine on generated networks: all pairs as sets, single verdicts, whole explanations, and one changed rule, each against what the
 * walk, a new compilation or another solver takes in the same run; and whether they agree. Sizes as arguments, `interfaces/vpcs` or `interfaces/vpcs/shape`:
 * node bench/reachability.mjs 1000/20 10000/100/whitelist
 */
import { rmSync } from "node:fs";
import { loadEngine } from "./support/engine.mjs";
import { generateNetwork, randomFrom } from "./support/generate-network.mjs";
import { askPeers } from "./support/peers.mjs";

const { compileSets, explain, followSets, trafficKinds, remove } = await loadEngine();
const https = { protocol: "tcp", port: 443 };
const usual = ["100/4", "1000/20", "5000/50", "10000/100", "10000/100/whitelist", "10000/4/groups", "100000/500"];
const asked = process.argv.length > 2 ? process.argv.slice(2) : usual;
warmUp();
for (const size of asked) measure(size);
remove(rmSync);

function measure(size) {
  const [interfaces, vpcs, shape = "ordinary"] = size.split("/");
  const model = generateNetwork({ interfaces: Number(interfaces), vpcs: Number(vpcs), shape });
  console.log(`${interfaces} interfaces, ${vpcs} VPCs, ${shape}`);
  const began = performance.now();
  const sets = compileSets(model);
  const compiled = performance.now();
  const pairs = sets.reachablePairs(https);
  const counted = performance.now();
  tell("classes", String(sets.classes.length));
  tell("compiled, and all pairs on one port", `${ms(compiled - began)} and ${ms(counted - compiled)}; ${pairs} pairs`);
  const kinds = trafficKinds([model], "ipv4");
  const all = timed(() => kinds.map(({ representative }) => sets.reachablePairs(representative)));
  tell(`all pairs on all ${kinds.length} kinds of traffic`, ms(all));
  tell("memory", `${Math.round(process.memoryUsage().rss / 1e6)} MB`);
  const each = single(model, sets);
  follow(model, kinds);
  const ours = { model, sets, traffic: https, pairs, all: counted - began, each };
  if (shape === "ordinary" && !askPeers(ours, tell)) process.exitCode = 1;
}

/** Random pairs: the walk's whole explanation, then the sets' verdict. */
function single(model, sets) {
  const random = randomFrom(7);
  const { length } = model.networkInterfaces;
  const draw = () => model.networkInterfaces[Math.floor(random() * length)].networkInterfaceId;
  const questions = Array.from({ length: 5000 }, () => [draw(), draw()]);
  const ends = questions.map((pair) =>
    pair.map((networkInterfaceId) => ({ kind: "network-interface", networkInterfaceId })),
  );
  const walk = () =>
    ends.map(([source, destination]) => explain(model, { source, destination, traffic: https }).verdict);
  walk();
  let expected = [];
  const explained = timed(() => {
    expected = walk();
  });
  // The rows of all classes, as a service would keep them.
  if (sets.classes.length < 20_000) sets.matrix(https);
  const ask = () => questions.map(([from, to]) => sets.verdict(from, to, https));
  const got = ask();
  ask();
  const told = timed(ask);
  const wrong = got.filter((verdict, at) => verdict !== expected[at]).length;
  const each = explained / questions.length;
  tell(
    "an explanation, a verdict",
    `${(each * 1000).toFixed(1)} µs, ${((told / questions.length) * 1000).toFixed(2)} µs: ${(explained / told).toFixed(0)} times`,
  );
  tell("the walk would take for all pairs", `${((each * length * length) / 1000).toFixed(0)} s (extrapolated)`);
  tell("verdicts that differ", `${wrong} of ${questions.length}`);
  if (wrong > 0) process.exitCode = 1;
  return told / questions.length;
}

/** One rule more or less in a random group: all matrices right again, against compiling them anew. */
function follow(model, kinds) {
  if (model.networkInterfaces.length > 10_000) return;
  const traffics = kinds.map(({ representative }) => representative);
  const random = randomFrom(9);
  const rebuild = timed(() => followSets({ ...model }, traffics));
  const live = followSets(model, traffics);
  let current = model;
  const times = [];
  let anew = 0;
  for (let edit = 0; edit < 60; edit += 1) {
    current = edited(current, random);
    const next = current;
    let touchedUp = true;
    const time = timed(() => {
      touchedUp = live.become(next);
    });
    if (touchedUp) times.push(time);
    else anew += 1;
  }
  times.sort((a, b) => a - b);
  const p50 = times[times.length >> 1];
  tell(
    `one changed rule, ${traffics.length} matrices`,
    `p50 ${p50.toFixed(3)} ms, max ${times.at(-1).toFixed(2)} ms (${anew} of 60 split a class and were compiled anew); anew ${ms(rebuild)}: ${(rebuild / p50).toFixed(0)} times`,
  );
}

function edited(model, random) {
  const at = Math.floor(random() * model.securityGroups.length);
  const { cidrBlocks } = model.vpcs[Math.floor(random() * model.vpcs.length)];
  const securityGroups = model.securityGroups.with(at, withRule(model.securityGroups[at], cidrBlocks[0], random));
  return { ...model, securityGroups };
}

function withRule(group, cidr, random) {
  if (random() < 0.5 && group.rules.length > 1) return { ...group, rules: group.rules.slice(0, -1) };
  const peer = { kind: "cidr", cidr };
  const rule = { securityGroupRuleId: "sgr-new", isEgress: false, protocol: 6, fromPort: 443, toPort: 443, peer };
  return { ...group, rules: [...group.rules, rule] };
}

function warmUp() {
  for (let round = 0; round < 5; round += 1)
    compileSets(generateNetwork({ interfaces: 1000, vpcs: 20, seed: 3 })).reachablePairs(https);
}

function timed(work) {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function tell(what, value) {
  console.log(`  ${what.padEnd(38)} ${value}`);
}

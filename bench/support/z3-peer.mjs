/**
 * Z3 as a peer: for each pair one formula, satisfiable where the pair is reachable. Which node a packet comes to is a bit-vector for each step, there
 * and back. It is given only the facts about the two cells, as text, all formulas to one process: its start is not counted.
 */
import { isInstalled, runBounded } from "./bounded.mjs";
import { nodes } from "./peer-facts.mjs";

/** Steps of the longest way that the generator makes: two transit gateways and a subnet behind them; one is left over. */
const depth = 4;
const verdicts = { sat: true, unsat: false };

/** `undefined` where Z3 is not installed. */
export function askZ3(facts, questions) {
  if (!isInstalled("z3")) return undefined;
  const known = indexed(facts);
  const formulas = questions.map(([from, to]) => `(push)\n${formula(known, from, to)}(check-sat)\n(pop)\n`);
  const run = (texts) => runBounded(["z3", "-smt2", "-in"], { input: `(set-logic QF_BV)\n${texts.join("")}` });
  const empty = run([]);
  const answered = run(formulas);
  if (answered.output === undefined) return { single: answered };
  const reached = answered.output
    .trim()
    .split("\n")
    .map((each) => verdicts[each]);
  return { single: { reached, each: (answered.ms - empty.ms) / questions.length } };
}

function indexed({ interfaces, cells, subnets, starts, steps, acls, groups }) {
  const stepsOf = grouped(steps, ([, cell]) => cell);
  return {
    interfaces,
    subnetOf: new Map(cells),
    subnets: new Map(subnets.map(([subnet, acl, entry]) => [subnet, { acl, entry }])),
    starts: new Map(starts.map(([subnet, cell, node]) => [`${subnet} ${cell}`, node])),
    stepsOf: (cell) => stepsOf.get(cell) ?? [],
    acls: new Set(acls.map((each) => each.join(" "))),
    blocks: new Set(groups.blocks.map((each) => each.join(" "))),
    references: grouped(groups.references, ([group, member]) => `${group} ${member}`),
  };
}

function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

function formula(known, from, to) {
  const [, near, , sender] = known.interfaces[from];
  const [, far, , receiver] = known.interfaces[to];
  return [
    ...leg(known, "there", 0, near, far),
    ...leg(known, "back", 1, far, near),
    known.blocks.has(`${sender} 1 ${far}`) ? "true" : "false",
    or([
      known.blocks.has(`${receiver} 0 ${near}`) ? "true" : "false",
      ...(known.references.get(`${receiver} ${sender}`) ?? []).map(([, , isForeign]) =>
        isForeign === 1
          ? is(`there${depth}`, nodes.heard)
          : or([is(`there${depth}`, nodes.same), is(`there${depth}`, nodes.local)]),
      ),
    ]),
  ]
    .map((each) => (each.startsWith("(declare") ? `${each}\n` : `(assert ${each})\n`))
    .join("");
}

/** The way of one direction as variables, and what the network ACLs on it let pass. */
function leg(known, name, number, source, destination) {
  const here = known.subnets.get(known.subnetOf.get(source));
  const there = known.subnetOf.get(destination);
  const lets = (subnet, egress, cell) =>
    known.acls.has(`${known.subnets.get(subnet).acl} ${egress} ${number} ${cell}`) ? "true" : "false";
  const steps = known.stepsOf(destination);
  const start = known.starts.get(`${known.subnetOf.get(source)} ${destination}`);
  const last = `${name}${depth}`;
  const declared = Array.from({ length: depth + 1 }, (_, at) => `(declare-const ${name}${at} (_ BitVec 32))`);
  const moves = Array.from({ length: depth }, (_, at) => {
    const [now, next] = [`${name}${at}`, `${name}${at + 1}`];
    const stays = and([`(bvult ${now} ${word(nodes.table)})`, `(= ${now} ${next})`]);
    return or([stays, ...steps.map(([step, , node]) => and([is(now, step), is(next, node)]))]);
  });
  const exits = [...new Set(steps.map(([, , node]) => node))].filter(
    (node) => node >= nodes.exit && node < nodes.table,
  );
  const leaving = lets(known.subnetOf.get(source), 1, destination);
  const arriving = lets(there, 0, source);
  const passing = or([
    is(last, nodes.same),
    and([`(bvult ${last} ${word(nodes.exit)})`, leaving, arriving]),
    ...exits.map((node) => {
      const exit = node - nodes.exit;
      const behind = exit === there ? ["true"] : [lets(exit, 1, destination), arriving];
      return and([is(last, node), leaving, lets(here.entry, 0, source), ...behind]);
    }),
  ]);
  return [...declared, start === undefined ? "false" : is(`${name}0`, start), ...moves, passing];
}

function is(name, value) {
  return `(= ${name} ${word(value)})`;
}

function word(value) {
  return `(_ bv${value} 32)`;
}

function and(terms) {
  return `(and ${terms.join(" ")})`;
}

function or(terms) {
  return `(or ${terms.join(" ")})`;
}

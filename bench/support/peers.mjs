/** The questions of the engine asked of other solvers in the same run. They get facts (addresses looked up already, one port), and must agree. */
import { askClingo } from "./clingo-peer.mjs";
import { randomFrom } from "./generate-network.mjs";
import { factsOf } from "./peer-facts.mjs";
import { askPostgres } from "./postgres-peer.mjs";
import { askProlog } from "./prolog-peer.mjs";
import { askZ3 } from "./z3-peer.mjs";

/** Interfaces up to which a peer is asked: what lies beyond is far beyond its time or its memory. */
const most = { postgres: 10_000, others: 5000, allOfClingo: 1000 };
const counts = { prolog: 1000, clingo: 6, z3: 100 };

/** `ours`: the model, the compiled sets, the pairs counted, and milliseconds for all pairs and for one verdict. Whether all who answered agree. */
export function askPeers({ model, sets, traffic, ...ours }, tell) {
  const { length } = model.networkInterfaces;
  if (length > most.postgres) return true;
  const facts = factsOf(model, traffic.port);
  const isAgreed = [all("PostgreSQL", askPostgres(facts))];
  if (length > most.others) return isAgreed.every(Boolean);
  const questions = questionsAbout(facts.networkInterfaceIds);
  const about = (count) => questions.slice(0, count).map(({ pair }) => pair);
  const prolog = askProlog(facts, about(counts.prolog));
  const clingo = askClingo(facts, about(counts.clingo), { isForAll: length <= most.allOfClingo });
  const z3 = askZ3(facts, about(counts.z3));
  isAgreed.push(
    all("SWI-Prolog", prolog?.all),
    single("SWI-Prolog, tables warm", prolog?.single),
    all("clingo", clingo && (clingo.all ?? { stopped: `not asked beyond ${most.allOfClingo} interfaces` })),
    single("clingo, grounded anew", clingo?.single),
    single("Z3, a formula each", z3?.single),
  );
  return isAgreed.every(Boolean);

  function all(name, found) {
    const label = `${name}, the same pairs`;
    if (isWithoutAnswer(label, found)) return found?.failed === undefined;
    const { answer, load, pairs } = found;
    const loaded = load === undefined ? "its reading counted" : `and ${ms(load)} to load`;
    tell(label, `${ms(answer)} (${loaded}); ${pairs} pairs: ${(answer / ours.all).toFixed(0)} times`);
    return pairs === ours.pairs;
  }

  function single(name, found) {
    if (isWithoutAnswer(name, found)) return found?.failed === undefined;
    const { each, first, reached } = found;
    const wrong = reached.filter((isReached, at) => isReached !== questions[at].isReachable).length;
    const yes = reached.filter(Boolean).length;
    const before = first === undefined ? "" : `, ${microseconds(first)} at first`;
    tell(
      name,
      `${microseconds(each)} a pair${before}: ${(each / ours.each).toFixed(0)} times; ${wrong} of ${reached.length} differ (${yes} reachable)`,
    );
    return wrong === 0;
  }

  function isWithoutAnswer(label, found) {
    if (found === undefined) tell(label, "skipped: not installed");
    else if (found.failed !== undefined) tell(label, `failed: ${found.failed}`);
    else if (found.stopped !== undefined) tell(label, found.stopped);
    else return false;
    return true;
  }

  /** Random pairs, of which every other one is reachable. */
  function questionsAbout(ids) {
    const random = randomFrom(11);
    const draw = () => Math.floor(random() * ids.length);
    const drawn = [];
    while (drawn.length < Math.max(...Object.values(counts))) {
      const pair = [draw(), draw()];
      const isReachable = sets.verdict(...pair.map((at) => ids[at]), traffic) === "reachable";
      if (pair[0] !== pair[1] && isReachable === (drawn.length % 2 === 0)) drawn.push({ pair, isReachable });
    }
    return drawn;
  }
}

function ms(value) {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function microseconds(milliseconds) {
  return `${(milliseconds * 1000).toFixed(milliseconds < 0.01 ? 2 : 0)} µs`;
}

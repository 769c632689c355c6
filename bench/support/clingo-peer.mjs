/** clingo as a peer: everything follows from facts, so grounding is the answer. All pairs at once, or one pair, for which it grounds anew. */
import { isInstalled, runBounded } from "./bounded.mjs";
import { clausesOf } from "./peer-clauses.mjs";
import { nodes } from "./peer-facts.mjs";

/** It ends with 10 or 30 where there is an answer. */
const passes = [10, 30];

const rules = `
go(S, C, N) :- wanted(S, C), start(S, C, N).
go(S, C, N) :- go(S, C, M), step(M, C, N).
way(F, T, N) :- between(F, T), cell(F, S), go(S, T, N), N < ${nodes.table}.
wanted(S, T) :- between(F, T), cell(F, S).
leg(0..1).

leaves(L, F, T) :- between(F, T), cell(F, S), subnet(S, A, _), acl(A, 1, L, T).
enters(L, F, T) :- between(F, T), cell(F, S), subnet(S, _, E), subnet(E, A, _), acl(A, 0, L, F).
arrives(L, F, T) :- between(F, T), cell(T, R), subnet(R, A, _), acl(A, 0, L, F).

passing(L, F, T, ${nodes.same}) :- way(F, T, ${nodes.same}), leg(L).
passing(L, F, T, N) :- way(F, T, N), N > ${nodes.same}, N < ${nodes.exit}, leaves(L, F, T), arrives(L, F, T).
passing(L, F, T, N) :- way(F, T, N), N >= ${nodes.exit}, leaves(L, F, T), enters(L, F, T), cell(T, N - ${nodes.exit}).
passing(L, F, T, N) :- way(F, T, N), N >= ${nodes.exit}, leaves(L, F, T), enters(L, F, T), cell(T, R), R != N - ${nodes.exit},
  subnet(N - ${nodes.exit}, A, _), acl(A, 1, L, T), arrives(L, F, T).

passes(F, T, N) :- passing(0, F, T, N), passing(1, T, F, _).
admits(A, B) :- asked(A, B), interface(A, F, _, _), interface(B, _, _, G), block(G, 0, F).
admits(A, B) :- asked(A, B), interface(A, F, _, H), interface(B, T, _, G), reference(G, H, 0), passes(F, T, N), N <= ${nodes.local}.
admits(A, B) :- asked(A, B), interface(A, F, _, H), interface(B, T, _, G), reference(G, H, 1), passes(F, T, ${nodes.heard}).
reaches(A, B) :- admits(A, B), interface(A, F, _, H), interface(B, T, _, _), passes(F, T, _), block(H, 1, T).
`;

const all = `
between(F, T) :- cell(F, _), cell(T, _).
asked(A, B) :- passes(F, T, _), interface(A, F, _, _), interface(B, T, _, _), A != B.
pairs(N) :- N = #count { A, B : reaches(A, B) }.
#show pairs/1.
`;

const single = `
between(F, T) :- asked(A, B), interface(A, F, _, _), interface(B, T, _, _).
between(T, F) :- asked(A, B), interface(A, F, _, _), interface(B, T, _, _).
#show reaches/2.
`;

/** `undefined` where clingo is not installed; all pairs only where they are asked for. */
export function askClingo(facts, questions, { isForAll }) {
  if (!isInstalled("clingo")) return undefined;
  const clauses = clausesOf(facts);
  const run = (text) => runBounded(["clingo", "-V0", "-"], { input: text + clauses, passes });
  return { all: isForAll ? allPairs(run(rules + all)) : undefined, single: singles() };

  function allPairs({ output, ms, ...rest }) {
    if (output === undefined) return rest;
    return { pairs: Number(/pairs\((\d+)\)/.exec(output)[1]), answer: ms };
  }

  function singles() {
    const answers = [];
    for (const [from, to] of questions) {
      const answer = run(`${rules}${single}asked(${from}, ${to}).\n`);
      if (answer.output === undefined) return answer;
      answers.push(answer);
    }
    const each = answers.reduce((sum, { ms }) => sum + ms, 0) / answers.length;
    return { reached: answers.map(({ output }) => output.includes("reaches(")), each };
  }
}

/** SWI-Prolog as a peer: ways and filters are tabled, all pairs are counted by backtracking; and one pair after the other, tables warm. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isInstalled, runBounded } from "./bounded.mjs";
import { clausesOf } from "./peer-clauses.mjs";
import { nodes } from "./peer-facts.mjs";

/** How often the warm questions are asked, for a time that a clock can tell. */
const rounds = 20;

const rules = `
:- table go/3, passing/4.
go(S, C, N) :- start(S, C, N).
go(S, C, N) :- go(S, C, M), step(M, C, N).

passing(L, F, T, N) :- cell(F, S), go(S, T, N), N < ${nodes.table}, lets(N, L, S, F, T).

lets(${nodes.same}, _, _, _, _) :- !.
lets(N, L, S, F, T) :- subnet(S, A, E), acl(A, 1, L, T), cell(T, R), over(N, L, E, R, F, T).

over(N, L, _, R, F, _) :- N < ${nodes.exit}, !, arriving(L, R, F).
over(N, L, E, R, F, T) :-
  subnet(E, A, _), acl(A, 0, L, F), X is N - ${nodes.exit},
  ( X == R -> true ; subnet(X, B, _), acl(B, 1, L, T), arriving(L, R, F) ).

arriving(L, R, F) :- subnet(R, A, _), acl(A, 0, L, F).

meets(G, F, T, N) :- block(G, 1, T), passing(0, F, T, N), passing(1, T, F, _).

admits(G, _, F, _) :- block(G, 0, F), !.
admits(G, H, _, N) :- reference(G, H, K), heard(K, N), !.
heard(0, N) :- N =< ${nodes.local}.
heard(1, ${nodes.heard}).

reaches(A, B) :- interface(A, F, _, H), interface(B, T, _, G), A \\== B, meets(H, F, T, N), admits(G, H, F, N), !.
pair(A, B) :- interface(A, F, _, H), cell(T, _), meets(H, F, T, N), interface(B, T, _, G), A \\== B, admits(G, H, F, N).
`;

const single = `
question(A, B) :- asked(_, A, B).
told :- forall(asked(_, A, B), ( reaches(A, B) -> write(1) ; write(0) )), nl.
warm :- forall(between(1, ${rounds}, _), forall(question(A, B), ( reaches(A, B) -> true ; true ))).
timed(G) :- get_time(B), G, get_time(E), T is (E - B) * 1000, writeln(T).
main :- timed(told), timed(warm).
`;

const all = `
main :- get_time(B), aggregate_all(count, pair(_, _), Pairs), get_time(E), T is (E - B) * 1000, writeln(Pairs), writeln(T).
`;

/** `undefined` where SWI-Prolog is not installed. */
export function askProlog(facts, questions) {
  if (!isInstalled("swipl")) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "causeway-prolog-"));
  const run = (text) => {
    const file = join(folder, "question.pl");
    writeFileSync(file, text);
    const flags = ["-q", "-f", "none", "--stack-limit=6g", "--table-space=6g", "-g", "main", "-t", "halt"];
    return runBounded(["swipl", ...flags, file]);
  };
  try {
    const clauses = clausesOf(facts);
    const asked = questions.map(([from, to], at) => `asked(${at}, ${from}, ${to}).`).join("\n");
    return { all: allPairs(run(rules + all + clauses)), single: singles(run(rules + single + clauses + asked)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  function allPairs({ output, ms, ...rest }) {
    if (output === undefined) return rest;
    const [pairs, answer] = output.trim().split("\n").map(Number);
    return { pairs, answer, load: ms - answer };
  }

  function singles({ output, ...rest }) {
    if (output === undefined) return rest;
    const [told, first, warm] = output.trim().split("\n");
    return {
      reached: [...told].map((each) => each === "1"),
      first: Number(first) / questions.length,
      each: Number(warm) / rounds / questions.length,
    };
  }
}

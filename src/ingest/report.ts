/** What an ingest has to tell besides the model: answers that are not what AWS gives, and what the answers do not tell. */
import type { Unknown } from "../model/index.ts";

/** Something in an answer that AWS does not give. It was passed over. */
export interface IngestProblem {
  /** The file, as it was named to the ingest. */
  readonly file: string;
  /** The place in it, like `Vpcs[3].CidrBlock`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

export interface Report {
  problem(file: string, path: string, message: string): void;
  unknown(id: string, reason: string): void;
  problems(): readonly IngestProblem[];
  /** In the order in which they were told, each thing once. */
  unknowns(): readonly Unknown[];
}

export function createReport(): Report {
  // A list may be read more than once, for several kinds of things.
  const problems = new Map<string, IngestProblem>();
  const unknowns = new Map<string, Unknown>();
  return {
    problem: (file, path, message) => {
      problems.set(`${file} ${path} ${message}`, { file, path, message });
    },
    unknown: (id, reason) => {
      if (!unknowns.has(id)) unknowns.set(id, { id, reason });
    },
    problems: () => [...problems.values()],
    unknowns: () => [...unknowns.values()],
  };
}

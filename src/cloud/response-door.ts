/**
 * Where functions put their answers for CloudFormation: a URL of the cloud's own for each question, with a token that cannot be
 * guessed. An answer counts once. Questions end with the process: who asked them asks again.
 */
import type { Clock, RandomSource } from "./ports.ts";
import type { CloudSettings } from "./services/action.ts";

export type PlacedAnswer =
  | { readonly kind: "answered"; readonly body: string }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "timed-out" };

export interface AnswerPlace {
  readonly url: string;
  readonly answer: Promise<PlacedAnswer>;
  /** Nobody will answer; nothing happens when somebody has. */
  giveUp(reason: string): void;
}

export interface ResponseDoor {
  /** Whether the token is that of an open question, which this answers. */
  put(token: string, body: string): boolean;
}

/** The door as its cloud has it. */
export interface OwnResponseDoor extends ResponseDoor {
  open(timeoutMs: number): AnswerPlace;
  close(): void;
}

/** Under which the gateway has the answers. */
export const responsePath = "/_causeway/cloudformation-response/";

export function openResponseDoor(clock: Clock, random: RandomSource, settings: CloudSettings): OwnResponseDoor {
  const waiting = new Map<string, (answer: PlacedAnswer) => void>();
  return {
    put(token, body) {
      const resolve = waiting.get(token);
      resolve?.({ kind: "answered", body });
      return resolve !== undefined;
    },
    open(timeoutMs) {
      const token = Buffer.from(random.bytes(24)).toString("hex");
      let settle: (answer: PlacedAnswer) => void = () => {};
      const answer = new Promise<PlacedAnswer>((resolve) => {
        const callOff = clock.schedule(clock.now() + timeoutMs, () => settle({ kind: "timed-out" }));
        settle = (given) => {
          waiting.delete(token);
          callOff();
          resolve(given);
        };
      });
      waiting.set(token, settle);
      return {
        url: `${settings.endpoint}${responsePath}${token}`,
        answer,
        giveUp: (reason) => settle({ kind: "failed", reason }),
      };
    },
    close() {
      for (const settle of [...waiting.values()]) settle({ kind: "failed", reason: "The cloud was stopped." });
    },
  };
}

/** What cannot be said: the component, and why. It makes the verdict `unknown`, never a silent pass or block. */
import type { UnknownComponent } from "../explanation.ts";
import type { ExplanationCode } from "../explanation-codes.ts";
import type { PreparedModel } from "../prepared-model.ts";

/** With the reason that the model's source gave, when it gave one. */
export function unknownComponent(
  { index }: PreparedModel,
  id: string,
  reason: string,
  code: ExplanationCode = "UNKNOWN_RESOURCE",
): UnknownComponent {
  return { id, code, reason: index.unknownReason(id) ?? reason };
}

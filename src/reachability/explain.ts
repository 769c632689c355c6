/** One flow, both ways. */
import type { NetworkModel } from "../model/index.ts";
import type { Explanation } from "./explanation.ts";
import type { Flow } from "./flow.ts";

/** Whether the packet arrives and its answer comes back, and all that stops them. */
export function explain(model: NetworkModel, flow: Flow): Explanation {
  throw new Error(`bug: not made yet: ${model.version} ${flow.traffic.protocol}`);
}

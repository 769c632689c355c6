import { describe, expect, it } from "vitest";
import { elapse, fire, pending, toMermaid } from "../../../lifecycle/lifecycle.ts";
import { vpcPeeringConnectionLifecycle as lifecycle } from "./lifecycle.ts";

type State = keyof typeof lifecycle.states;
const states = Object.keys(lifecycle.states).filter((name): name is State => Object.hasOwn(lifecycle.states, name));
const events = [
  "AcceptVpcPeeringConnection",
  "RejectVpcPeeringConnection",
  "DeleteVpcPeeringConnection",
  "DeleteVpc",
] as const;

/** Every state that may follow, whatever the guards say. */
function next(state: State): State[] {
  const worlds = [[], ["cannot-peer"], ["inter-region"], ["cannot-peer", "inter-region"]];
  const found = worlds.flatMap((world) => {
    const holds = (guard: string): boolean => world.includes(guard);
    return [elapse(lifecycle, state, holds), ...events.map((event) => fire(lifecycle, state, event, holds))];
  });
  return [...new Set(found)].filter((each) => each !== undefined);
}

describe("the life of a peering connection [PX-1]", () => {
  it("reaches every declared state", () => {
    const reached = new Set<State>([lifecycle.initial]);
    for (const state of reached) for (const each of next(state)) reached.add(each);
    expect([...reached].sort()).toEqual([...states].sort());
  });

  it("ends in every terminal state, and only there stays put", () => {
    for (const state of states) {
      const terminal = ["failed", "expired", "rejected", "deleted"].includes(state);
      expect([state, next(state).length === 0]).toEqual([state, terminal]);
      expect([state, pending(lifecycle, state)?.what === "vanish"]).toEqual([state, terminal]);
    }
  });

  it("is this", () => {
    expect(toMermaid(lifecycle)).toMatchInlineSnapshot(`
      "stateDiagram-v2
        [*] --> initiating_request
        initiating_request --> deleted: DeleteVpc
        initiating_request --> failed: after 2s [cannot-peer]
        initiating_request --> pending_acceptance: after 2s
        pending_acceptance --> failed: AcceptVpcPeeringConnection [cannot-peer]
        pending_acceptance --> provisioning: AcceptVpcPeeringConnection
        pending_acceptance --> rejected: RejectVpcPeeringConnection
        pending_acceptance --> deleting: DeleteVpcPeeringConnection [inter-region]
        pending_acceptance --> deleted: DeleteVpcPeeringConnection
        pending_acceptance --> deleted: DeleteVpc
        pending_acceptance --> expired: after 7d
        provisioning --> deleting: DeleteVpcPeeringConnection [inter-region]
        provisioning --> deleted: DeleteVpcPeeringConnection
        provisioning --> deleted: DeleteVpc
        provisioning --> active: after 3s
        active --> deleting: DeleteVpcPeeringConnection [inter-region]
        active --> deleted: DeleteVpcPeeringConnection
        active --> deleted: DeleteVpc
        deleting --> deleted: after 20s
        failed --> [*]: forgotten after 2h
        expired --> [*]: forgotten after 2d
        rejected --> [*]: forgotten after 2d
        deleted --> [*]: forgotten after 2d
      "
    `);
  });
});

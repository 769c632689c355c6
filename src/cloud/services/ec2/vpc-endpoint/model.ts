/** A VPC endpoint as the network model sees it: its interfaces are those of the model, and what it does with packets the model has no word for. */
import { unmodelledReason } from "../../../../ingest/index.ts";
import type { Unknown } from "../../../../model/index.ts";
import type { VpcEndpointRecord } from "./record.ts";

export function projectVpcEndpoint({ VpcEndpointId, State }: VpcEndpointRecord): Unknown | undefined {
  return State === "deleted" ? undefined : { id: VpcEndpointId, reason: unmodelledReason("VpcEndpoints") };
}

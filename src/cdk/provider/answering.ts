/** From CloudFormation's request to its answer: the verb is found by the resource's type, and whatever it throws becomes a reason. */
import type {
  Clients,
  CustomResourceAnswer,
  CustomResourceEvent,
  Tools,
  Verb,
  WaitingClock,
} from "./custom-resource.ts";
import { transitGatewayPeering } from "./transit-gateway-peering.ts";
import { transitGatewayPeeringsEnded } from "./transit-gateway-peerings-ended.ts";
import { transitGatewayVpcAttachment } from "./transit-gateway-vpc-attachment.ts";
import { vpcPeeringConnectionAcceptance, vpcPeeringConnectionRequest } from "./vpc-peering-connection.ts";
import { vpcPeeringConnectionOptions } from "./vpc-peering-connection-options.ts";
import { reasonOf } from "./waiting.ts";

export const verbs: Readonly<Record<string, Verb>> = {
  "Custom::TransitGatewayPeering": transitGatewayPeering,
  "Custom::TransitGatewayPeeringsEnded": transitGatewayPeeringsEnded,
  "Custom::TransitGatewayVpcAttachment": transitGatewayVpcAttachment,
  "Custom::VpcPeeringConnectionRequest": vpcPeeringConnectionRequest,
  "Custom::VpcPeeringConnectionAcceptance": vpcPeeringConnectionAcceptance,
  "Custom::VpcPeeringConnectionOptions": vpcPeeringConnectionOptions,
};

/** An answer is 4,096 bytes at most. */
const longestReason = 1500;

/** Of the time that is kept for the answer. */
const takingBackMs = 15_000;

export async function answerTo(
  event: CustomResourceEvent,
  clients: Clients,
  clock: WaitingClock,
): Promise<CustomResourceAnswer> {
  const { StackId, RequestId, LogicalResourceId } = event;
  // Without an id of its own a resource has its request's: a creation's is then undone with nothing to undo.
  let PhysicalResourceId = event.PhysicalResourceId ?? `${LogicalResourceId}-${RequestId}`;
  const tools: Tools = {
    clients,
    clock,
    keepId(id) {
      PhysicalResourceId = id;
    },
  };
  const same = { StackId, RequestId, LogicalResourceId };
  try {
    const Data = await perform(event, tools, PhysicalResourceId);
    return { Status: "SUCCESS", PhysicalResourceId, ...same, Data };
  } catch (error) {
    const reasons = [reasonOf(error)];
    const { RequestType, PhysicalResourceId: before } = event;
    if (RequestType === "Update" && before !== undefined && PhysicalResourceId !== before) {
      // CloudFormation goes on with the id that it knows: what an update began under another one, nobody else would take back.
      reasons.push(...(await takenBack(event, tools, PhysicalResourceId)));
      PhysicalResourceId = before;
    }
    return { Status: "FAILED", Reason: reasons.join(" ").slice(0, longestReason), PhysicalResourceId, ...same };
  }
}

async function takenBack(event: CustomResourceEvent, tools: Tools, begun: string): Promise<readonly string[]> {
  try {
    const clock = { ...tools.clock, deadline: tools.clock.deadline + takingBackMs };
    await verbs[event.ResourceType]?.remove(event.ResourceProperties, { ...tools, clock }, begun);
    return [];
  } catch (error) {
    return [`${begun} was left behind: ${reasonOf(error)}`];
  }
}

async function perform(event: CustomResourceEvent, tools: Tools, physicalId: string) {
  const verb = verbs[event.ResourceType];
  if (verb === undefined) throw new Error(`bug: nothing answers for ${event.ResourceType}`);
  if (event.RequestType !== "Delete") return verb.put(event.ResourceProperties, tools);
  await verb.remove(event.ResourceProperties, tools, physicalId);
  return {};
}

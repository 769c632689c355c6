"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/cdk/provider/index.ts
var index_exports = {};
__export(index_exports, {
  handler: () => handler
});
module.exports = __toCommonJS(index_exports);
var import_client_ec26 = require("@aws-sdk/client-ec2");
var import_client_sts = require("@aws-sdk/client-sts");

// src/cdk/provider/transit-gateway-peering.ts
var import_client_ec2 = require("@aws-sdk/client-ec2");

// src/cdk/provider/custom-resource.ts
var Refusal = class extends Error {
};
var NotMeant = class extends Refusal {
};
function required(properties, name) {
  const value = properties[name];
  if (value === void 0 || value === "") throw new Refusal(`The property ${name} is missing.`);
  return value;
}
function placeOf(properties) {
  const { RoleArn } = properties;
  return { Region: required(properties, "Region"), ...RoleArn !== void 0 && RoleArn !== "" && { RoleArn } };
}
var endsWithResource = ({ EndOnDelete }) => EndOnDelete === "true";

// src/cdk/provider/waiting.ts
var first = 500;
var longest = 1e4;
var settlingMs = 12e4;
async function waitFor(what, clock, look) {
  const start = clock.now();
  for (let pause = first; ; pause = Math.min(pause * 1.5, longest)) {
    const seen = await allowed(clock, start, look);
    if ("done" in seen) return seen.done;
    if (clock.now() + pause > clock.deadline) {
      const seconds = Math.round((clock.now() - start) / 1e3);
      throw new Refusal(
        `${what}: still ${seen.still} after ${seconds} seconds; one run of the provider has no more time.`
      );
    }
    await clock.sleep(pause);
  }
}
async function allowed(clock, start, look) {
  try {
    return await look();
  } catch (error) {
    if (!isRefusedBy(error, ...notAllowed) || clock.now() - start > settlingMs) throw error;
    return { still: "not permitted" };
  }
}
var notAllowed = ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"];
function isRefusedBy(error, ...codes) {
  return error instanceof Error && codes.includes(error.name);
}
function reasonOf(error) {
  if (error instanceof Refusal) return error.message;
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return String(error);
}
async function unlessNotMeant(find4) {
  try {
    return await find4();
  } catch (error) {
    if (error instanceof NotMeant) return void 0;
    throw error;
  }
}

// src/cdk/provider/attachment.ts
async function available(calls, accepts2, clock) {
  const start = clock.now();
  return waitFor(calls.name, clock, async () => {
    const found = await calls.find();
    if (found === void 0) {
      if (clock.now() - start > settlingMs) throw new Refusal(`${calls.name} was not found.`);
      return { still: "not visible" };
    }
    const { id, state = "unknown", message } = found;
    if (state === "available") return { done: found };
    if (ending(state)) throw new Refusal(`${calls.name} is ${state}${message === void 0 ? "" : `: ${message}`}`);
    if (state === "pendingAcceptance" && accepts2) await unlessMoved(() => calls.accept(id));
    return { still: state };
  });
}
async function ended(calls, clock) {
  await waitFor(calls.name, clock, async () => {
    const found = await unlessNotMeant(calls.find);
    if (found === void 0 || hasEnded(found.state)) return { done: true };
    const { id, state = "unknown" } = found;
    if (state === "pendingAcceptance") await unlessMoved(() => calls.reject(id));
    if (state === "available") await unlessMoved(() => calls.end(id));
    return { still: state };
  });
}
async function unlessMoved(call) {
  try {
    await call();
  } catch (error) {
    if (!isRefusedBy(error, "IncorrectState", "InvalidTransitGatewayAttachmentID.NotFound")) throw error;
  }
}
function hasEnded(state) {
  return state === "deleted" || state === "failed" || state === "rejected";
}
function ending(state) {
  return ["deleted", "deleting", "failed", "failing", "rejected", "rejecting"].includes(state);
}

// src/cdk/provider/transit-gateway-peering.ts
var transitGatewayPeering = {
  async put(properties, { clients: clients2, clock, keepId }) {
    if (!hasOwnId(properties)) keepId(required(properties, "TransitGatewayAttachmentId"));
    const calls = callsOf(properties, clients2.ec2(placeOf(properties)));
    const { id } = await available(calls, accepts(properties), clock);
    keepId(id);
    return { TransitGatewayAttachmentId: id };
  },
  async remove(properties, { clients: clients2, clock }) {
    if (!endsWithResource(properties)) return;
    await ended(callsOf(properties, clients2.ec2(placeOf(properties))), clock);
  }
};
var accepts = ({ Role }) => Role === "accepter";
var hasOwnId = (properties) => accepts(properties) && properties.Region === properties.PeerRegion;
function callsOf(properties, ec2) {
  const id = required(properties, "TransitGatewayAttachmentId");
  return {
    name: `Transit gateway peering attachment ${id}`,
    find: () => find(properties, ec2),
    accept: (each) => ec2.send(new import_client_ec2.AcceptTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each })),
    reject: (each) => ec2.send(new import_client_ec2.RejectTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each })),
    end: (each) => ec2.send(new import_client_ec2.DeleteTransitGatewayPeeringAttachmentCommand({ TransitGatewayAttachmentId: each }))
  };
}
async function find(properties, ec2) {
  const row = hasOwnId(properties) ? await byPair(properties, ec2) : await byId(properties, ec2);
  if (row?.TransitGatewayAttachmentId === void 0) return void 0;
  return { id: row.TransitGatewayAttachmentId, state: row.State, message: row.Status?.Message };
}
async function byId(properties, ec2) {
  const id = required(properties, "TransitGatewayAttachmentId");
  try {
    const command = new import_client_ec2.DescribeTransitGatewayPeeringAttachmentsCommand({ TransitGatewayAttachmentIds: [id] });
    const [row] = (await ec2.send(command)).TransitGatewayPeeringAttachments ?? [];
    if (row !== void 0 && !joins(row, properties)) {
      const [own, peer] = gatewaysOf(properties);
      throw new NotMeant(`Transit gateway peering attachment ${id} does not join ${own} and ${peer}.`);
    }
    return row;
  } catch (error) {
    if (isRefusedBy(error, "InvalidTransitGatewayAttachmentID.NotFound")) return void 0;
    throw error;
  }
}
async function byPair(properties, ec2) {
  const requesters = required(properties, "TransitGatewayAttachmentId");
  const Filters = [{ Name: "transit-gateway-id", Values: [required(properties, "TransitGatewayId")] }];
  let NextToken;
  do {
    const page = await ec2.send(new import_client_ec2.DescribeTransitGatewayPeeringAttachmentsCommand({ Filters, NextToken }));
    const found = page.TransitGatewayPeeringAttachments?.find(
      (row) => joins(row, properties) && row.TransitGatewayAttachmentId !== requesters && !hasEnded(row.State)
    );
    if (found !== void 0) return found;
    NextToken = page.NextToken;
  } while (NextToken !== void 0);
  return void 0;
}
function joins(row, properties) {
  const [own, peer] = gatewaysOf(properties);
  const [accepter, requester] = accepts(properties) ? [own, peer] : [peer, own];
  return row.AccepterTgwInfo?.TransitGatewayId === accepter && row.RequesterTgwInfo?.TransitGatewayId === requester;
}
function gatewaysOf(properties) {
  return [required(properties, "TransitGatewayId"), required(properties, "PeerTransitGatewayId")];
}

// src/cdk/provider/transit-gateway-peerings-ended.ts
var import_client_ec22 = require("@aws-sdk/client-ec2");
var transitGatewayPeeringsEnded = {
  async put(properties, { keepId }) {
    keepId(required(properties, "TransitGatewayId"));
    return {};
  },
  async remove(properties, { clients: clients2, clock }) {
    const gateway = required(properties, "TransitGatewayId");
    const ec2 = clients2.ec2(placeOf(properties));
    await waitFor(`The peerings of ${gateway}`, clock, async () => {
      const left = await liveAt(gateway, ec2);
      if (left.length === 0) return { done: true };
      const used = left.find(({ State }) => !isEnding(State));
      if (used !== void 0) {
        const { TransitGatewayAttachmentId: id, State } = used;
        throw new Refusal(`${gateway} has a peering that is ${State}: ${id}. It has to be deleted first.`);
      }
      return { still: left.map(({ State }) => State).join(", ") };
    });
  }
};
async function liveAt(gateway, ec2) {
  const Filters = [{ Name: "transit-gateway-id", Values: [gateway] }];
  const live = [];
  let NextToken;
  do {
    const page = await ec2.send(new import_client_ec22.DescribeTransitGatewayPeeringAttachmentsCommand({ Filters, NextToken }));
    live.push(...(page.TransitGatewayPeeringAttachments ?? []).filter(({ State }) => !hasEnded(State)));
    NextToken = page.NextToken;
  } while (NextToken !== void 0);
  return live;
}
var isEnding = (state) => state === "deleting" || state === "failing" || state === "rejecting";

// src/cdk/provider/transit-gateway-vpc-attachment.ts
var import_client_ec23 = require("@aws-sdk/client-ec2");
var transitGatewayVpcAttachment = {
  async put(properties, { clients: clients2, clock, keepId }) {
    const id = required(properties, "TransitGatewayAttachmentId");
    keepId(id);
    await available(callsOf2(properties, clients2.ec2(placeOf(properties))), properties.Role === "accepter", clock);
    return { TransitGatewayAttachmentId: id };
  },
  // The gateway's owner may end it too. [TG-18]
  async remove(properties, { clients: clients2, clock }) {
    if (!endsWithResource(properties)) return;
    await ended(callsOf2(properties, clients2.ec2(placeOf(properties))), clock);
  }
};
function callsOf2(properties, ec2) {
  const id = required(properties, "TransitGatewayAttachmentId");
  return {
    name: `Transit gateway VPC attachment ${id}`,
    find: () => find2(id, required(properties, "TransitGatewayId"), ec2),
    accept: (each) => ec2.send(new import_client_ec23.AcceptTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each })),
    reject: (each) => ec2.send(new import_client_ec23.RejectTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each })),
    end: (each) => ec2.send(new import_client_ec23.DeleteTransitGatewayVpcAttachmentCommand({ TransitGatewayAttachmentId: each }))
  };
}
async function find2(id, gateway, ec2) {
  try {
    const command = new import_client_ec23.DescribeTransitGatewayVpcAttachmentsCommand({ TransitGatewayAttachmentIds: [id] });
    const [row] = (await ec2.send(command)).TransitGatewayVpcAttachments ?? [];
    if (row === void 0) return void 0;
    if (row.TransitGatewayId !== gateway) {
      throw new NotMeant(`Transit gateway VPC attachment ${id} is not at ${gateway}, but at ${row.TransitGatewayId}.`);
    }
    return { id, state: row.State };
  } catch (error) {
    if (isRefusedBy(error, "InvalidTransitGatewayAttachmentID.NotFound")) return void 0;
    throw error;
  }
}

// src/cdk/provider/vpc-peering-connection.ts
var import_client_ec24 = require("@aws-sdk/client-ec2");
var vpcPeeringConnectionRequest = {
  async put(properties, { clients: clients2, clock, keepId }) {
    const ec2 = clients2.ec2(placeOf(properties));
    const { Name } = properties;
    const asked = await waitFor("The request for a peering", clock, async () => ({
      done: await ec2.send(
        new import_client_ec24.CreateVpcPeeringConnectionCommand({
          VpcId: required(properties, "VpcId"),
          PeerVpcId: required(properties, "PeerVpcId"),
          PeerOwnerId: required(properties, "PeerOwnerId"),
          PeerRegion: required(properties, "PeerRegion"),
          ...Name !== void 0 && {
            TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: Name }] }]
          }
        })
      )
    }));
    const id = asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? "";
    keepId(id);
    await until(["pending-acceptance", "provisioning", "active"], { id, ec2, clock });
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients: clients2, clock }, id) {
    if (!id.startsWith("pcx-")) return;
    await ended2(
      { id, ec2: clients2.ec2(placeOf(properties)), clock },
      (each) => new import_client_ec24.DeleteVpcPeeringConnectionCommand(each)
    );
  }
};
var vpcPeeringConnectionAcceptance = {
  async put(properties, { clients: clients2, clock, keepId }) {
    const id = required(properties, "VpcPeeringConnectionId");
    keepId(id);
    const ec2 = clients2.ec2(placeOf(properties));
    await until(
      ["active"],
      { id, ec2, clock, vpc: required(properties, "VpcId") },
      () => ec2.send(new import_client_ec24.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id }))
    );
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients: clients2, clock }, id) {
    if (!endsWithResource(properties) || !id.startsWith("pcx-")) return;
    const ec2 = clients2.ec2(placeOf(properties));
    const vpc = required(properties, "VpcId");
    await ended2({ id, ec2, clock, vpc }, (each) => new import_client_ec24.RejectVpcPeeringConnectionCommand(each));
  }
};
var over = ["failed", "expired", "rejected", "deleted"];
async function until(wanted, watched, accept) {
  const { id, clock } = watched;
  const start = clock.now();
  await waitFor(`VPC peering connection ${id}`, clock, async () => {
    const found = await find3(watched);
    if (found === void 0) {
      if (clock.now() - start > settlingMs) throw new Refusal(`VPC peering connection ${id} was not found.`);
      return { still: "not visible" };
    }
    const { Code = "unknown", Message } = found.Status ?? {};
    if (wanted.includes(Code)) return { done: true };
    if (over.includes(Code) || Code === "deleting") {
      throw new Refusal(`VPC peering connection ${id} is ${Code}${Message === void 0 ? "" : `: ${Message}`}`);
    }
    if (Code === "pending-acceptance" && accept !== void 0) await unlessMoved2(accept);
    return { still: Code };
  });
}
async function ended2(watched, withdraw) {
  const { id, ec2, clock } = watched;
  const named = { VpcPeeringConnectionId: id };
  await waitFor(`VPC peering connection ${id}`, clock, async () => {
    const Code = (await unlessNotMeant(() => find3(watched)))?.Status?.Code ?? "deleted";
    if (over.includes(Code)) return { done: true };
    if (Code === "pending-acceptance") {
      const command = withdraw(named);
      await unlessMoved2(
        () => command instanceof import_client_ec24.RejectVpcPeeringConnectionCommand ? ec2.send(command) : ec2.send(command)
      );
    }
    if (Code === "active") await unlessMoved2(() => ec2.send(new import_client_ec24.DeleteVpcPeeringConnectionCommand(named)));
    return { still: Code };
  });
}
async function find3({ id, ec2, vpc }) {
  const found = await vpcPeeringConnectionNamed(id, ec2);
  if (found !== void 0 && vpc !== void 0 && found.AccepterVpcInfo?.VpcId !== vpc) {
    throw new NotMeant(`VPC peering connection ${id} does not ask ${vpc}, but ${found.AccepterVpcInfo?.VpcId}.`);
  }
  return found;
}
async function vpcPeeringConnectionNamed(id, ec2) {
  try {
    const command = new import_client_ec24.DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] });
    return (await ec2.send(command)).VpcPeeringConnections?.[0];
  } catch (error) {
    if (isRefusedBy(error, "InvalidVpcPeeringConnectionID.NotFound")) return void 0;
    throw error;
  }
}
async function unlessMoved2(call) {
  try {
    await call();
  } catch (error) {
    if (!isRefusedBy(error, "InvalidStateTransition", "InvalidVpcPeeringConnectionID.NotFound")) throw error;
  }
}

// src/cdk/provider/vpc-peering-connection-options.ts
var import_client_ec25 = require("@aws-sdk/client-ec2");
var vpcPeeringConnectionOptions = {
  async put(properties, { clients: clients2, clock, keepId }) {
    const id = required(properties, "VpcPeeringConnectionId");
    const name = `VPC peering connection ${id}`;
    const allow = properties.AllowDnsResolutionFromRemoteVpc === "true";
    keepId(id);
    const ec2 = clients2.ec2(placeOf(properties));
    const start = clock.now();
    await waitFor(name, clock, async () => {
      const found = await vpcPeeringConnectionNamed(id, ec2);
      const Code = found?.Status?.Code;
      if (found === void 0 && clock.now() - start > settlingMs) throw new Refusal(`${name} was not found.`);
      if (Code === void 0 || Code === "initiating-request" || Code === "provisioning") {
        return { still: Code ?? "not visible" };
      }
      await setOption(properties, allow, ec2);
      return { done: true };
    });
    await waitFor(`${name}, its options`, clock, async () => {
      const found = await vpcPeeringConnectionNamed(id, ec2);
      const side = properties.Side === "accepter" ? found?.AccepterVpcInfo : found?.RequesterVpcInfo;
      const isSo = (side?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc ?? false) === allow;
      return isSo ? { done: true } : { still: "not shown" };
    });
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients: clients2 }) {
    try {
      await setOption(properties, false, clients2.ec2(placeOf(properties)));
    } catch (error) {
      if (!isRefusedBy(error, "InvalidVpcPeeringConnectionID.NotFound", "OperationNotPermitted", "InvalidStateTransition")) {
        throw error;
      }
    }
  }
};
async function setOption(properties, AllowDnsResolutionFromRemoteVpc, ec2) {
  const options = { AllowDnsResolutionFromRemoteVpc };
  await ec2.send(
    new import_client_ec25.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: required(properties, "VpcPeeringConnectionId"),
      ...properties.Side === "accepter" ? { AccepterPeeringConnectionOptions: options } : { RequesterPeeringConnectionOptions: options }
    })
  );
}

// src/cdk/provider/answering.ts
var verbs = {
  "Custom::TransitGatewayPeering": transitGatewayPeering,
  "Custom::TransitGatewayPeeringsEnded": transitGatewayPeeringsEnded,
  "Custom::TransitGatewayVpcAttachment": transitGatewayVpcAttachment,
  "Custom::VpcPeeringConnectionRequest": vpcPeeringConnectionRequest,
  "Custom::VpcPeeringConnectionAcceptance": vpcPeeringConnectionAcceptance,
  "Custom::VpcPeeringConnectionOptions": vpcPeeringConnectionOptions
};
var longestReason = 1500;
var takingBackMs = 15e3;
async function answerTo(event, clients2, clock) {
  const { StackId, RequestId, LogicalResourceId } = event;
  let PhysicalResourceId = event.PhysicalResourceId ?? `${LogicalResourceId}-${RequestId}`;
  const tools = {
    clients: clients2,
    clock,
    keepId(id) {
      PhysicalResourceId = id;
    }
  };
  const same = { StackId, RequestId, LogicalResourceId };
  try {
    const Data = await perform(event, tools, PhysicalResourceId);
    return { Status: "SUCCESS", PhysicalResourceId, ...same, Data };
  } catch (error) {
    const reasons = [reasonOf(error)];
    const { RequestType, PhysicalResourceId: before } = event;
    if (RequestType === "Update" && before !== void 0 && PhysicalResourceId !== before) {
      reasons.push(...await takenBack(event, tools, PhysicalResourceId));
      PhysicalResourceId = before;
    }
    return { Status: "FAILED", Reason: reasons.join(" ").slice(0, longestReason), PhysicalResourceId, ...same };
  }
}
async function takenBack(event, tools, begun) {
  try {
    const clock = { ...tools.clock, deadline: tools.clock.deadline + takingBackMs };
    await verbs[event.ResourceType]?.remove(event.ResourceProperties, { ...tools, clock }, begun);
    return [];
  } catch (error) {
    return [`${begun} was left behind: ${reasonOf(error)}`];
  }
}
async function perform(event, tools, physicalId) {
  const verb = verbs[event.ResourceType];
  if (verb === void 0) throw new Error(`bug: nothing answers for ${event.ResourceType}`);
  if (event.RequestType !== "Delete") return verb.put(event.ResourceProperties, tools);
  await verb.remove(event.ResourceProperties, tools, physicalId);
  return {};
}

// src/cdk/provider/sending.ts
var attempts = 5;
async function send(url, answer, { fetch: fetch2, clock }) {
  const body = JSON.stringify(answer);
  for (let attempt = 1; ; attempt++) {
    const failure = await put(url, body, fetch2);
    if (failure === void 0) return;
    if (attempt === attempts) throw new Error(`CloudFormation was not told: ${failure}`);
    await clock.sleep(500 * 2 ** attempt);
  }
}
async function put(url, body, fetch2) {
  try {
    const { status } = await fetch2(url, { method: "PUT", headers: { "content-type": "" }, body });
    return status >= 500 ? `status ${status}` : void 0;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// src/cdk/provider/index.ts
var reserveMs = 2e4;
async function handler(event, context) {
  const { ResponseURL, ...told } = event;
  console.log(JSON.stringify(told));
  const clock = {
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    deadline: Date.now() + context.getRemainingTimeInMillis() - reserveMs
  };
  const answer = await answerTo(event, clients(), clock);
  console.log(JSON.stringify(answer));
  await send(ResponseURL, answer, { fetch, clock });
}
function clients() {
  return {
    ec2: ({ Region, RoleArn }) => new import_client_ec26.EC2Client({
      region: Region,
      maxAttempts: 8,
      ...RoleArn !== void 0 && { credentials: () => credentialsOf(RoleArn, Region) }
    })
  };
}
async function credentialsOf(RoleArn, region) {
  const sts = new import_client_sts.STSClient({ region, maxAttempts: 8 });
  const { Credentials: given } = await sts.send(
    new import_client_sts.AssumeRoleCommand({ RoleArn, RoleSessionName: "causeway-provider" })
  );
  if (given?.AccessKeyId === void 0 || given.SecretAccessKey === void 0) {
    throw new Error(`AWS gave no credentials for ${RoleArn}`);
  }
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given;
  return {
    accessKeyId,
    secretAccessKey,
    ...sessionToken !== void 0 && { sessionToken },
    ...given.Expiration !== void 0 && { expiration: given.Expiration }
  };
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  handler
});

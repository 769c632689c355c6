/**
 * Custom::VpcPeeringConnection: a connection that another account has to accept, asked for without a role in it; or one that it asked
 * for, accepted. (AWS::EC2::VPCPeeringConnection waits for an acceptance that it cannot bring about here.) [PX-1]
 */
import {
  AcceptVpcPeeringConnectionCommand,
  CreateVpcPeeringConnectionCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeVpcPeeringConnectionsCommand,
  type EC2Client,
  RejectVpcPeeringConnectionCommand,
  type VpcPeeringConnection,
} from "@aws-sdk/client-ec2";
import {
  endsWithResource,
  NotMeant,
  placeOf,
  Refusal,
  required,
  type Verb,
  type WaitingClock,
} from "./custom-resource.ts";
import { isRefusedBy, type Look, settlingMs, unlessNotMeant, waitFor } from "./waiting.ts";

/** Custom::VpcPeeringConnectionRequest. Asking again gives the same connection. [PX-23] */
export const vpcPeeringConnectionRequest: Verb = {
  async put(properties, { clients, clock, keepId }) {
    const ec2 = clients.ec2(placeOf(properties));
    const { Name } = properties;
    const asked = await waitFor("The request for a peering", clock, async () => ({
      done: await ec2.send(
        new CreateVpcPeeringConnectionCommand({
          VpcId: required(properties, "VpcId"),
          PeerVpcId: required(properties, "PeerVpcId"),
          PeerOwnerId: required(properties, "PeerOwnerId"),
          PeerRegion: required(properties, "PeerRegion"),
          ...(Name !== undefined && {
            TagSpecifications: [{ ResourceType: "vpc-peering-connection", Tags: [{ Key: "Name", Value: Name }] }],
          }),
        }),
      ),
    }));
    const id = asked.VpcPeeringConnection?.VpcPeeringConnectionId ?? "";
    keepId(id);
    await until(["pending-acceptance", "provisioning", "active"], { id, ec2, clock });
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients, clock }, id) {
    // A creation that failed before there was a connection.
    if (!id.startsWith("pcx-")) return;
    await ended(
      { id, ec2: clients.ec2(placeOf(properties)), clock },
      (each) => new DeleteVpcPeeringConnectionCommand(each),
    );
  },
};

/** Custom::VpcPeeringConnectionAcceptance. */
export const vpcPeeringConnectionAcceptance: Verb = {
  async put(properties, { clients, clock, keepId }) {
    const id = required(properties, "VpcPeeringConnectionId");
    keepId(id);
    const ec2 = clients.ec2(placeOf(properties));
    await until(["active"], { id, ec2, clock, vpc: required(properties, "VpcId") }, () =>
      ec2.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: id })),
    );
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients, clock }, id) {
    if (!endsWithResource(properties) || !id.startsWith("pcx-")) return;
    const ec2 = clients.ec2(placeOf(properties));
    const vpc = required(properties, "VpcId");
    await ended({ id, ec2, clock, vpc }, (each) => new RejectVpcPeeringConnectionCommand(each));
  },
};

interface Watched {
  readonly id: string;
  readonly ec2: EC2Client;
  readonly clock: WaitingClock;
  /** The accepter's, if we are the accepter: any other connection is none of our business. */
  readonly vpc?: string;
}

const over = ["failed", "expired", "rejected", "deleted"];

async function until(wanted: readonly string[], watched: Watched, accept?: () => Promise<unknown>): Promise<void> {
  const { id, clock } = watched;
  const start = clock.now();
  await waitFor(`VPC peering connection ${id}`, clock, async (): Promise<Look<true>> => {
    const found = await find(watched);
    // The accepter sees a request a moment later than who made it. [PX-3]
    if (found === undefined) {
      if (clock.now() - start > settlingMs) throw new Refusal(`VPC peering connection ${id} was not found.`);
      return { still: "not visible" };
    }
    const { Code = "unknown", Message } = found.Status ?? {};
    if (wanted.includes(Code)) return { done: true };
    if (over.includes(Code) || Code === "deleting") {
      throw new Refusal(`VPC peering connection ${id} is ${Code}${Message === undefined ? "" : `: ${Message}`}`);
    }
    if (Code === "pending-acceptance" && accept !== undefined) await unlessMoved(accept);
    return { still: Code };
  });
}

/** A request is rejected by its accepter and deleted by its requester; a connection is deleted by either. */
async function ended(
  watched: Watched,
  withdraw: (each: {
    VpcPeeringConnectionId: string;
  }) => RejectVpcPeeringConnectionCommand | DeleteVpcPeeringConnectionCommand,
): Promise<void> {
  const { id, ec2, clock } = watched;
  const named = { VpcPeeringConnectionId: id };
  await waitFor(`VPC peering connection ${id}`, clock, async (): Promise<Look<true>> => {
    const Code = (await unlessNotMeant(() => find(watched)))?.Status?.Code ?? "deleted";
    if (over.includes(Code)) return { done: true };
    if (Code === "pending-acceptance") {
      const command = withdraw(named);
      await unlessMoved(() =>
        command instanceof RejectVpcPeeringConnectionCommand ? ec2.send(command) : ec2.send(command),
      );
    }
    if (Code === "active") await unlessMoved(() => ec2.send(new DeleteVpcPeeringConnectionCommand(named)));
    return { still: Code };
  });
}

async function find({ id, ec2, vpc }: Watched): Promise<VpcPeeringConnection | undefined> {
  const found = await vpcPeeringConnectionNamed(id, ec2);
  if (found !== undefined && vpc !== undefined && found.AccepterVpcInfo?.VpcId !== vpc) {
    throw new NotMeant(`VPC peering connection ${id} does not ask ${vpc}, but ${found.AccepterVpcInfo?.VpcId}.`);
  }
  return found;
}

export async function vpcPeeringConnectionNamed(id: string, ec2: EC2Client): Promise<VpcPeeringConnection | undefined> {
  try {
    const command = new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] });
    return (await ec2.send(command)).VpcPeeringConnections?.[0];
  } catch (error) {
    if (isRefusedBy(error, "InvalidVpcPeeringConnectionID.NotFound")) return undefined;
    throw error;
  }
}

/** Its state may change between the look and the call; then the next look tells. */
async function unlessMoved(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!isRefusedBy(error, "InvalidStateTransition", "InvalidVpcPeeringConnectionID.NotFound")) throw error;
  }
}

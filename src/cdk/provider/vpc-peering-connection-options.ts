/** Custom::VpcPeeringConnectionOptions: whether the other VPC's hosts resolve this side's public names to private addresses. [PX-40] */
import { type EC2Client, ModifyVpcPeeringConnectionOptionsCommand } from "@aws-sdk/client-ec2";
import { type Properties, placeOf, Refusal, required, type Verb } from "./custom-resource.ts";
import { vpcPeeringConnectionNamed } from "./vpc-peering-connection.ts";
import { isRefusedBy, type Look, settlingMs, waitFor } from "./waiting.ts";

export const vpcPeeringConnectionOptions: Verb = {
  async put(properties, { clients, clock, keepId }) {
    const id = required(properties, "VpcPeeringConnectionId");
    const name = `VPC peering connection ${id}`;
    const allow = properties.AllowDnsResolutionFromRemoteVpc === "true";
    keepId(id);
    const ec2 = clients.ec2(placeOf(properties));
    const start = clock.now();
    await waitFor(name, clock, async (): Promise<Look<true>> => {
      const found = await vpcPeeringConnectionNamed(id, ec2);
      const Code = found?.Status?.Code;
      if (found === undefined && clock.now() - start > settlingMs) throw new Refusal(`${name} was not found.`);
      if (Code === undefined || Code === "initiating-request" || Code === "provisioning") {
        return { still: Code ?? "not visible" };
      }
      // AWS's own words say what is wrong with any other state. [PX-43]
      await setOption(properties, allow, ec2);
      return { done: true };
    });
    // What was set shows a moment later. [PX-44]
    await waitFor(`${name}, its options`, clock, async (): Promise<Look<true>> => {
      const found = await vpcPeeringConnectionNamed(id, ec2);
      const side = properties.Side === "accepter" ? found?.AccepterVpcInfo : found?.RequesterVpcInfo;
      const isSo = (side?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc ?? false) === allow;
      return isSo ? { done: true } : { still: "not shown" };
    });
    return { VpcPeeringConnectionId: id };
  },
  async remove(properties, { clients }) {
    try {
      await setOption(properties, false, clients.ec2(placeOf(properties)));
    } catch (error) {
      // A connection that has ended has no options.
      if (
        !isRefusedBy(error, "InvalidVpcPeeringConnectionID.NotFound", "OperationNotPermitted", "InvalidStateTransition")
      ) {
        throw error;
      }
    }
  },
};

/** Each side is set by its owner, in its Region. [PX-42] */
async function setOption(properties: Properties, AllowDnsResolutionFromRemoteVpc: boolean, ec2: EC2Client) {
  const options = { AllowDnsResolutionFromRemoteVpc };
  await ec2.send(
    new ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: required(properties, "VpcPeeringConnectionId"),
      ...(properties.Side === "accepter"
        ? { AccepterPeeringConnectionOptions: options }
        : { RequesterPeeringConnectionOptions: options }),
    }),
  );
}

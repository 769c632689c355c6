/** Private DNS: the service's own name, answered with the endpoint's addresses in one VPC. [PL-26] */
import { AwsError } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { VpcRecord } from "../vpc/record.ts";
import type { EndpointService } from "./aws-services.ts";

/** Refuses the name where the VPC answers none, or where another endpoint has it; one that is being deleted has it still. */
export function checkPrivateDns(
  vpc: VpcRecord,
  { serviceName, privateDnsName }: EndpointService,
  endpointId: string | undefined,
  view: Pick<StateView, "by">,
): void {
  if (!vpc.EnableDnsSupport || !vpc.EnableDnsHostnames) {
    throw new AwsError(
      "InvalidParameter",
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc.VpcId}`,
    );
  }
  const taken = view
    .by("vpcEndpoint", "vpc", vpc.VpcId)
    .some(
      (other) =>
        other.VpcEndpointId !== endpointId &&
        other.ServiceName === serviceName &&
        other.PrivateDnsEnabled &&
        other.State !== "deleted",
    );
  if (taken) {
    throw new AwsError(
      "InvalidParameter",
      `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${privateDnsName} in the VPC ${vpc.VpcId}`,
    );
  }
}

/** What an account has in a Region from the start: a default VPC with a subnet in every zone, DHCP options, AWS's prefix lists. (semantics 1.4) */
import type { CreateDefaultVpcCommandInput, CreateDefaultVpcCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError, authFailure } from "../../../../aws/index.ts";
import type { Scope } from "../../../state/record.ts";
import type { Transaction } from "../../../state/transaction.ts";
import type { Action, ActionContext } from "../../action.ts";
import { createDefaultDhcpOptions } from "../dhcp-options/default-dhcp-options.ts";
import type { InternetGatewayRecord } from "../internet-gateway/record.ts";
import { showAwsPrefixLists } from "../managed-prefix-list/aws-prefix-lists.ts";
import { availabilityZones } from "../region/availability-zones.ts";
import { mainRouteTable } from "../route-table/local-routes.ts";
import { createDefaultSubnetRecord } from "../subnet/default-subnet.ts";
import { createVpcRecords } from "./create-vpc.ts";
import { newVpcToApi } from "./describe.ts";
import type { VpcRecord } from "./record.ts";

const defaultBlock = "172.31.0.0/16";

/** Called before an account's first EC2 call in a Region. Throws `AuthFailure` for a Region that AWS does not have. */
export function openScope(context: ActionContext): void {
  const { accountId, region } = context.caller;
  if (availabilityZones({ accountId, region }).length === 0) {
    throw authFailure(`Credential should be scoped to a valid region, not '${region}'.`);
  }
  context.put("openedScope", { OwnerId: accountId, Region: region, CreatedAt: context.now });
  showAwsPrefixLists(context, { accountId, region });
  createDefaultDhcpOptions(context, { accountId, region });
  createDefaultVpcRecords(context, { accountId, region });
}

export const createDefaultVpc: Action<CreateDefaultVpcCommandInput, CreateDefaultVpcCommandOutput> = (
  _input,
  context,
) => {
  if (defaultVpc(context, context.caller) !== undefined) {
    throw new AwsError("DefaultVpcAlreadyExists", "A Default VPC already exists for this account in this region.");
  }
  return { Vpc: newVpcToApi(createDefaultVpcRecords(context, context.caller), context) };
};

export function defaultVpc(
  transaction: Pick<Transaction, "inScope">,
  { accountId, region }: Scope,
): VpcRecord | undefined {
  return transaction.inScope("vpc", accountId, region).find(({ IsDefault }) => IsDefault);
}

function createDefaultVpcRecords(transaction: Transaction, { accountId, region }: Scope): VpcRecord {
  const vpc = createVpcRecords(transaction, {
    accountId,
    region,
    cidrBlock: defaultBlock,
    ipv6: false,
    instanceTenancy: "default",
    isDefault: true,
  });
  const gateway: InternetGatewayRecord = {
    OwnerId: accountId,
    Region: region,
    CreatedAt: transaction.now,
    InternetGatewayId: transaction.newId("igw"),
    VpcId: vpc.VpcId,
  };
  transaction.put("internetGateway", gateway);
  const table = mainRouteTable(transaction, vpc.VpcId);
  transaction.put("routeTable", {
    ...table,
    Routes: [
      ...table.Routes,
      { DestinationCidrBlock: "0.0.0.0/0", GatewayId: gateway.InternetGatewayId, Origin: "CreateRoute" },
    ],
  });
  for (const zone of availabilityZones({ accountId, region })) createDefaultSubnetRecord(transaction, vpc, zone);
  return vpc;
}

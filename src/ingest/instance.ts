/** Instances, out of the reservations that DescribeInstances tells them in. Terminated ones are only shown for a while. */
import type { Instance } from "../model/index.ts";
import { type Item, required } from "./item.ts";
import { mergeResources, nameTag } from "./merge.ts";
import { type Part, readNested, type Seen } from "./part.ts";
import type { Report } from "./report.ts";

export function readInstances(parts: readonly Part[], report: Report): readonly Instance[] {
  return mergeResources(parts.flatMap(instancesOf), report);
}

function instancesOf(part: Part): readonly Seen<Instance>[] {
  return part.items("Reservations").flatMap((reservation) => {
    const ownerId = reservation.text("OwnerId") ?? part.account;
    return readNested(part, reservation.items("Instances"), { field: "InstanceId", prefix: "i" }, (item, instanceId) =>
      readInstance(item, instanceId, ownerId, part),
    );
  });
}

const states = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"] as const;

function readInstance(
  item: Item,
  instanceId: Instance["instanceId"],
  ownerId: string,
  part: Part,
): Instance | undefined {
  const state = required(item, "State", item.item("State")?.choice("Name", states));
  if (state === "terminated") return undefined;
  const name = ownerId === part.account ? nameTag(item) : undefined;
  return {
    ownerId,
    region: part.region,
    ...(name !== undefined && { name }),
    instanceId,
    vpcId: required(item, "VpcId", item.id("VpcId", "vpc")),
    subnetId: required(item, "SubnetId", item.id("SubnetId", "subnet")),
    state,
    imageId: item.text("ImageId") ?? "",
    instanceType: item.text("InstanceType") ?? "",
    availabilityZone: item.item("Placement")?.text("AvailabilityZone") ?? "",
    privateDnsName: item.text("PrivateDnsName") ?? "",
    launchTime: instant(item.text("LaunchTime")),
    ...optionalTexts(item),
  };
}

/** AWS writes an absent name as empty text. */
function optionalTexts(item: Item): Pick<Instance, "publicDnsName" | "keyName" | "iamInstanceProfileArn"> {
  const publicDnsName = item.text("PublicDnsName");
  const keyName = item.text("KeyName");
  const iamInstanceProfileArn = item.item("IamInstanceProfile")?.text("Arn");
  return {
    ...(publicDnsName && { publicDnsName }),
    ...(keyName && { keyName }),
    ...(iamInstanceProfileArn && { iamInstanceProfileArn }),
  };
}

/** Clients print times in several ways; the model has one. */
function instant(text: string | undefined): string {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? (text ?? "") : new Date(time).toISOString();
}

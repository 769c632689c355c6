/** Attaching interfaces to instances and detaching them. [AD-55] [AD-58] [IN-2] */
import type {
  AttachNetworkInterfaceCommandInput,
  AttachNetworkInterfaceCommandOutput,
  DetachNetworkInterfaceCommandInput,
  DetachNetworkInterfaceCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, ec2Errors, invalidParameterValue, isWellFormedId } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { instanceTypeOf } from "../instance/instance-types.ts";
import type { InstanceRecord } from "../instance/record.ts";
import { refuseUnmodelled } from "../unmodelled.ts";
import { networkInterfaceById } from "./describe-network-interfaces.ts";
import type { NetworkInterfaceRecord } from "./record.ts";

export const attachNetworkInterface: Action<AttachNetworkInterfaceCommandInput, AttachNetworkInterfaceCommandOutput> = (
  { NetworkInterfaceId, InstanceId = "", DeviceIndex = 0, NetworkCardIndex, EnaSrdSpecification, EnaQueueCount },
  context,
) => {
  refuseUnmodelled("AttachNetworkInterface", { EnaSrdSpecification, EnaQueueCount });
  const record = networkInterfaceById(NetworkInterfaceId, context);
  if (!isWellFormedId("i", InstanceId)) throw ec2Errors.malformed("instance", InstanceId);
  const instance = context.visible("instance", InstanceId, context.caller.accountId, context.caller.region);
  if (instance === undefined) throw ec2Errors.notFound("instance", InstanceId);
  if (instance.State !== "running" && instance.State !== "stopped") {
    throw new AwsError(
      "IncorrectState",
      `Instance '${InstanceId}' is in state '${instance.State}'; it must be 'running' or 'stopped' to attach an interface.`,
    );
  }
  if (record.AvailabilityZone !== instance.AvailabilityZone) {
    throw invalidParameterValue(
      "You may not attach a network interface to an instance if they are not in the same availability zone",
    );
  }
  if (NetworkCardIndex !== undefined && NetworkCardIndex !== 0) {
    throw invalidParameterValue(
      `Network card index ${NetworkCardIndex} exceeds the limit for ${instance.InstanceType}.`,
    );
  }
  const AttachmentId = attach(context, record, instance, DeviceIndex, false).Attachment?.AttachmentId;
  return { AttachmentId, NetworkCardIndex: 0 };
};

/** Attaches a free interface to an instance, at launch or later, and stores it. */
export function attach(
  context: ActionContext,
  record: NetworkInterfaceRecord,
  instance: Pick<InstanceRecord, "InstanceId" | "InstanceType" | "OwnerId">,
  DeviceIndex: number,
  DeleteOnTermination: boolean,
): NetworkInterfaceRecord {
  if (record.Attachment !== undefined) throw inUse(record.NetworkInterfaceId);
  const attached = context.by("networkInterface", "instance", instance.InstanceId);
  if (attached.some((other) => other.Attachment?.DeviceIndex === DeviceIndex)) {
    throw invalidParameterValue(
      `Instance '${instance.InstanceId}' already has an interface attached at device index '${DeviceIndex}'.`,
    );
  }
  const max = instanceTypeOf(instance.InstanceType)?.maximumNetworkInterfaces;
  if (max !== undefined && attached.length >= max) {
    throw new AwsError(
      "AttachmentLimitExceeded",
      `Interface count ${attached.length + 1} exceeds the limit for ${instance.InstanceType}`,
    );
  }
  const moved = context.fire("networkInterface", record, "AttachNetworkInterface");
  if (moved === undefined) throw inUse(record.NetworkInterfaceId);
  const Attachment = {
    AttachmentId: context.newId("eni-attach"),
    InstanceId: instance.InstanceId,
    InstanceOwnerId: instance.OwnerId,
    DeviceIndex,
    DeleteOnTermination,
    AttachTime: context.now,
  };
  context.put("networkInterface", { ...moved, Attachment });
  return context.must("networkInterface", record.NetworkInterfaceId);
}

export const detachNetworkInterface: Action<DetachNetworkInterfaceCommandInput, DetachNetworkInterfaceCommandOutput> = (
  { AttachmentId = "" },
  context,
) => {
  const { accountId, region } = context.caller;
  const [record] = context
    .by("networkInterface", "attachment", AttachmentId)
    .filter((candidate) => context.visible("networkInterface", candidate.NetworkInterfaceId, accountId, region));
  if (record?.Attachment === undefined) throw ec2Errors.notFound("network-interface-attachment", AttachmentId);
  if (record.RequesterManaged)
    throw new AwsError("OperationNotPermitted", `You are not allowed to manage '${AttachmentId}' attachments.`);
  if (record.Attachment.DeviceIndex === 0) {
    throw new AwsError("OperationNotPermitted", "The network interface at device index 0 cannot be detached.");
  }
  if (context.fire("networkInterface", record, "DetachNetworkInterface") === undefined) {
    throw new AwsError(
      "IncorrectState",
      `The attachment '${AttachmentId}' is '${record.Status}' and cannot be detached now.`,
    );
  }
  return {};
};

/** The interface is held by something. [AD-58] */
export function inUse(networkInterfaceId: string): AwsError {
  return new AwsError(
    "InvalidNetworkInterface.InUse",
    `Network interface '${networkInterfaceId}' is currently in use.`,
  );
}

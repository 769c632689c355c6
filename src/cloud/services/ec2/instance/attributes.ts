/** One attribute of an instance at a time. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html */
import type {
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceAttributeCommandOutput,
  ModifyInstanceAttributeCommandInput,
  ModifyInstanceAttributeCommandOutput,
  ResetInstanceAttributeCommandInput,
  ResetInstanceAttributeCommandOutput,
} from "@aws-sdk/client-ec2";
import {
  AwsError,
  invalidParameterCombination,
  invalidParameterValue,
  missingParameter,
  unsupportedOperation,
} from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { groupsFor } from "../network-interface/limits.ts";
import type { NetworkInterfaceRecord } from "../network-interface/record.ts";
import { groupIdentifiers } from "../network-interface/to-api.ts";
import { instanceById } from "./describe-instances.ts";
import type { InstanceRecord } from "./record.ts";
import { typeFor } from "./run-instances.ts";
import { interfacesOf, toInstance } from "./to-api.ts";
import { checkedUserData } from "./user-data.ts";

const attributes = [
  "SourceDestCheck",
  "DisableApiTermination",
  "DisableApiStop",
  "InstanceType",
  "UserData",
  "InstanceInitiatedShutdownBehavior",
  "EbsOptimized",
  "EnaSupport",
  "SriovNetSupport",
  "Kernel",
  "Ramdisk",
  "Groups",
  "BlockDeviceMappings",
] as const;

export const modifyInstanceAttribute: Action<
  ModifyInstanceAttributeCommandInput,
  ModifyInstanceAttributeCommandOutput
> = (given, context) => {
  const record = instanceById(given.InstanceId, context);
  const input = { ...given, ...namedAttribute(given) };
  const named = attributes.filter((attribute) => input[attribute] !== undefined);
  if (named.length === 0) throw missingParameter("an attribute to modify");
  if (named.length > 1)
    throw invalidParameterCombination(`Fields for multiple attribute types specified: ${named.join(", ")}`);
  const set = (changes: Partial<InstanceRecord>): void => context.put("instance", { ...record, ...changes });
  switch (named[0]) {
    case "SourceDestCheck":
      setOnOnlyInterface(record, { SourceDestCheck: required(input.SourceDestCheck?.Value) }, context);
      break;
    case "Groups":
      setOnOnlyInterface(record, { Groups: groupsFor(context, record.VpcId, record.SubnetId, input.Groups) }, context);
      break;
    case "DisableApiTermination":
      set({ DisableApiTermination: required(input.DisableApiTermination?.Value) });
      break;
    case "DisableApiStop":
      set({ DisableApiStop: required(input.DisableApiStop?.Value) });
      break;
    case "EbsOptimized":
      mustBeStopped(record);
      set({ EbsOptimized: required(input.EbsOptimized?.Value) });
      break;
    case "InstanceType": {
      mustBeStopped(record);
      const type = typeFor(required(input.InstanceType?.Value));
      set({ InstanceType: type.instanceType, CpuCredits: type.burstable ? record.CpuCredits : type.defaultCpuCredits });
      break;
    }
    case "UserData": {
      mustBeStopped(record);
      // The codec has decoded the blob's base64; what is kept is the text that was sent.
      const UserData = checkedUserData(Buffer.from(required(input.UserData?.Value)).toString("base64"));
      const { UserData: _, ...rest } = record;
      context.put("instance", { ...rest, ...(UserData === undefined ? {} : { UserData }) });
      break;
    }
    case "InstanceInitiatedShutdownBehavior":
      set({
        InstanceInitiatedShutdownBehavior: shutdownBehavior(required(input.InstanceInitiatedShutdownBehavior?.Value)),
      });
      break;
    case "BlockDeviceMappings":
      for (const mapping of input.BlockDeviceMappings ?? []) {
        const volume = context
          .by("volume", "instance", record.InstanceId)
          .find((each) => each.DeviceName === mapping.DeviceName);
        if (volume === undefined)
          throw invalidParameterValue(
            `No device is currently mapped at ${mapping.DeviceName}`,
            "InvalidInstanceAttributeValue",
          );
        context.put("volume", {
          ...volume,
          DeleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? volume.DeleteOnTermination,
        });
      }
      break;
    default:
      throw unsupportedOperation(`ModifyInstanceAttribute with ${named[0]}`);
  }
  return {};
};

export const resetInstanceAttribute: Action<ResetInstanceAttributeCommandInput, ResetInstanceAttributeCommandOutput> = (
  { InstanceId, Attribute },
  context,
) => {
  const record = instanceById(InstanceId, context);
  if (Attribute !== "sourceDestCheck") throw unsupportedOperation(`ResetInstanceAttribute of ${Attribute}`);
  setOnOnlyInterface(record, { SourceDestCheck: true }, context);
  return {};
};

export const describeInstanceAttribute: Action<
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceAttributeCommandOutput
> = ({ InstanceId, Attribute }, context) => {
  const record = instanceById(InstanceId, context);
  const base = { InstanceId: record.InstanceId };
  const [primary] = interfacesOf(context, record.InstanceId);
  switch (Attribute) {
    case undefined:
      throw missingParameter("Attribute");
    case "instanceType":
      return { ...base, InstanceType: { Value: record.InstanceType } };
    case "kernel":
      return { ...base, KernelId: {} };
    case "ramdisk":
      return { ...base, RamdiskId: {} };
    case "userData":
      return { ...base, UserData: record.UserData === undefined ? {} : { Value: record.UserData } };
    case "disableApiTermination":
      return { ...base, DisableApiTermination: { Value: record.DisableApiTermination } };
    case "disableApiStop":
      return { ...base, DisableApiStop: { Value: record.DisableApiStop } };
    case "instanceInitiatedShutdownBehavior":
      return { ...base, InstanceInitiatedShutdownBehavior: { Value: record.InstanceInitiatedShutdownBehavior } };
    case "rootDeviceName":
      return { ...base, RootDeviceName: { Value: record.RootDeviceName } };
    case "blockDeviceMapping":
      return { ...base, BlockDeviceMappings: toInstance(record, context).BlockDeviceMappings };
    case "productCodes":
      return { ...base, ProductCodes: [] };
    case "sourceDestCheck":
      return { ...base, SourceDestCheck: { Value: primary?.SourceDestCheck ?? true } };
    case "groupSet":
      return { ...base, Groups: groupIdentifiers(context, primary?.Groups ?? []) };
    case "ebsOptimized":
      return { ...base, EbsOptimized: { Value: record.EbsOptimized } };
    case "sriovNetSupport":
      return { ...base, SriovNetSupport: { Value: "simple" } };
    case "enaSupport":
      return { ...base, EnaSupport: { Value: true } };
    case "enclaveOptions":
      return { ...base, EnclaveOptions: { Enabled: false } };
    default:
      throw invalidParameterValue(
        `Value (${Attribute}) for parameter attribute is invalid. Unknown instance attribute`,
      );
  }
};

/** The older form: `Attribute` names what `Value` is for. */
function namedAttribute({
  Attribute,
  Value,
}: ModifyInstanceAttributeCommandInput): Partial<ModifyInstanceAttributeCommandInput> {
  if (Attribute === undefined) return {};
  if (Value === undefined) throw missingParameter("Value");
  switch (Attribute) {
    case "instanceType":
      return { InstanceType: { Value } };
    case "instanceInitiatedShutdownBehavior":
      return { InstanceInitiatedShutdownBehavior: { Value } };
    case "userData":
      return { UserData: { Value: Buffer.from(Value, "base64") } };
    case "disableApiTermination":
      return { DisableApiTermination: { Value: truth(Value) } };
    case "disableApiStop":
      return { DisableApiStop: { Value: truth(Value) } };
    case "sourceDestCheck":
      return { SourceDestCheck: { Value: truth(Value) } };
    case "ebsOptimized":
      return { EbsOptimized: { Value: truth(Value) } };
    default:
      throw invalidParameterValue(
        `Value (${Attribute}) for parameter attribute is invalid. Unknown instance attribute`,
      );
  }
}

function truth(text: string): boolean {
  if (text !== "true" && text !== "false")
    throw invalidParameterValue(`Value (${text}) for parameter value is invalid. Expected true or false.`);
  return text === "true";
}

/** Instance-level changes of the network work for single-interface instances only. [AD-53] */
function setOnOnlyInterface(
  record: InstanceRecord,
  changes: Partial<NetworkInterfaceRecord>,
  context: ActionContext,
): void {
  const [only, ...others] = interfacesOf(context, record.InstanceId);
  if (only === undefined || others.length > 0) {
    throw new AwsError(
      "InvalidInstanceID",
      `There are multiple interfaces attached to instance '${record.InstanceId}'. Please specify an interface ID for the operation instead.`,
    );
  }
  context.put("networkInterface", { ...only, ...changes });
}

function mustBeStopped({ InstanceId, State }: InstanceRecord): void {
  if (State !== "stopped")
    throw new AwsError("IncorrectInstanceState", `The instance '${InstanceId}' is not in the 'stopped' state.`);
}

function shutdownBehavior(value: string): InstanceRecord["InstanceInitiatedShutdownBehavior"] {
  if (value === "stop" || value === "terminate") return value;
  throw invalidParameterValue(
    `Value (${value}) for parameter instanceInitiatedShutdownBehavior is invalid. Expected stop or terminate.`,
  );
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw missingParameter("Value");
  return value;
}

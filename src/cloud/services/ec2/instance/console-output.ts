/** GetConsoleOutput: what the user data wrote; and GetInstanceUefiData, which instances without UEFI variables refuse. */
import type {
  GetConsoleOutputCommandInput,
  GetConsoleOutputCommandOutput,
  GetInstanceUefiDataCommandInput,
  GetInstanceUefiDataCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { instanceById } from "./describe-instances.ts";

export const getConsoleOutput: Action<GetConsoleOutputCommandInput, GetConsoleOutputCommandOutput> = (
  { InstanceId },
  context,
) => {
  const { ConsoleOutput, LaunchTime } = instanceById(InstanceId, context);
  return {
    InstanceId,
    Timestamp: new Date(ConsoleOutput?.at ?? LaunchTime),
    ...(ConsoleOutput === undefined ? {} : { Output: Buffer.from(ConsoleOutput.text).toString("base64") }),
  };
};

export const getInstanceUefiData: Action<GetInstanceUefiDataCommandInput, GetInstanceUefiDataCommandOutput> = (
  { InstanceId },
  context,
) => {
  const record = instanceById(InstanceId, context);
  throw new AwsError("UnsupportedOperation", `The instance '${record.InstanceId}' has no UEFI variable store.`);
};

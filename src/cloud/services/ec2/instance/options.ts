/** Metadata options, credit options, maintenance options and hostname options of running instances. */
import type {
  DescribeInstanceCreditSpecificationsCommandInput,
  DescribeInstanceCreditSpecificationsCommandOutput,
  ModifyInstanceCreditSpecificationCommandInput,
  ModifyInstanceCreditSpecificationCommandOutput,
  ModifyInstanceMaintenanceOptionsCommandInput,
  ModifyInstanceMaintenanceOptionsCommandOutput,
  ModifyInstanceMetadataOptionsCommandInput,
  ModifyInstanceMetadataOptionsCommandOutput,
} from "@aws-sdk/client-ec2";
import { isAwsError } from "../../../../aws/index.ts";
import type { Action } from "../../action.ts";
import { type DescribeDefinition, describe } from "../describe.ts";
import { instanceById } from "./describe-instances.ts";
import { instanceTypeOf } from "./instance-types.ts";
import { cpuCredits, metadataOptions, typeFor } from "./run-instances.ts";

export const modifyInstanceMetadataOptions: Action<
  ModifyInstanceMetadataOptionsCommandInput,
  ModifyInstanceMetadataOptionsCommandOutput
> = (input, context) => {
  const record = instanceById(input.InstanceId, context);
  const MetadataOptions = metadataOptions(
    { ...input, HttpTokens: input.HttpTokens, InstanceMetadataTags: input.InstanceMetadataTags },
    record.MetadataOptions,
  );
  context.put("instance", { ...record, MetadataOptions });
  return { InstanceId: record.InstanceId, InstanceMetadataOptions: { State: "pending", ...MetadataOptions } };
};

const burstable: DescribeDefinition<"instance"> = {
  table: "instance",
  kind: "instance",
  idPrefix: "i",
  filters: { "instance-id": (r) => r.InstanceId },
};

/** Only burstable instances have credits; others are left out. */
export const describeInstanceCreditSpecifications: Action<
  DescribeInstanceCreditSpecificationsCommandInput,
  DescribeInstanceCreditSpecificationsCommandOutput
> = (input, context) => {
  const { records, NextToken } = describe(burstable, input.InstanceIds, input, context);
  return {
    InstanceCreditSpecifications: records
      .filter((record) => instanceTypeOf(record.InstanceType)?.burstable && record.State !== "terminated")
      .map(({ InstanceId, CpuCredits }) => ({ InstanceId, CpuCredits })),
    NextToken,
  };
};

/** Each instance succeeds or fails for itself. */
export const modifyInstanceCreditSpecification: Action<
  ModifyInstanceCreditSpecificationCommandInput,
  ModifyInstanceCreditSpecificationCommandOutput
> = ({ InstanceCreditSpecifications = [] }, context) => {
  const succeeded: string[] = [];
  const failed: { InstanceId: string; Error: { Code: "InvalidInstanceID.NotFound"; Message: string } }[] = [];
  for (const { InstanceId = "", CpuCredits } of InstanceCreditSpecifications) {
    try {
      const record = instanceById(InstanceId, context);
      context.put("instance", { ...record, CpuCredits: cpuCredits(CpuCredits, typeFor(record.InstanceType)) });
      succeeded.push(InstanceId);
    } catch (error) {
      // An unknown instance is told of in its own row; anything else refuses the call.
      if (!isAwsError(error) || error.code !== "InvalidInstanceID.NotFound") throw error;
      failed.push({ InstanceId, Error: { Code: error.code, Message: error.message } });
    }
  }
  return {
    SuccessfulInstanceCreditSpecifications: succeeded.map((InstanceId) => ({ InstanceId })),
    UnsuccessfulInstanceCreditSpecifications: failed,
  };
};

export const modifyInstanceMaintenanceOptions: Action<
  ModifyInstanceMaintenanceOptionsCommandInput,
  ModifyInstanceMaintenanceOptionsCommandOutput
> = ({ InstanceId, AutoRecovery }, context) => {
  const record = instanceById(InstanceId, context);
  context.put("instance", { ...record, AutoRecovery: AutoRecovery ?? record.AutoRecovery });
  return { InstanceId: record.InstanceId, AutoRecovery: AutoRecovery ?? record.AutoRecovery };
};

/** Starting, stopping, rebooting and terminating instances. [IN-1] */
import type {
  InstanceStateChange,
  MonitorInstancesCommandInput,
  MonitorInstancesCommandOutput,
  RebootInstancesCommandInput,
  RebootInstancesCommandOutput,
  StartInstancesCommandInput,
  StartInstancesCommandOutput,
  StopInstancesCommandInput,
  StopInstancesCommandOutput,
  TerminateInstancesCommandInput,
  TerminateInstancesCommandOutput,
  UnmonitorInstancesCommandInput,
  UnmonitorInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError, missingParameter } from "../../../../aws/index.ts";
import type { Action, ActionContext } from "../../action.ts";
import { instancesById } from "./describe-instances.ts";
import { instanceState } from "./instance-states.ts";
import type { InstanceRecord } from "./record.ts";

type State = InstanceRecord["State"];

export const startInstances: Action<StartInstancesCommandInput, StartInstancesCommandOutput> = (
  { InstanceIds },
  context,
) => ({
  StartingInstances: named(InstanceIds, context).map((record) =>
    change(record, "StartInstances", ["pending", "running"], "is not in a state from which it can be started", context),
  ),
});

export const stopInstances: Action<StopInstancesCommandInput, StopInstancesCommandOutput> = (
  { InstanceIds, Hibernate },
  context,
) => {
  const records = named(InstanceIds, context);
  for (const { InstanceId, DisableApiStop } of records) {
    if (Hibernate)
      throw new AwsError(
        "UnsupportedHibernationConfiguration",
        `The instance '${InstanceId}' is not enabled for hibernation.`,
      );
    if (DisableApiStop) throw notPermitted(InstanceId, "stopped", "disableApiStop");
  }
  return {
    StoppingInstances: records.map((record) =>
      change(
        record,
        "StopInstances",
        ["stopping", "stopped"],
        "is not in a state from which it can be stopped",
        context,
      ),
    ),
  };
};

export const terminateInstances: Action<TerminateInstancesCommandInput, TerminateInstancesCommandOutput> = (
  { InstanceIds },
  context,
) => {
  const records = named(InstanceIds, context);
  for (const { InstanceId, DisableApiTermination, State } of records) {
    if (DisableApiTermination && State !== "terminated")
      throw notPermitted(InstanceId, "terminated", "disableApiTermination");
  }
  return {
    TerminatingInstances: records.map((record) =>
      change(record, "TerminateInstances", ["shutting-down", "terminated"], "cannot be terminated now", context),
    ),
  };
};

/** A reboot keeps everything that the network sees; a stopped instance has nothing to reboot. */
export const rebootInstances: Action<RebootInstancesCommandInput, RebootInstancesCommandOutput> = (
  { InstanceIds },
  context,
) => {
  for (const { InstanceId, State } of named(InstanceIds, context)) {
    if (State !== "running" && State !== "pending")
      throw incorrectState(InstanceId, "is not in a state from which it can be rebooted");
  }
  return {};
};

export const monitorInstances: Action<MonitorInstancesCommandInput, MonitorInstancesCommandOutput> = (
  { InstanceIds },
  context,
) => setMonitoring(InstanceIds, "enabled", context);

export const unmonitorInstances: Action<UnmonitorInstancesCommandInput, UnmonitorInstancesCommandOutput> = (
  { InstanceIds },
  context,
) => setMonitoring(InstanceIds, "disabled", context);

function setMonitoring(
  ids: readonly string[] | undefined,
  Monitoring: InstanceRecord["Monitoring"],
  context: ActionContext,
) {
  const InstanceMonitorings = named(ids, context).map((record) => {
    context.put("instance", { ...record, Monitoring });
    const changing =
      record.Monitoring === Monitoring
        ? Monitoring
        : Monitoring === "enabled"
          ? ("pending" as const)
          : ("disabling" as const);
    return { InstanceId: record.InstanceId, Monitoring: { State: changing } };
  });
  return { InstanceMonitorings };
}

function named(ids: readonly string[] | undefined, context: ActionContext): InstanceRecord[] {
  if (!ids?.length) throw missingParameter("InstanceId");
  return instancesById(ids, context);
}

/** Fires the event; an instance that is already on its way, or there, stays as it is and is told so. */
function change(
  record: InstanceRecord,
  event: "StartInstances" | "StopInstances" | "TerminateInstances",
  already: readonly State[],
  refusal: string,
  context: ActionContext,
): InstanceStateChange {
  const { InstanceId, State } = record;
  const moved = already.includes(State) ? record : context.fire("instance", record, event);
  if (moved === undefined) throw incorrectState(InstanceId, refusal);
  return { InstanceId, PreviousState: instanceState(State), CurrentState: instanceState(moved.State) };
}

function incorrectState(instanceId: string, refusal: string): AwsError {
  return new AwsError("IncorrectInstanceState", `The instance '${instanceId}' ${refusal}.`);
}

function notPermitted(instanceId: string, verb: string, attribute: string): AwsError {
  return new AwsError(
    "OperationNotPermitted",
    `The instance '${instanceId}' may not be ${verb}. Modify its '${attribute}' instance attribute and try again.`,
  );
}

/** AWS::CloudFormation::CustomResource and Custom::…: whatever the function behind it makes of it. */
import { timeoutMsOf } from "../custom-resource/requests.ts";
import { ResourceFailure, type ResourceWork, resourceType } from "./resource-type.ts";

interface Properties {
  readonly ServiceToken: string;
  /** Seconds. */
  readonly ServiceTimeout?: number | string;
}

export const customResourceType = resourceType<Properties>({
  name: "AWS::CloudFormation::CustomResource",
  properties: ["ServiceToken", "ServiceTimeout"],
  create(work) {
    work.custom.request("Create");
    return "";
  },
  created: (work) => answered(work),
  update: (work, before) => work.custom.request("Update", { ...before }),
  updated: (work) => answered(work),
  replaces: (properties, before) => properties.ServiceToken !== before.ServiceToken,
  delete: (work) => work.custom.request("Delete"),
  deleted: (work) => answered(work) !== false,
  attributes: (work) => work.custom.answer()?.Data ?? {},
});

/** The physical id that the function gave, once it has answered. */
function answered(work: ResourceWork<Properties>): false | string {
  const answer = work.custom.answer();
  if (answer === undefined) {
    if (work.now - work.since < timeoutMsOf({ ...work.properties })) return false;
    throw new ResourceFailure(
      "CloudFormation did not receive a response from your Custom Resource. Please check your logs.",
    );
  }
  if (answer.Refused !== undefined) throw new ResourceFailure(answer.Refused);
  if (answer.Status === "FAILED")
    throw new ResourceFailure(
      `Received response status [FAILED] from custom resource. Message returned: ${answer.Reason ?? "See the details in CloudWatch Log Stream"}`,
    );
  if (answer.PhysicalResourceId === undefined && work.physicalId === "")
    throw new ResourceFailure("Invalid response object: it has no PhysicalResourceId");
  return answer.PhysicalResourceId ?? work.physicalId;
}

/** Every action of CloudFormation that this cloud implements. What is not listed (drift, stack sets, stack policies, …) is refused by name. */
import type { Actions } from "../action.ts";
import { changeSetActions } from "./change-set/actions.ts";
import { exportActions } from "./export/actions.ts";
import { stackActions } from "./stack/actions.ts";
import { describeStacks, listStacks } from "./stack/describe.ts";
import { describeStackEvents } from "./stack-event/describe.ts";
import { describeStackResource, describeStackResources, listStackResources } from "./stack-resource/describe.ts";
import { templateActions } from "./template/actions.ts";

export const cloudFormationActions = {
  ...stackActions,
  DescribeStacks: describeStacks,
  ListStacks: listStacks,
  ...changeSetActions,
  DescribeStackEvents: describeStackEvents,
  DescribeStackResource: describeStackResource,
  DescribeStackResources: describeStackResources,
  ListStackResources: listStackResources,
  ...templateActions,
  ...exportActions,
} satisfies Actions;

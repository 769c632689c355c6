/** CloudFormation in few words for tests: stacks by name, their events as lines. */
import type {
  CreateStackCommandInput,
  DescribeStackEventsCommandOutput,
  DescribeStackResourcesCommandOutput,
  DescribeStacksCommandOutput,
  Stack,
  StackEvent,
} from "@aws-sdk/client-cloudformation";
import { isAwsError } from "../../../aws/index.ts";
import type { TestCaller, TestCloud } from "../../test-cloud.ts";

export interface TestStacks {
  call<Output = Record<string, unknown>>(operation: string, input?: object): Output;
  create(name: string, template: string | object, more?: Partial<CreateStackCommandInput>): Stack;
  update(name: string, template: string | object, more?: object): Stack;
  delete(name: string): Stack;
  describe(name: string): Stack;
  /** `Vpc CREATE_COMPLETE`, with the reason behind it where there is one; the oldest first. */
  events(name: string): readonly string[];
  /** Physical ids by logical ids. */
  resources(name: string): Readonly<Record<string, string>>;
  /** Statuses by logical ids. */
  statuses(name: string): Readonly<Record<string, string>>;
  outputs(name: string): Readonly<Record<string, string>>;
  /** Code and text of what is refused. */
  refusal(operation: string, input?: object): readonly [string, string];
}

export function testStacks(cloud: TestCloud, caller: TestCaller = {}): TestStacks {
  const ids = new Map<string, string>();
  const call = <Output = Record<string, unknown>>(operation: string, input: object = {}): Output =>
    cloud.call<Output>(operation, input, { ...caller, service: "cloudformation" });
  const text = (template: string | object): string =>
    typeof template === "string" ? template : JSON.stringify(template);
  const describe = (name: string): Stack => {
    const [stack] =
      call<DescribeStacksCommandOutput>("DescribeStacks", { StackName: ids.get(name) ?? name }).Stacks ?? [];
    if (stack === undefined) throw new Error(`bug: no stack ${name}`);
    return stack;
  };
  const resourcesOf = (name: string) =>
    call<DescribeStackResourcesCommandOutput>("DescribeStackResources", { StackName: ids.get(name) ?? name })
      .StackResources ?? [];
  const entries = <T>(rows: readonly T[], key: (row: T) => string | undefined, value: (row: T) => string | undefined) =>
    Object.fromEntries(rows.map((row) => [key(row) ?? "", value(row) ?? ""]));

  return {
    call,
    describe,
    create(name, template, more = {}) {
      const { StackId } = call<{ StackId: string }>("CreateStack", {
        StackName: name,
        TemplateBody: text(template),
        ...more,
      });
      ids.set(name, StackId);
      return describe(name);
    },
    update(name, template, more = {}) {
      call("UpdateStack", { StackName: name, TemplateBody: text(template), ...more });
      return describe(name);
    },
    delete(name) {
      ids.set(name, describe(name).StackId ?? name);
      call("DeleteStack", { StackName: name });
      return describe(name);
    },
    events(name) {
      const events: StackEvent[] = [];
      for (let NextToken: string | undefined = "offset-0"; NextToken !== undefined; ) {
        const input = { StackName: ids.get(name) ?? name, NextToken };
        const page: DescribeStackEventsCommandOutput = call("DescribeStackEvents", input);
        events.push(...(page.StackEvents ?? []));
        NextToken = page.NextToken;
      }
      return events
        .reverse()
        .map(({ LogicalResourceId, ResourceStatus, ResourceStatusReason: reason }) =>
          [LogicalResourceId, ResourceStatus, ...(reason ? [`(${withoutIds(reason)})`] : [])].join(" "),
        );
    },
    resources: (name) =>
      entries(
        resourcesOf(name),
        (row) => row.LogicalResourceId,
        (row) => row.PhysicalResourceId,
      ),
    statuses: (name) =>
      entries(
        resourcesOf(name),
        (row) => row.LogicalResourceId,
        (row) => row.ResourceStatus,
      ),
    outputs: (name) =>
      entries(
        describe(name).Outputs ?? [],
        (row) => row.OutputKey,
        (row) => row.OutputValue,
      ),
    refusal(operation, input = {}) {
      try {
        call(operation, input);
      } catch (error) {
        if (isAwsError(error)) return [error.code, error.message];
        throw error;
      }
      return ["allowed", ""];
    },
  };
}

/** Ids that are new in every run. */
function withoutIds(text: string): string {
  return text.replaceAll(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g, "UUID");
}

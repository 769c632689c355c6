/** CDK's toolkit as it speaks: its messages become events, its questions are answered by what was agreed before. */
import type { OnEvent, ResourceEvent } from "./events.ts";
import type { AppStack, StackKey } from "./stacks.ts";
import type { ToolkitLibrary } from "./tools.ts";

type ToolkitOptions = NonNullable<ConstructorParameters<ToolkitLibrary["Toolkit"]>[0]>;
type IoHost = NonNullable<ToolkitOptions["ioHost"]>;
type Message = Parameters<IoHost["notify"]>[0];

/** A question of the toolkit's; `data` is as its message registry says for the code. */
export interface Question {
  readonly code: string;
  readonly data: unknown;
}

export interface Voice extends IoHost {
  /** What the app and the toolkit have said so far on what would be standard error. */
  readonly lines: readonly string[];
  /** From now on told to whoever listens. */
  listen(listener: Listener): void;
}

export interface Listener {
  readonly onEvent: OnEvent;
  readonly stacks: readonly AppStack[];
  readonly answer: (question: Question) => Promise<boolean>;
}

const nobody: Listener = { onEvent: () => {}, stacks: [], answer: async () => true };

/** Codes of the toolkit's message registry. */
const code = {
  appSaid: "CDK_ASSEMBLY_I1001",
  appSaidError: "CDK_ASSEMBLY_E1002",
  monitorStarted: "CDK_TOOLKIT_I5501",
  activity: "CDK_TOOLKIT_I5502",
  deployed: "CDK_TOOLKIT_I5900",
  destroyed: "CDK_TOOLKIT_I7900",
  destroyFailed: "CDK_TOOLKIT_E7900",
  rollBackFirst: "CDK_TOOLKIT_I5050",
} as const;

export function createVoice(): Voice {
  const lines: string[] = [];
  /** By the id that the toolkit gives to the watch over one operation. */
  const operations = new Map<string, StackKey>();
  let listener = nobody;
  return {
    lines,
    listen(next) {
      listener = next;
    },
    async notify(message) {
      if (message.code === code.appSaid || message.code === code.appSaidError) lines.push(message.message);
      else told(message, listener, operations);
    },
    async requestResponse(request) {
      const answer = await listener.answer({ code: request.code, data: request.data });
      // The toolkit's questions are of its registry's types: those that are asked here are answered with yes or no.
      return (typeof request.defaultResponse === "boolean" ? answer : request.defaultResponse) as never;
    },
  };
}

function told(message: Message, { onEvent, stacks }: Listener, operations: Map<string, StackKey>): void {
  switch (message.code) {
    case code.monitorStarted: {
      const { deployment, stack, resourcesTotal, isStackUpdate } = message.data as MonitorStarted;
      operations.set(deployment, stack.id);
      const operation = message.action === "destroy" ? "delete" : isStackUpdate ? "update" : "create";
      onEvent({ event: "stack-started", stack: stack.id, operation, ...totalOf(resourcesTotal) });
      return;
    }
    case code.activity: {
      const { deployment, event, progress } = message.data as Activity;
      const stack = operations.get(deployment);
      if (stack !== undefined) onEvent(resourceEvent(stack, event, progress));
      return;
    }
    case code.deployed: {
      const { noOp, stackArn } = message.data as Deployed;
      const stack = stacks.find((each) => isArnOf(stackArn, each));
      const outcome = noOp ? "unchanged" : "done";
      if (stack !== undefined) onEvent({ event: "stack-ended", stack: stack.artifactId, outcome });
      return;
    }
    case code.destroyed:
      onEvent({ event: "stack-ended", stack: (message.data as { readonly id: string }).id, outcome: "done" });
      return;
    // Told in full when the whole has ended.
    case code.destroyFailed:
      return;
  }
  if (message.level === "warn" || message.level === "error") {
    onEvent({ event: "said", level: message.level, text: message.message.trim() });
  }
}

interface MonitorStarted {
  readonly deployment: string;
  readonly stack: { readonly id: string };
  readonly resourcesTotal?: number;
  readonly isStackUpdate?: boolean;
}

interface Activity {
  readonly deployment: string;
  readonly event: CloudFormationEvent;
  readonly progress: { readonly completed: number; readonly total?: number };
}

interface Deployed {
  readonly noOp: boolean;
  readonly stackArn: string;
}

/** The SDK's `StackEvent`. */
export interface CloudFormationEvent {
  readonly EventId?: string | undefined;
  readonly StackId?: string | undefined;
  readonly LogicalResourceId?: string | undefined;
  readonly PhysicalResourceId?: string | undefined;
  readonly ResourceType?: string | undefined;
  readonly ResourceStatus?: string | undefined;
  readonly ResourceStatusReason?: string | undefined;
  readonly Timestamp?: Date | undefined;
}

export function resourceEvent(
  stack: StackKey,
  event: CloudFormationEvent,
  { completed, total }: { readonly completed: number; readonly total?: number | undefined },
): ResourceEvent {
  const { LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus, ResourceStatusReason, Timestamp } =
    event;
  return {
    event: "resource",
    stack,
    time: (Timestamp ?? new Date(0)).toISOString(),
    logicalId: LogicalResourceId ?? "",
    type: ResourceType ?? "",
    status: ResourceStatus ?? "",
    completed,
    ...totalOf(total),
    ...(ResourceStatusReason !== undefined && { reason: ResourceStatusReason }),
    ...(PhysicalResourceId !== undefined && PhysicalResourceId !== "" && { physicalId: PhysicalResourceId }),
  };
}

function totalOf(total: number | undefined): { readonly total?: number } {
  return total === undefined ? {} : { total };
}

/** `arn:aws:cloudformation:eu-west-1:111111111111:stack/Name/uuid` */
function isArnOf(arn: string, { name, account, region }: AppStack): boolean {
  const [, , , arnRegion, arnAccount, resource = ""] = arn.split(":");
  return arnRegion === region && arnAccount === account && resource.split("/")[1] === name;
}

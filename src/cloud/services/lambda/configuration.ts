/** What may be set on a function: what is checked, kept and shown, and what is refused by name. */
import type { CreateFunctionCommandInput, FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { ActionContext } from "../action.ts";
import { invalidParameter, notModelled } from "./errors.ts";
import { loggingAfter } from "./logging.ts";
import { type FunctionRecord, latest } from "./record.ts";

type Settings = Pick<
  FunctionRecord,
  | "Runtime"
  | "Handler"
  | "Role"
  | "Description"
  | "Timeout"
  | "MemorySize"
  | "EphemeralStorage"
  | "Environment"
  | "Tracing"
  | "Logging"
>;

type Input = Omit<CreateFunctionCommandInput, "Code" | "Role" | "FunctionName"> & {
  readonly Role?: string | undefined;
};

/** The settings after this input; what it does not say stays. */
export function settingsAfter(context: ActionContext, input: Input, before: Settings): Settings {
  refuseWhatIsNotModelled(input);
  const Runtime = input.Runtime ?? before.Runtime;
  if (!/^nodejs\d+\.x$/.test(Runtime))
    throw notModelled(`The runtime '${Runtime}': functions run as Node processes, with nodejs runtimes. '${Runtime}'`);
  const Handler = input.Handler ?? before.Handler;
  if (!/^[^\s]{1,128}$/.test(Handler) || !Handler.includes("."))
    throw invalidParameter(
      `Value '${Handler}' at 'handler' failed to satisfy constraint: Member must satisfy regular expression pattern: [^\\s]+`,
    );
  const Environment = input.Environment === undefined ? before.Environment : (input.Environment.Variables ?? {});
  checkEnvironment(Environment);
  return {
    Runtime,
    Handler,
    Role: input.Role === undefined ? before.Role : checkedRole(context, input.Role),
    Description: input.Description ?? before.Description,
    Timeout: within("timeout", input.Timeout ?? before.Timeout, 1, 900),
    MemorySize: within("memorySize", input.MemorySize ?? before.MemorySize, 128, 10_240),
    EphemeralStorage: within(
      "ephemeralStorage.size",
      input.EphemeralStorage?.Size ?? before.EphemeralStorage,
      512,
      10_240,
    ),
    Environment,
    Tracing: input.TracingConfig?.Mode ?? before.Tracing,
    Logging: loggingAfter(input.LoggingConfig, before.Logging),
  };
}

/** What a function has that says nothing of it. */
export function usualSettings(functionName: string): Settings {
  return {
    Runtime: "",
    Handler: "",
    Role: "",
    Description: "",
    Timeout: 3,
    MemorySize: 128,
    EphemeralStorage: 512,
    Environment: {},
    Tracing: "PassThrough",
    Logging: { LogFormat: "Text", LogGroup: `/aws/lambda/${functionName}` },
  };
}

/** A version as the API shows it. */
export function shown(record: FunctionRecord): FunctionConfiguration {
  const isVersion = record.Version !== latest;
  return {
    FunctionName: record.FunctionName,
    FunctionArn: isVersion ? `${record.FunctionArn}:${record.Version}` : record.FunctionArn,
    Runtime: record.Runtime as NonNullable<FunctionConfiguration["Runtime"]>,
    Role: record.Role,
    Handler: record.Handler,
    CodeSize: record.Code.Size,
    CodeSha256: record.Code.Sha256,
    Description: record.Description,
    Timeout: record.Timeout,
    MemorySize: record.MemorySize,
    // AWS has no Z here, but an offset.
    LastModified: new Date(record.LastModified).toISOString().replace("Z", "+0000"),
    Version: record.Version,
    TracingConfig: { Mode: record.Tracing },
    RevisionId: record.RevisionId,
    State: record.State === "Pending" ? "Pending" : "Active",
    ...(record.State === "Pending"
      ? { StateReason: "The function is being created.", StateReasonCode: "Creating" as const }
      : {}),
    LastUpdateStatus: record.State === "Active" ? "Successful" : "InProgress",
    ...(record.State === "Updating"
      ? { LastUpdateStatusReason: "The function is being created.", LastUpdateStatusReasonCode: undefined }
      : {}),
    PackageType: "Zip",
    Architectures: [...record.Architectures],
    EphemeralStorage: { Size: record.EphemeralStorage },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { ...record.Logging },
    ...(Object.keys(record.Environment).length === 0 ? {} : { Environment: { Variables: { ...record.Environment } } }),
  };
}

function refuseWhatIsNotModelled(input: Input): void {
  if (input.PackageType === "Image" || input.ImageConfig !== undefined)
    throw notModelled("A function from a container image");
  if (input.VpcConfig?.SubnetIds?.length) throw notModelled("A function in a VPC");
  if (input.Layers?.length) throw notModelled("A layer");
  if (input.FileSystemConfigs?.length) throw notModelled("A file system of a function");
  if (input.DeadLetterConfig?.TargetArn) throw notModelled("A dead-letter target");
  if (input.CodeSigningConfigArn) throw notModelled("Code signing");
  if (input.KMSKeyArn) throw notModelled("Encryption with a key of the customer's");
  if (input.SnapStart?.ApplyOn === "PublishedVersions") throw notModelled("SnapStart");
  if (input.TenancyConfig !== undefined) throw notModelled("Tenancy");
  if (input.CapacityProviderConfig !== undefined) throw notModelled("A capacity provider");
  if (input.DurableConfig !== undefined) throw notModelled("A durable function");
}

/** Lambda takes on a role only if the role lets it. */
function checkedRole({ get }: ActionContext, arn: string): string {
  const role = get("role", arn);
  if (role === undefined || !role.AssumeRolePolicyDocument.includes("lambda.amazonaws.com"))
    throw invalidParameter("The role defined for the function cannot be assumed by Lambda.");
  return arn;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reservedVariables: readonly string[] = [
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_FORMAT",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_LEVEL",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
];
const maxEnvironmentBytes = 4096;

function checkEnvironment(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) => reservedVariables.includes(name));
  if (reserved.length > 0) {
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  const bad = Object.keys(variables).find((name) => !/^[a-zA-Z]\w+$/.test(name));
  if (bad !== undefined)
    throw invalidParameter(
      `Value '${bad}' at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]`,
    );
  if (Buffer.byteLength(JSON.stringify(variables)) > maxEnvironmentBytes)
    throw invalidParameter(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.`,
    );
}

function within(member: string, value: number, min: number, max: number): number {
  if (value < min || value > max)
    throw invalidParameter(
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value between ${min} and ${max}`,
    );
  return value;
}

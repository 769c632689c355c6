/**
 * CDK's own programmatic toolkit, and the AWS SDK that it speaks through: the same packages, so that what is read here is read by the same
 * rules (profiles, endpoints, retries). They are no part of the default installation, and loaded only here.
 */
import { createRequire } from "node:module";
import { CannotDeploy } from "./cannot-deploy.ts";

export type ToolkitLibrary = typeof import("@aws-cdk/toolkit-lib");

export interface DeployTools {
  readonly toolkit: ToolkitLibrary;
  readonly cloudFormation: typeof import("@aws-sdk/client-cloudformation");
  readonly ec2: typeof import("@aws-sdk/client-ec2");
  readonly logs: typeof import("@aws-sdk/client-cloudwatch-logs");
  readonly ssm: typeof import("@aws-sdk/client-ssm");
  readonly sts: typeof import("@aws-sdk/client-sts");
}

const toolkitPackage = "@aws-cdk/toolkit-lib";

/** ~/.aws/config and ~/.aws/credentials, or where the environment says that they lie: the settings of each profile, by its name. */
export interface SharedConfig {
  readonly configFile: Readonly<Record<string, Readonly<Record<string, string | undefined>>>>;
  readonly credentialsFile: SharedConfig["configFile"];
}

/** As the toolkit and the SDK read it. Throws `CannotDeploy` where the toolkit is not installed. */
export async function loadSharedConfig(): Promise<SharedConfig> {
  const { loadSharedConfigFiles } = requireBesideToolkit()("@smithy/shared-ini-file-loader");
  return loadSharedConfigFiles();
}

/** Throws `CannotDeploy` where the toolkit is not installed. */
export async function loadTools(): Promise<DeployTools> {
  // Each client would tell which Node its future versions need: that is for those who choose the versions.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const requireBeside = requireBesideToolkit();
  return {
    toolkit: await import("@aws-cdk/toolkit-lib"),
    cloudFormation: requireBeside("@aws-sdk/client-cloudformation"),
    ec2: requireBeside("@aws-sdk/client-ec2"),
    logs: requireBeside("@aws-sdk/client-cloudwatch-logs"),
    ssm: requireBeside("@aws-sdk/client-ssm"),
    sts: requireBeside("@aws-sdk/client-sts"),
  };
}

/** The toolkit's dependencies need not lie where ours do. */
function requireBesideToolkit(): NodeJS.Require {
  try {
    return createRequire(createRequire(import.meta.url).resolve(toolkitPackage));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) throw error;
    throw new CannotDeploy(
      "NO_TOOLKIT",
      "Apps are deployed through CDK's toolkit, which is not installed beside causeway.",
      `Install it: npm install ${toolkitPackage}`,
      error,
    );
  }
}

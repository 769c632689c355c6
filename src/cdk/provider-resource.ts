/**
 * A custom resource of the one provider. Each brings the policy that it needs, and leaves with it: the function may do no more than the
 * resources of its stack need at that time. See docs/decisions/0011-one-provider-that-waits.md.
 */
import { CustomResource, Duration, RemovalPolicy, Stack } from "aws-cdk-lib";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

export interface ProviderResourceProps {
  readonly resourceType: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
}

export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export class ProviderResource extends Construct {
  private readonly resource: CustomResource;

  constructor(scope: Construct, id: string, { resourceType, properties, statements }: ProviderResourceProps) {
    super(scope, id);
    const provider = providerOf(Stack.of(this));
    const policy = new iam.Policy(this, "Policy", {
      roles: [provider.role],
      statements: statements.map(
        ({ actions, resources, conditions }) =>
          new iam.PolicyStatement({
            actions: [...actions],
            resources: [...resources],
            ...(conditions !== undefined && { conditions }),
          }),
      ),
    });
    this.resource = new CustomResource(this, "Resource", {
      resourceType,
      serviceToken: provider.functionArn,
      properties,
      serviceTimeout: Duration.minutes(16),
    });
    this.resource.node.addDependency(policy);
  }

  /** A value of the provider's answer. */
  text(name: string): string {
    return this.resource.getAttString(name);
  }
}

interface Provider {
  readonly functionArn: string;
  readonly role: iam.IRole;
}

const providerId = "CausewayProvider";

class StackProvider extends Construct implements Provider {
  readonly functionArn: string;
  readonly role: iam.IRole;

  constructor(stack: Stack) {
    super(stack, providerId);
    // Of our own, so that nothing is left when the stack is deleted.
    const logGroup = new logs.LogGroup(this, "Logs", {
      retention: logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new iam.Role(this, "Role", {
      assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
      inlinePolicies: {
        logs: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              resources: [logGroup.logGroupArn],
            }),
          ],
        }),
      },
    });
    const code = lambda.Code.fromAsset(`${import.meta.dirname}/provider`);
    const { s3Location } = code.bind(this);
    if (s3Location === undefined) throw new Error("bug: the provider's code is no asset");
    const { bucketName: s3Bucket, objectKey: s3Key } = s3Location;
    // lambda.Function would say twice that it depends on its role, which cfn-lint warns of.
    const resource = new lambda.CfnFunction(this, "Function", {
      description: "Accepts and waits for peerings and attachments, which CloudFormation cannot.",
      runtime: lambda.Runtime.NODEJS_22_X.name,
      handler: "index.handler",
      code: { s3Bucket, s3Key },
      role: this.role.roleArn,
      loggingConfig: { logGroup: logGroup.logGroupName },
      memorySize: 256,
      // Lambda's longest.
      timeout: 900,
    });
    code.bindToResource(resource);
    this.functionArn = resource.attrArn;
  }
}

function providerOf(stack: Stack): Provider {
  const there = stack.node.tryFindChild(providerId);
  return there instanceof StackProvider ? there : new StackProvider(stack);
}

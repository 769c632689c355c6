/**
 * The stacks that kills are tried on, synthesized once: a global network of two Regions in four stacks, and a fifth stack that is updated,
 * with a stack in it, a custom resource that makes something of its own, and an instance.
 */
import { join } from "node:path";
import { App, CfnOutput, CustomResource, NestedStack, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import * as iam from "aws-cdk-lib/aws-iam";
import * as lambda from "aws-cdk-lib/aws-lambda";
import type * as Cdk from "../../../src/cdk/index.ts";
import type { BuiltCdk } from "../../built-cdk.ts";

export const account = "111111111111";

/** Names of the global network's instances. */
export const probes = ["Global/us-east-1", "Global/eu-west-1"] as const;

/** `first` is deployed, `second` is what it is updated to, `wrong` fails after everything else in it has been done. */
export type Version = "first" | "second" | "wrong";

/** The stacks that differ between the versions; the others are the same in all of them. */
export const updatedStack = "Beside";

/** Assembly folders by version. */
export type Assemblies = { readonly [version in Version]: string };

export async function stacksToKill(built: BuiltCdk): Promise<Assemblies> {
  // The built package, since the provider's code lies beside it.
  const cdk: typeof Cdk = await import(join(built.folder, "node_modules/causeway-net/dist/cdk/index.js"));
  // Slow, and said already where the templates are tested.
  process.env.CDK_VALIDATION = "false";
  const synthesized = (version: Version): string => {
    const app = new App({ outdir: join(built.folder, version), analyticsReporting: false });
    new cdk.GlobalNetwork(app, "Global", {
      regions: [
        { region: "us-east-1", cidrBlock: "172.16.0.0/24" },
        { region: "eu-west-1", cidrBlock: "172.16.1.0/24" },
      ],
      probeInstances: true,
    });
    beside(new Stack(app, updatedStack, { env: { region: "us-east-1" } }), version);
    return app.synth().directory;
  };
  return { first: synthesized("first"), second: synthesized("second"), wrong: synthesized("wrong") };
}

function beside(stack: Stack, version: Version): void {
  const isFirst = version === "first";
  const inside = { first: "10.1", second: "10.2", wrong: "10.3" }[version];
  const vpc = new ec2.CfnVPC(stack, "Vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new ec2.CfnSubnet(stack, "Subnet", { vpcId: vpc.ref, cidrBlock: "10.0.1.0/24" });
  const nested = new NestedStack(stack, "Nested");
  // A block that changes is another VPC, with all that is in it.
  const inner = new ec2.CfnVPC(nested, "Vpc", { cidrBlock: `${inside}.0.0/16` });
  new ec2.CfnSubnet(nested, "Subnet", { vpcId: inner.ref, cidrBlock: `${inside}.1.0/24` });
  const peering = new ec2.CfnVPCPeeringConnection(stack, "Peering", { vpcId: vpc.ref, peerVpcId: inner.ref });
  const table = new ec2.CfnRouteTable(stack, "Table", { vpcId: vpc.ref });
  new ec2.CfnSubnetRouteTableAssociation(stack, "Association", { routeTableId: table.ref, subnetId: subnet.ref });
  new ec2.CfnRoute(stack, "Route", {
    routeTableId: table.ref,
    destinationCidrBlock: `${inside}.0.0/16`,
    vpcPeeringConnectionId: peering.ref,
  });
  new ec2.CfnInstance(stack, "Instance", {
    imageId: "ami-0123456789abcdef0",
    instanceType: isFirst ? "t3.micro" : "t3.small",
    subnetId: subnet.ref,
  });
  const note = noteOf(stack, version);
  new CfnOutput(stack, "NoteName", { value: note.getAttString("Name") });
  if (version !== "wrong") return;
  const wrong = new ec2.CfnSubnet(stack, "Wrong", { vpcId: vpc.ref, cidrBlock: "192.168.0.0/24" });
  wrong.node.addDependency(note, nested, peering);
}

/** A parameter of Systems Manager, made, replaced and deleted by a function that takes its time. */
function noteOf(stack: Stack, version: Version): CustomResource {
  const code = `
    const ssm = require("@aws-sdk/client-ssm");
    const response = require("cfn-response");
    exports.handler = async (event, context) => {
      const client = new ssm.SSMClient({});
      const name = event.RequestType === "Delete" ? event.PhysicalResourceId : "note-" + event.ResourceProperties.Version;
      await new Promise((resolve) => setTimeout(resolve, 150));
      const request = event.RequestType === "Delete"
        ? client.send(new ssm.DeleteParameterCommand({ Name: name })).catch((error) => {
            if (error.name !== "ParameterNotFound") throw error;
          })
        : client.send(new ssm.PutParameterCommand({ Name: name, Value: "noted", Type: "String", Overwrite: true }));
      const fault = await request.then(() => undefined, (error) => error);
      if (fault) console.error(fault);
      await response.send(event, context, fault ? "FAILED" : "SUCCESS", { Name: name }, name);
    };`;
  const handler = new lambda.Function(stack, "NoteFunction", {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: "index.handler",
    code: lambda.Code.fromInline(code),
  });
  handler.addToRolePolicy(
    new iam.PolicyStatement({ actions: ["ssm:PutParameter", "ssm:DeleteParameter"], resources: ["*"] }),
  );
  const note = new CustomResource(stack, "Note", {
    serviceToken: handler.functionArn,
    properties: { Version: version },
  });
  // Its rights must be there as long as it is.
  note.node.addDependency(handler);
  return note;
}

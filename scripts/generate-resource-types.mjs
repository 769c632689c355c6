/**
 * Extracts the CloudFormation resource types that the local cloud handles from @aws-cdk/aws-service-spec into
 * src/aws/models/resource-types.generated.json: properties with their types, what is required, what a change replaces, attributes,
 * the primary identifier; and the names of all other types, so that a type which AWS has is told apart from one which nobody has.
 * To handle another type: name it in `handled`, run `npm run generate`, and give it a handler.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import serviceSpec from "@aws-cdk/aws-service-spec";

const handled = {
  "AWS::CDK": ["Metadata"],
  "AWS::CloudFormation": ["CustomResource", "Stack"],
  "AWS::EC2": [
    "DHCPOptions",
    "EIP",
    "EIPAssociation",
    "EgressOnlyInternetGateway",
    "GatewayRouteTableAssociation",
    "Instance",
    "InternetGateway",
    "KeyPair",
    "NatGateway",
    "NetworkAcl",
    "NetworkAclEntry",
    "NetworkInterface",
    "NetworkInterfaceAttachment",
    "PrefixList",
    "Route",
    "RouteTable",
    "SecurityGroup",
    "SecurityGroupEgress",
    "SecurityGroupIngress",
    "Subnet",
    "SubnetCidrBlock",
    "SubnetNetworkAclAssociation",
    "SubnetRouteTableAssociation",
    "TransitGateway",
    "TransitGatewayAttachment",
    "TransitGatewayPeeringAttachment",
    "TransitGatewayRoute",
    "TransitGatewayRouteTable",
    "TransitGatewayRouteTableAssociation",
    "TransitGatewayRouteTablePropagation",
    "TransitGatewayVpcAttachment",
    "VPC",
    "VPCCidrBlock",
    "VPCDHCPOptionsAssociation",
    "VPCEndpoint",
    "VPCGatewayAttachment",
    "VPCPeeringConnection",
  ],
  "AWS::ECR": ["Repository"],
  "AWS::IAM": ["InstanceProfile", "ManagedPolicy", "Policy", "Role"],
  "AWS::Lambda": ["Function", "Permission", "Version"],
  "AWS::Logs": ["LogGroup"],
  "AWS::S3": ["Bucket", "BucketPolicy"],
  "AWS::SSM": ["Parameter"],
};

const project = join(dirname(fileURLToPath(import.meta.url)), "..");
const packageName = "@aws-cdk/aws-service-spec";
const { version } = JSON.parse(readFileSync(join(project, "node_modules", packageName, "package.json"), "utf8"));

const spec = serviceSpec.loadAwsServiceSpecSync();
const resources = new Map(spec.all("resource").map((each) => [each.cloudFormationType, each]));
const types = {};
const structures = {};

for (const [service, names] of Object.entries(handled)) {
  for (const name of names) types[`${service}::${name}`] = typeOf(`${service}::${name}`);
}
const others = [...resources.keys()].filter((name) => types[name] === undefined).sort();
writeFileSync(
  join(project, "src", "aws", "models", "resource-types.generated.json"),
  format({
    source: `${packageName}@${version} (Apache-2.0, Amazon.com, Inc. or its affiliates)`,
    types,
    structures,
    others,
  }),
);
process.stdout.write(`resource types: ${Object.keys(types).length} handled, ${others.length} others\n`);

function typeOf(name) {
  const resource = resources.get(name);
  // What the toolkit writes about itself is in no published specification.
  if (resource === undefined && name === "AWS::CDK::Metadata") return [{ Analytics: ["string"] }, [], [], ""];
  if (resource === undefined) throw new Error(`${name} is not in the specification`);
  return [
    propertiesOf(name, resource.properties),
    Object.keys(resource.attributes).sort(),
    resource.primaryIdentifier ?? [],
    resource.tagInformation?.tagPropertyName ?? "",
  ];
}

/** `[type]`, or `[type, flags]`: `r` required, `!` a change replaces the resource, `?` a change may. */
function propertiesOf(owner, properties) {
  return sorted(
    Object.entries(properties).map(([name, { type, required, causesReplacement }]) => {
      const replaces = { yes: "!", maybe: "?" }[causesReplacement] ?? "";
      const flags = `${required ? "r" : ""}${replaces}`;
      return [name, flags === "" ? [kind(owner, type)] : [kind(owner, type), flags]];
    }),
  );
}

/** A word for a simple type, `["list", …]`, `["map", …]`, `["any of", …]`, or `["structure", name]`. */
function kind(owner, type) {
  switch (type.type) {
    case "array":
      return ["list", kind(owner, type.element)];
    case "map":
      return ["map", kind(owner, type.element)];
    case "union":
      return ["any of", ...type.types.map((each) => kind(owner, each))];
    case "ref": {
      const definition = spec.get("typeDefinition", type.reference);
      const name = `${owner.split(".")[0]}.${definition.name}`;
      if (structures[name] === undefined) {
        structures[name] = {}; // A placeholder, for structures that contain themselves.
        structures[name] = propertiesOf(owner, definition.properties);
      }
      return ["structure", name];
    }
    default:
      return type.type;
  }
}

function sorted(entries) {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line per type, so that a new version gives a diff that can be read. */
function format(model) {
  const lines = Object.entries(model).map(([key, value]) => {
    if (typeof value === "string") return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    if (Array.isArray(value))
      return `${JSON.stringify(key)}:[\n${value.map((each) => JSON.stringify(each)).join(",\n")}\n]`;
    const entries = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    return `${JSON.stringify(key)}:{\n${entries.join(",\n")}\n}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

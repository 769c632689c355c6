/**
 * Extracts AWS's service models from the schemas of the installed `@aws-sdk/client-*` packages into
 * src/aws/models/<service>.generated.json. To add a service: install its client as a devDependency, name it in `services`, run
 * `npm run generate`, and list the file in src/aws/model.ts. Why the result is checked in:
 * docs/decisions/0001-service-models-checked-in.md.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const services = [
  { name: "cloudformation", client: "CloudFormationClient" },
  { name: "ec2", client: "EC2Client" },
  { name: "ecr", client: "ECRClient" },
  { name: "iam", client: "IAMClient" },
  { name: "lambda", client: "LambdaClient" },
  // Signs as `logs`.
  { name: "logs", client: "CloudWatchLogsClient", packageName: "@aws-sdk/client-cloudwatch-logs" },
  { name: "ram", client: "RAMClient" },
  { name: "s3", client: "S3Client" },
  { name: "ssm", client: "SSMClient" },
  { name: "sts", client: "STSClient" },
];

const protocols = {
  "aws.protocols#ec2Query": "ec2",
  "aws.protocols#awsQuery": "query",
  "aws.protocols#awsJson1_1": "json-1.1",
  "aws.protocols#restJson1": "rest-json",
  "aws.protocols#restXml": "rest-xml",
};

/** The schemas' codes for simple types, and ours: a leading `$` keeps them apart from shape names. */
const simpleTypes = new Map([
  [0, "$string"],
  [1, "$number"],
  [2, "$boolean"],
  [4, "$timestamp"],
  [5, "$timestamp"],
  [6, "$timestamp"],
  [7, "$timestamp"],
  [15, "$document"],
  [21, "$blob"],
  // One that is streamed.
  [42, "$blob"],
]);
const listOf = 64;
const mapOf = 128;
/** The schemas' short form of traits: one bit each, the lowest first. */
const traitBits = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
];

/** Protocols in which an operation is a method and a path. */
const restProtocols = ["rest-json", "rest-xml"];
/** Traits by which a REST member is outside the body in ways that src/aws/rest-bindings.ts does not know. */
const unknownBindings = ["httpQueryParams"];

const project = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(join(project, "package.json"));

for (const service of services) {
  const { packageName = `@aws-sdk/client-${service.name}` } = service;
  const folder = join(project, "node_modules", packageName);
  const sdk = await import(pathToFileURL(require.resolve(packageName)).href);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const model = extract(service, sdk, enumsOfMembers(join(folder, "dist-types", "models"), sdk));
  const header = { source: `${packageName}@${version} (Apache-2.0, Amazon.com, Inc. or its affiliates)` };
  const file = join(project, "src", "aws", "models", `${service.name}.generated.json`);
  writeFileSync(file, format({ ...header, ...model }));
  process.stdout.write(
    `${service.name}: ${Object.keys(model.operations).length} operations, ${Object.keys(model.shapes).length} shapes\n`,
  );
}

function extract({ name, client }, sdk, enumOfMember) {
  const { config } = new sdk[client]({
    region: "us-east-1",
    credentials: { accessKeyId: "unused", secretAccessKey: "unused" },
  });
  const { xmlNamespace, version, serviceTarget } = config.protocolSettings;
  const protocol = protocols[config.protocol.getShapeId()];
  if (protocol === undefined)
    throw new Error(`${name} speaks ${config.protocol.getShapeId()}, for which there is no codec`);

  const shapes = new Map();
  const enums = new Map();

  function reference(schema) {
    if (typeof schema === "function") return reference(schema());
    if (schema === "unit") return null;
    if (typeof schema === "number") return simple(schema);
    const [kind, , shapeName] = schema;
    if (kind === 0) return simple(schema[4]);
    if (!shapes.has(shapeName)) {
      shapes.set(shapeName, null); // A placeholder, for shapes that contain themselves.
      shapes.set(shapeName, shape(schema));
    }
    return shapeName;
  }

  function simple(code) {
    const type = simpleTypes.get(code & ~(listOf | mapOf));
    if (type === undefined) throw new Error(`${name}: simple type ${code} is not known`);
    if ((code & listOf) !== 0) return named(`$list-of-${type.slice(1)}`, ["list", type, ""]);
    if ((code & mapOf) !== 0) return named(`$map-of-${type.slice(1)}`, ["map", "$string", type, "", ""]);
    return type;
  }

  function named(shapeName, definition) {
    shapes.set(shapeName, definition);
    return shapeName;
  }

  function shape(schema) {
    const [kind, , shapeName] = schema;
    if (kind === 1) {
      const [target, traits] = withTraits(schema[4]);
      return ["list", reference(target), traits.xmlName ?? ""];
    }
    if (kind === 2) {
      const [key, keyTraits] = withTraits(schema[4]);
      const [value, valueTraits] = withTraits(schema[5]);
      return ["map", reference(key), reference(value), keyTraits.xmlName ?? "", valueTraits.xmlName ?? ""];
    }
    if (Math.abs(kind) === 3 || kind === 4) {
      const members = schema[4].map((name, index) => member(shapeName, name, schema[5][index]));
      const { xmlName } = typeof schema[3] === "object" ? schema[3] : {};
      return ["structure", schema[6] ?? 0, members, ...(xmlName === undefined ? [] : [xmlName])];
    }
    throw new Error(`${name}: ${shapeName} has the unknown kind ${kind}`);
  }

  function member(shapeName, memberName, entry) {
    const [target, traits] = withTraits(entry);
    const link = enumOfMember.get(`${shapeName}.${memberName}`);
    if (link !== undefined) enums.set(link.name, link.values);
    const unknown = unknownBindings.find((trait) => traits[trait]);
    if (restProtocols.includes(protocol) && unknown !== undefined)
      throw new Error(`${name}: ${shapeName}.${memberName} has ${unknown}, for which there is no codec`);
    const queryName =
      traits.ec2QueryName === capitalised(traits.xmlName ?? memberName) ? undefined : traits.ec2QueryName;
    // JSON leaves out what is undefined.
    const options = {
      q: queryName,
      x: traits.xmlName,
      f: traits.xmlFlattened ? 1 : undefined,
      j: traits.jsonName,
      t: traits.idempotencyToken ? 1 : undefined,
      e: link?.name,
      l: restProtocols.includes(protocol) ? locationOf(traits) : undefined,
    };
    const type = reference(target);
    return Object.values(options).some((value) => value !== undefined)
      ? [memberName, type, options]
      : [memberName, type];
  }

  /** Method, path and status of an operation; none where the protocol has one path for all. */
  function httpOf([, , , traits]) {
    return restProtocols.includes(protocol) ? traits.http : [];
  }

  const operations = {};
  const errors = {};
  for (const key of Object.keys(sdk)
    .filter((each) => each.endsWith("$"))
    .sort()) {
    const schema = sdk[key];
    if (!Array.isArray(schema)) continue;
    if (schema[0] === 9) operations[schema[2]] = [reference(schema[4]), reference(schema[5]), ...httpOf(schema)];
    if (schema[0] === -3 && typeof schema[3] === "object") {
      const { awsQueryError, error, httpError } = schema[3];
      // REST has the shape's own name on the wire, also where the service once spoke Query.
      const code = restProtocols.includes(protocol) ? undefined : awsQueryError?.[0];
      errors[schema[2]] = [code ?? schema[2], httpError ?? (error === "server" ? 500 : 400)];
    }
  }
  return {
    service: name,
    protocol,
    apiVersion: version,
    xmlNamespace: xmlNamespace ?? "",
    target: serviceTarget,
    operations,
    shapes: sorted(shapes),
    enums: sorted(enums),
    errors,
  };
}

/** Where a REST member is, when it is not a part of the body: in path, query, headers or status, or the whole body. */
function locationOf({ httpLabel, httpQuery, httpHeader, httpPrefixHeaders, httpPayload, httpResponseCode }) {
  if (httpLabel) return ["label"];
  if (httpPayload) return ["payload"];
  if (httpResponseCode) return ["status"];
  if (httpQuery !== undefined) return ["query", httpQuery];
  if (httpPrefixHeaders !== undefined) return ["headers", httpPrefixHeaders];
  return httpHeader === undefined ? undefined : ["header", httpHeader];
}

/** How EC2 derives a query name where the model gives none; model.ts does the same. */
function capitalised(name) {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A schema with its traits: `[schema, traits]`, a bare schema, or traits as bits. */
function withTraits(entry) {
  if (Array.isArray(entry) && entry.length === 2) {
    const [target, traits] = entry;
    return [target, typeof traits === "number" ? traitsOfBits(traits) : traits];
  }
  return [entry, {}];
}

function traitsOfBits(bits) {
  return Object.fromEntries(traitBits.map((trait, index) => [trait, ((bits >> index) & 1) === 1]));
}

/**
 * The enum of each member that has one, by `Shape.Member`. The schemas carry no enums, but the type declarations name them and
 * the package exports their values.
 */
function enumsOfMembers(folder, sdk) {
  const found = new Map();
  const files = readdirSync(folder)
    .filter((file) => /^(models_\d+|errors)\.d\.ts$/.test(file))
    .sort();
  for (const file of files) {
    let shapeName;
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      const start = /^export (?:interface|declare class) (\w+)/.exec(line);
      if (start !== null) shapeName = start[1];
      const member = /^ {4}(\w+)\??: \(?(\w+)(?: \| undefined)?\)?(?:\[\])?(?: \| undefined)?;/.exec(line);
      if (member === null || shapeName === undefined) continue;
      const [, memberName, type] = member;
      const values = sdk[type];
      if (typeof values !== "object" || values === null || Array.isArray(values) || type.endsWith("$")) continue;
      found.set(`${shapeName}.${memberName}`, { name: type, values: Object.values(values) });
    }
  }
  return found;
}

function sorted(map) {
  return Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** One line per entry, so that a new SDK version gives a diff that can be read. */
function format(model) {
  const lines = Object.entries(model).map(([key, value]) => {
    if (typeof value !== "object" || value === null) return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    const entries = Object.entries(value).map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`);
    return `${JSON.stringify(key)}:{${entries.length > 0 ? `\n${entries.join(",\n")}\n` : ""}}`;
  });
  return `{\n${lines.join(",\n")}\n}\n`;
}

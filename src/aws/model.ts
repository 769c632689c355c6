/**
 * AWS's service models, as scripts/generate-models.mjs extracts them: operations, shapes and their names on the wire.
 * A model is looked up by service and its shapes are linked on first use; nothing here knows a protocol or a resource.
 */
import cloudformation from "./models/cloudformation.generated.json" with { type: "json" };
import ec2 from "./models/ec2.generated.json" with { type: "json" };
import ecr from "./models/ecr.generated.json" with { type: "json" };
import iam from "./models/iam.generated.json" with { type: "json" };
import lambda from "./models/lambda.generated.json" with { type: "json" };
import logs from "./models/logs.generated.json" with { type: "json" };
import ram from "./models/ram.generated.json" with { type: "json" };
import s3 from "./models/s3.generated.json" with { type: "json" };
import ssm from "./models/ssm.generated.json" with { type: "json" };
import sts from "./models/sts.generated.json" with { type: "json" };

/** The services that have a model here, by signing name. */
export type ServiceName = "cloudformation" | "ec2" | "ecr" | "iam" | "lambda" | "logs" | "ram" | "s3" | "ssm" | "sts";

/** How a service's requests and answers are written. */
export type Protocol = "ec2" | "query" | "json-1.1" | "rest-json" | "rest-xml";

export interface ServiceModel {
  readonly service: ServiceName;
  readonly protocol: Protocol;
  /** `2016-11-15` */
  readonly apiVersion: string;
  readonly xmlNamespace: string;
  /** What precedes the operation in `X-Amz-Target`, without the dot. */
  readonly target: string;
  /** Every operation that AWS has, by name; this cloud implements some. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** The modelled errors by shape name: the code on the wire and the HTTP status. */
  readonly errors: ReadonlyMap<string, { readonly code: string; readonly httpStatus: number }>;
}

export interface Operation {
  readonly name: string;
  readonly model: ServiceModel;
  readonly input: StructureShape;
  /** undefined where AWS's model has no output. */
  readonly output: StructureShape | undefined;
  /** Where a REST protocol has the operation; undefined in the others. */
  readonly http: HttpBinding | undefined;
}

export interface HttpBinding {
  readonly method: string;
  /** `/things/{thingId}`; a `{path+}` takes the rest, slashes and all. */
  readonly path: string;
  /** What the query must hold besides: a name, and its value where only one will do. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Of the answer when all is well. */
  readonly status: number;
}

export type Shape = SimpleShape | StructureShape | ListShape | MapShape;

export interface SimpleShape {
  readonly type: "string" | "number" | "boolean" | "timestamp" | "blob" | "document";
}

export interface StructureShape {
  readonly type: "structure";
  readonly name: string;
  readonly members: readonly Member[];
  /** The element's name where the structure is a whole document and is not called as itself. */
  readonly xmlName: string | undefined;
}

export interface ListShape {
  readonly type: "list";
  readonly item: Shape;
  /** The item's element or parameter name, where it is not `member`. */
  readonly itemName: string | undefined;
}

export interface MapShape {
  readonly type: "map";
  readonly value: Shape;
  readonly keyName: string;
  readonly valueName: string;
}

export interface Member {
  /** The SDK's name, which handlers use; also the name in JSON. */
  readonly name: string;
  readonly shape: Shape;
  readonly required: boolean;
  /** Name in an EC2 request. */
  readonly ec2QueryName: string;
  /** Name in a Query request, and of the element in an XML answer. */
  readonly xmlName: string;
  /** A list without a wrapper around its items. */
  readonly flattened: boolean;
  readonly jsonName: string;
  readonly idempotencyToken: boolean;
  /** Where a REST request or answer has the member, when it is not a part of its body. */
  readonly location: MemberLocation | undefined;
  /** The values that AWS's model names. AWS adds values without notice, so that nothing here refuses others. */
  readonly enumValues: readonly string[] | undefined;
}

export type MemberLocation =
  | readonly ["label"]
  | readonly ["query", parameter: string]
  | readonly ["header", header: string]
  /** A map whose keys follow the prefix in the names of headers. */
  | readonly ["headers", prefix: string]
  /** The whole body. */
  | readonly ["payload"]
  /** The status of an answer. */
  | readonly ["status"];

/** The services that have a model here. */
export const serviceNames: readonly ServiceName[] = [
  "cloudformation",
  "ec2",
  "ecr",
  "iam",
  "lambda",
  "logs",
  "ram",
  "s3",
  "ssm",
  "sts",
];

/** The model of a service. */
export function serviceModel(service: ServiceName): ServiceModel {
  let model = models.get(service);
  if (model === undefined) {
    model = link(service, generated[service]);
    models.set(service, model);
  }
  return model;
}

/** Whether a signing name is that of a service with a model here. */
export function isServiceName(name: string): name is ServiceName {
  return serviceNames.some((each) => each === name);
}

/** What the generated files hold; scripts/generate-models.mjs writes it, and says what the letters mean. */
interface GeneratedModel {
  readonly protocol: string;
  readonly apiVersion: string;
  readonly xmlNamespace: string;
  readonly target: string;
  readonly operations: { readonly [name: string]: GeneratedOperation };
  readonly shapes: { readonly [name: string]: readonly unknown[] };
  readonly enums: { readonly [name: string]: readonly string[] };
  readonly errors: { readonly [name: string]: readonly (string | number)[] };
}

type GeneratedOperation = readonly [input: string | null, output: string | null, ...http: GeneratedHttp];

type GeneratedHttp = readonly [] | readonly [method: string, path: string, status: number];

interface MemberOptions {
  /** Query name in EC2, where it is not the capitalised XML name. */
  readonly q?: string;
  /** XML name. */
  readonly x?: string;
  /** Flattened. */
  readonly f?: 1;
  /** JSON name. */
  readonly j?: string;
  /** Idempotency token. */
  readonly t?: 1;
  /** Name of the enum. */
  readonly e?: string;
  /** Location in a REST request. */
  readonly l?: MemberLocation;
}

type GeneratedShape =
  | readonly ["list", item: string, itemName: string]
  | readonly ["map", key: string, value: string, keyName: string, valueName: string]
  | readonly [
      "structure",
      requiredCount: number,
      members: readonly (readonly [string, string, MemberOptions?])[],
      xmlName?: string,
    ];

// The JSON files' inferred types are unions of every line's literal shape; the generator's format is the contract.
const generated: { readonly [service in ServiceName]: GeneratedModel } = {
  cloudformation,
  ec2,
  ecr,
  iam,
  lambda,
  logs,
  ram,
  s3,
  ssm,
  sts,
} as never;

const protocols: readonly Protocol[] = ["ec2", "query", "json-1.1", "rest-json", "rest-xml"];

const models = new Map<ServiceName, ServiceModel>();

const simpleShapes: ReadonlyMap<string, SimpleShape> = new Map(
  (["string", "number", "boolean", "timestamp", "blob", "document"] as const).map((type) => [`$${type}`, { type }]),
);

const emptyInput: StructureShape = { type: "structure", name: "Unit", members: [], xmlName: undefined };

function link(service: ServiceName, source: GeneratedModel): ServiceModel {
  const shapes = new Map<string, Shape>();

  function shapeNamed(name: string): Shape {
    const simple = simpleShapes.get(name);
    if (simple !== undefined) return simple;
    const known = shapes.get(name);
    if (known !== undefined) return known;
    const definition = source.shapes[name];
    if (definition === undefined) throw new Error(`bug: ${service} has no shape ${name}`);
    const shape = lazyShape(name, definition as GeneratedShape);
    shapes.set(name, shape);
    return shape;
  }

  /** Shapes refer to each other, also to themselves: each looks its parts up when they are first asked for. */
  function lazyShape(name: string, definition: GeneratedShape): Shape {
    switch (definition[0]) {
      case "list": {
        const [, item, itemName] = definition;
        return {
          type: "list",
          get item() {
            return shapeNamed(item);
          },
          itemName: itemName === "" ? undefined : itemName,
        };
      }
      case "map": {
        const [, , value, keyName, valueName] = definition;
        return {
          type: "map",
          get value() {
            return shapeNamed(value);
          },
          keyName: keyName === "" ? "key" : keyName,
          valueName: valueName === "" ? "value" : valueName,
        };
      }
      case "structure": {
        const [, requiredCount, entries, xmlName] = definition;
        let members: readonly Member[] | undefined;
        return {
          type: "structure",
          name,
          get members() {
            members ??= entries.map(([memberName, target, options], index) =>
              member(memberName, target, options ?? {}, index < requiredCount),
            );
            return members;
          },
          xmlName,
        };
      }
    }
  }

  function member(name: string, target: string, { q, x, f, j, t, e, l }: MemberOptions, required: boolean): Member {
    return {
      name,
      get shape() {
        return shapeNamed(target);
      },
      required,
      ec2QueryName: q ?? capitalised(x ?? name),
      xmlName: x ?? name,
      flattened: f === 1,
      jsonName: j ?? name,
      idempotencyToken: t === 1,
      location: l,
      enumValues: e === undefined ? undefined : source.enums[e],
    };
  }

  function structureNamed(name: string): StructureShape {
    const shape = shapeNamed(name);
    if (shape.type !== "structure") throw new Error(`bug: ${service}'s ${name} is no structure`);
    return shape;
  }

  const operations = new Map<string, Operation>();
  const model: ServiceModel = {
    service,
    protocol: protocolOf(source.protocol),
    apiVersion: source.apiVersion,
    xmlNamespace: source.xmlNamespace,
    target: source.target,
    operations,
    errors: new Map(
      Object.entries(source.errors).map(([name, [code, status]]) => [
        name,
        { code: String(code), httpStatus: Number(status) },
      ]),
    ),
  };
  for (const [name, [input, output, ...http]] of Object.entries(source.operations)) {
    operations.set(name, {
      name,
      model,
      get input() {
        return input === null ? emptyInput : structureNamed(input);
      },
      get output() {
        return output === null ? undefined : structureNamed(output);
      },
      http: http.length === 0 ? undefined : httpBinding(http),
    });
  }
  return model;
}

/** The SDK's own `x-id` tells operations apart in logs only: other clients do not send it. */
function httpBinding([method, pathAndQuery, status]: Exclude<GeneratedHttp, readonly []>): HttpBinding {
  const [path = "", query = ""] = pathAndQuery.split("?");
  const fields = query.split("&").map((field): [string, string] => {
    const [name = "", value = ""] = field.split("=");
    return [name, value];
  });
  return { method, path, status, query: fields.filter(([name]) => name !== "" && name !== "x-id") };
}

function protocolOf(name: string): Protocol {
  const protocol = protocols.find((each) => each === name);
  if (protocol === undefined) throw new Error(`bug: no codec for protocol ${name}`);
  return protocol;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

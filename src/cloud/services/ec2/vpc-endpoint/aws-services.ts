/**
 * The services of AWS that a VPC can have an endpoint for: the common ones. Names under which a service is known to its clients
 * follow from its own, but for some. https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
import { createHash } from "node:crypto";

export interface EndpointService {
  /** `com.amazonaws.us-east-1.ssm` */
  readonly serviceName: string;
  readonly serviceId: string;
  readonly region: string;
  readonly type: "Interface" | "Gateway";
  /** What endpoints' own names end in: `ssm.us-east-1.vpce.amazonaws.com`. */
  readonly baseDnsName: string;
  /** What clients ask for; undefined for a gateway endpoint, which changes no name. [PL-50] */
  readonly privateDnsName: string | undefined;
}

/** Names before the Region, where they are not the service's own. */
const dnsLabels: { readonly [service: string]: string } = {
  "ecr.api": "api.ecr",
  "ecr.dkr": "*.dkr.ecr",
  "ecs-agent": "ecs-a",
  "ecs-telemetry": "ecs-t",
  "execute-api": "*.execute-api",
  "kinesis-streams": "kinesis",
};

const interfaceServices: readonly string[] = [
  "athena",
  "autoscaling",
  "cloudformation",
  "cloudtrail",
  "codebuild",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "elasticloadbalancing",
  "events",
  "execute-api",
  "glue",
  "kinesis-streams",
  "kms",
  "lambda",
  "logs",
  "monitoring",
  "rds",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "states",
  "sts",
  "xray",
];

const gatewayServices: readonly string[] = ["dynamodb", "s3"];

/** Every service that a Region offers, by name. */
export function endpointServices(region: string): readonly EndpointService[] {
  const services = [
    ...interfaceServices.map((service) => interfaceService(service, region)),
    ...gatewayServices.map((service) => gatewayService(service, region)),
  ];
  return services.sort((a, b) => (a.serviceName < b.serviceName ? -1 : 1));
}

function interfaceService(service: string, region: string): EndpointService {
  const label = `${dnsLabels[service] ?? service}.${region}`;
  return {
    ...named(service, region),
    type: "Interface",
    // Endpoints are one name deep, also for services whose names have a wildcard.
    baseDnsName: `${label.replace(/^\*\./, "")}.vpce.amazonaws.com`,
    privateDnsName: `${label}.amazonaws.com`,
  };
}

function gatewayService(service: string, region: string): EndpointService {
  return {
    ...named(service, region),
    type: "Gateway",
    baseDnsName: `${service}.${region}.amazonaws.com`,
    privateDnsName: undefined,
  };
}

/** A service keeps its id in a Region for ever, for every account. */
function named(service: string, region: string) {
  const serviceName = `com.amazonaws.${region}.${service}`;
  const digits = createHash("sha256").update(serviceName).digest("hex").slice(0, 17);
  return { serviceName, serviceId: `vpce-svc-${digits}`, region };
}

/**
 * Regions that talk to each other: a VPC and a transit gateway in each, every two gateways peered, in two stacks a Region. The first
 * stacks ask for the peerings, the second ones accept, wait and route: see docs/decisions/0010-stacks-of-a-global-network.md.
 */
import { CrossStackReferences, ReferenceStrength, Stack } from "aws-cdk-lib";
import { DEFAULT_CROSS_STACK_REFERENCES } from "aws-cdk-lib/cx-api";
import { Construct } from "constructs";
import { checkApart } from "./blocks.ts";
import { DesignError } from "./design-error.ts";
import { NetworkSide, type NetworkSideAttributes } from "./network-side.ts";
import { PrivateVpc } from "./private-vpc.ts";
import { ProbeInstance } from "./probe-instance.ts";
import { SessionManagerEndpoints } from "./session-manager-endpoints.ts";
import { type ITransitGatewayHub, type TransitGatewayAttributes, TransitGatewayHub } from "./transit-gateway-hub.ts";
import { TransitGatewayPeering } from "./transit-gateway-peering.ts";
import { TransitGatewayVpcAttachment } from "./transit-gateway-vpc-attachment.ts";

/** A Region of a global network. */
export interface GlobalNetworkRegion {
  /** The Region's name, such as us-east-1. */
  readonly region: string;

  /** Its VPC's block, which overlaps no other Region's. */
  readonly cidrBlock: string;

  /**
   * The gateway's ASN.
   *
   * @default - 64512 for the first Region, and one more for each that follows
   */
  readonly amazonSideAsn?: number;

  /**
   * How many Availability Zones have a subnet.
   *
   * @default 1
   */
  readonly availabilityZones?: number;

  /**
   * A VPC that is there already. It needs its subnets and route tables; its own blocks count.
   *
   * @default - a new VPC
   */
  readonly existingVpc?: NetworkSideAttributes;

  /**
   * A transit gateway that is there already, with one segment named `all`.
   *
   * @default - a new gateway
   */
  readonly existingTransitGateway?: TransitGatewayAttributes;
}

/** Properties of a GlobalNetwork. */
export interface GlobalNetworkProps {
  /** The Regions. A Region asks those before it for peerings, so add new ones at the end. */
  readonly regions: GlobalNetworkRegion[];

  /**
   * The account.
   *
   * @default - that of the credentials which deploy
   */
  readonly account?: string;

  /**
   * Whether each Region has an instance to try the network with.
   *
   * @default false
   */
  readonly probeInstances?: boolean;

  /**
   * Whether each VPC has the endpoints that Session Manager needs.
   *
   * @default false
   */
  readonly sessionManagerEndpoints?: boolean;
}

/**
 * VPCs in several Regions, joined by peered transit gateways.
 *
 * @example
 * new GlobalNetwork(app, "Global", {
 *   regions: [
 *     { region: "us-east-1", cidrBlock: "172.16.0.0/24" },
 *     { region: "eu-west-1", cidrBlock: "172.16.1.0/24" },
 *   ],
 *   probeInstances: true,
 * });
 */
export class GlobalNetwork extends Construct {
  /** The Regions' VPCs and gateways, in the order in which they were given. */
  readonly sites: GlobalNetworkSite[];

  constructor(scope: Construct, id: string, props: GlobalNetworkProps) {
    super(scope, id);
    checkRegions(this.node.path, props.regions);
    this.sites = props.regions.map((_, index) => makeSite(this, props, index));
    for (const [index, site] of this.sites.entries()) {
      for (const earlier of this.sites.slice(0, index)) peer(earlier, site);
    }
  }
}

/** What a GlobalNetwork has in one Region. */
export interface GlobalNetworkSite {
  /** The Region's name. */
  readonly region: string;

  /** VPC, gateway, and requests for peerings. */
  readonly networkStack: Stack;
  /** The peerings' ends, and what runs in the VPC. */
  readonly workloadStack: Stack;

  /** Its VPC, as a side of further connections. */
  readonly vpc: NetworkSide;

  /** Its gateway; every attachment is in the segment `all`. */
  readonly transitGateway: ITransitGatewayHub;

  /**
   * The instance to try the network with.
   *
   * @default - undefined unless it was asked for
   */
  readonly probeInstance?: ProbeInstance;
}

/** The one segment: all Regions talk to each other. */
const segment = "all";

function checkRegions(path: string, regions: readonly GlobalNetworkRegion[]): void {
  for (const [index, one] of regions.entries()) {
    for (const other of regions.slice(0, index)) {
      if (one.region === other.region)
        throw new DesignError(`${path} has two entries for ${one.region}. A Region has one VPC here.`);
      checkApart({ name: one.region, cidrBlocks: blocksOf(one) }, { name: other.region, cidrBlocks: blocksOf(other) });
    }
  }
}

/** What the other Regions reach in this one. */
function blocksOf({ cidrBlock, existingVpc }: GlobalNetworkRegion): string[] {
  return existingVpc?.cidrBlocks ?? [cidrBlock];
}

function makeSite(scope: GlobalNetwork, props: GlobalNetworkProps, index: number): GlobalNetworkSite {
  const { regions, probeInstances = false, sessionManagerEndpoints = false } = props;
  const plan = regions[index];
  if (plan === undefined) throw new Error(`bug: no Region ${index}`);
  const { region, cidrBlock, existingVpc, existingTransitGateway } = plan;
  const networkStack = makeStack(scope, "network", plan, props);
  const workloadStack = makeStack(scope, "workload", plan, props);
  const name = `${scope.node.id}/${region}`;
  const vpc =
    existingVpc === undefined
      ? new PrivateVpc(networkStack, "Vpc", { cidrBlock, availabilityZones: plan.availabilityZones ?? 1, name }).side
      : NetworkSide.fromAttributes(existingVpc);
  const transitGateway =
    existingTransitGateway === undefined
      ? newHub(networkStack, {
          name,
          amazonSideAsn: plan.amazonSideAsn ?? 64512 + index,
          isAsked: index < regions.length - 1,
        })
      : TransitGatewayHub.fromTransitGatewayAttributes(networkStack, "TransitGateway", existingTransitGateway);
  const others = regions.filter((each) => each !== plan).flatMap(blocksOf);
  new TransitGatewayVpcAttachment(networkStack, "Attachment", {
    transitGateway,
    vpc,
    segment,
    destinationCidrBlocks: others,
  });
  const { vpcId, subnetIds } = vpc;
  if (sessionManagerEndpoints)
    new SessionManagerEndpoints(networkStack, "Endpoints", { vpcId, subnetIds, cidrBlocks: blocksOf(plan) });
  const probeInstance = probeInstances
    ? new ProbeInstance(workloadStack, "Probe", { vpcId, subnetIds, pingedFrom: others, name })
    : undefined;
  return {
    region,
    networkStack,
    workloadStack,
    vpc,
    transitGateway,
    ...(probeInstance !== undefined && { probeInstance }),
  };
}

function makeStack(
  scope: GlobalNetwork,
  part: string,
  { region }: GlobalNetworkRegion,
  { account }: GlobalNetworkProps,
): Stack {
  const stack = new Stack(scope, `${region}-${part}`, {
    stackName: `${scope.node.id}-${region}-${part}`,
    env: { region, ...(account !== undefined && { account }) },
    crossRegionReferences: true,
  });
  // CDK's own functions for references across Regions say twice that they depend on their roles.
  stack.templateOptions.metadata = { "cfn-lint": { config: { ignore_checks: ["W3005"] } } };
  // With weak ones a gateway that is replaced would leave the other Region with the old one's id, and nothing would say so.
  if (stack.node.tryGetContext(DEFAULT_CROSS_STACK_REFERENCES) === undefined)
    CrossStackReferences.of(stack).consume(ReferenceStrength.STRONG);
  return stack;
}

interface HubPlan {
  readonly name: string;
  readonly amazonSideAsn: number;
  /** Whether later Regions ask it for peerings. */
  readonly isAsked: boolean;
}

function newHub(stack: Stack, { name, amazonSideAsn, isAsked }: HubPlan): TransitGatewayHub {
  const hub = new TransitGatewayHub(stack, "TransitGateway", { amazonSideAsn, name, segments: [{ name: segment }] });
  if (isAsked) hub.deleteAfterPeerings();
  return hub;
}

/** The later Region asks in its network stack; then the earlier one accepts in its workload stack, and last the later one routes. */
function peer(accepter: GlobalNetworkSite, requester: GlobalNetworkSite): void {
  const peering = new TransitGatewayPeering(requester.networkStack, `Peering-${accepter.region}`, {
    requester: requester.transitGateway,
    accepter: accepter.transitGateway,
  });
  peering.accepterEnd(accepter.workloadStack, `Peering-${requester.region}`, {
    segment,
    destinationCidrBlocks: requester.vpc.cidrBlocks,
  });
  peering.requesterEnd(requester.workloadStack, `Peering-${accepter.region}`, {
    segment,
    destinationCidrBlocks: accepter.vpc.cidrBlocks,
  });
  requester.workloadStack.addStackDependency(accepter.workloadStack, "a peering is routed to when it was accepted");
}

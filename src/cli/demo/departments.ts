/**
 * The story of three departments: Marketing and Developer need Finance's server, and must not reach each other.
 * It goes the way that people go in a console walk-through, with the check after every change that the walk-through leaves out.
 */

import { text } from "../api/xml.ts";
import { type Place, readPicture } from "./departments-picture.ts";
import type { Picture } from "./picture.ts";
import { amazonLinux, running } from "./servers.ts";
import type { Scene, Stage } from "./stage.ts";
import { named, type Story } from "./story.ts";

interface Plan {
  readonly name: "Marketing" | "Finance" | "Developer";
  readonly vpcCidr: string;
  readonly subnetCidr: string;
  readonly address: string;
}

const marketing: Plan = {
  name: "Marketing",
  vpcCidr: "10.10.0.0/16",
  subnetCidr: "10.10.1.0/24",
  address: "10.10.1.10",
};
const finance: Plan = {
  name: "Finance",
  vpcCidr: "172.31.0.0/16",
  subnetCidr: "172.31.1.0/24",
  address: "172.31.1.20",
};
const developer: Plan = {
  name: "Developer",
  vpcCidr: "10.20.0.0/16",
  subnetCidr: "10.20.1.0/24",
  address: "10.20.1.30",
};

/** Where departments stand in the picture, from the left: Finance is the hub. */
const [left, middle, right] = [0, 1, 2];

export const departmentsStory: Story = {
  title: "Three departments",
  subtitle: "a ping that hangs, and then arrives",
  region: "us-east-1",
  stages: departmentsStages,
  tries: [
    "npx causeway ping MarketingServer FinanceServer",
    "npx causeway exec MarketingServer",
    "aws ec2 describe-vpc-peering-connections",
  ],
  page: "docs/tutorial/three-departments.md",
};

/** The stages, in order; they share one network, so that each can be played once. */
function departmentsStages(): readonly Stage[] {
  const places = new Map<Plan, DepartmentIds>();
  const ids = (plan: Plan): DepartmentIds => {
    const found = places.get(plan);
    if (found === undefined) throw new Error(`bug: ${plan.name} is not built yet`);
    return found;
  };
  let marketingFinance = "";
  let developerFinance = "";
  let before: Picture | undefined;

  const picture = async (scene: Scene): Promise<Picture> => {
    before = await readPicture(scene, [ids(marketing).place, ids(finance).place, ids(developer).place], before);
    return before;
  };
  const stage = (title: string, why: string, play: Stage["play"]): Stage => ({ title, why, play, picture });

  return [
    stage(
      "Three departments, three islands",
      "A VPC is a private network in AWS, and an island: nothing crosses its shore unless somebody builds a way. Marketing, Finance and Developer have one each, with a server in it. Only Marketing's has a way to the internet.",
      async (scene) => {
        const image = await amazonLinux(scene);
        places.set(marketing, await build(scene, marketing, image));
        scene.changed("Finance and Developer are built likewise, but get no internet gateway and no public address.");
        places.set(finance, await build({ ...scene, aws: scene.repeat }, finance, image));
        places.set(developer, await build({ ...scene, aws: scene.repeat }, developer, image));
      },
    ),

    stage(
      "The ping that hangs",
      "Marketing needs Finance's server. The only route that fits 172.31.1.20 leads to the internet, where private addresses lead nowhere. AWS drops the packet without a word: the ping just hangs.",
      (scene) => pingFinance(scene, { end: "own-router", because: "no route to Finance" }),
    ),

    stage(
      "Marketing asks for a peering connection",
      "A peering connection joins two VPCs. One side asks, and nothing is joined before the other side has accepted.",
      async (scene) => {
        const answer = await scene.aws("CreateVpcPeeringConnection", {
          VpcId: ids(marketing).place.vpcId,
          PeerVpcId: ids(finance).place.vpcId,
          TagSpecifications: named("vpc-peering-connection", "Marketing <> Finance"),
        });
        marketingFinance = text(answer, "vpcPeeringConnection", "vpcPeeringConnectionId");
        await awaitStatus(scene, marketingFinance, "pending-acceptance");
        scene.changed(`${marketingFinance} is pending-acceptance, for seven days at most.`);
        await pingFinance(scene, { end: "own-router", because: "asked for, not accepted; and still no route" });
      },
    ),

    stage(
      "Finance accepts, and the ping still hangs",
      "The connection is active, but a connection is not a route: Marketing's router has not been told to use it.",
      async (scene) => {
        await accept(scene, marketingFinance);
        scene.changed(`${marketingFinance} is active.`);
        await pingFinance(
          scene,
          { end: "own-router", because: "the connection is there; no route leads to it" },
          { hop: marketingFinance, requests: 0, replies: 0 },
        );
      },
    ),

    stage(
      "A route on one side only",
      "Marketing now sends Finance's addresses into the peering connection, and the packets do cross. Yet the ping looks exactly as before: two things are missing in Finance, a rule that lets it in and a route for the answer.",
      async (scene) => {
        await route(scene, ids(marketing), finance.vpcCidr, marketingFinance);
        scene.changed("Marketing's route table: 172.31.0.0/16 goes to the peering connection.");
        await pingFinance(
          scene,
          { end: "other-side", because: "crosses, and is dropped at the server" },
          { hop: marketingFinance, requests: 2, replies: 0 },
        );
      },
    ),

    stage(
      "Routes on both sides, and it still hangs",
      "Both route tables are right, and nothing changes, because the server's security group, its own firewall, lets nothing in. Here most walk-throughs have people checking their routes again.",
      async (scene) => {
        await route(scene, ids(finance), marketing.vpcCidr, marketingFinance);
        scene.changed("Finance's route table: 10.10.0.0/16 goes back through the peering connection.");
        await pingFinance(
          scene,
          { end: "other-side", because: "the security group lets nothing in" },
          { hop: marketingFinance, requests: 2, replies: 0 },
        );
      },
    ),

    stage(
      "One rule, and the reply",
      "Finance lets ICMP (ping) in from Marketing. The reply needs no rule of its own: a security group is stateful and lets answers pass.",
      async (scene) => {
        await allowPing(scene, ids(finance), marketing.vpcCidr);
        scene.changed("FinanceServerSecurityGroup: ICMP from 10.10.0.0/16 may come in.");
        await pingFinance(
          scene,
          { end: "reply", because: "a reply" },
          { hop: marketingFinance, requests: 2, replies: 2 },
        );
      },
    ),

    stage(
      "Developer reaches Finance too",
      "Developer needs all of it once more: a peering connection of its own, a route on both sides, a rule.",
      async (scene) => {
        const answer = await scene.aws("CreateVpcPeeringConnection", {
          VpcId: ids(developer).place.vpcId,
          PeerVpcId: ids(finance).place.vpcId,
          TagSpecifications: named("vpc-peering-connection", "Developer <> Finance"),
        });
        developerFinance = text(answer, "vpcPeeringConnection", "vpcPeeringConnectionId");
        await accept(scene, developerFinance);
        await route(scene, ids(developer), finance.vpcCidr, developerFinance);
        await route(scene, ids(finance), developer.vpcCidr, developerFinance);
        await allowPing(scene, ids(finance), developer.vpcCidr);
        scene.changed(`${developerFinance} is active, with a route on both sides and a rule for ICMP.`);
        await scene.ping({
          from: "DeveloperServer",
          to: "FinanceServer",
          replies: true,
          packet: { from: right, to: middle, end: "reply", because: "a reply" },
          watch: { hop: developerFinance, called: `${developerFinance} (tcpdump)`, requests: 2, replies: 2 },
        });
      },
    ),

    stage(
      "Marketing and Developer stay apart",
      "Both reach Finance. Do they reach each other through it? Let us try hard: routes through Finance on every side, and a rule that would let the ping in. It does not pass. A peering connection carries only its own two VPCs; peering is not transitive.",
      async (scene) => {
        await route(scene, ids(marketing), developer.vpcCidr, marketingFinance);
        await route(scene, ids(developer), marketing.vpcCidr, developerFinance);
        await allowPing(scene, ids(developer), marketing.vpcCidr);
        scene.changed(
          "Every route table now points through Finance, and DeveloperServer would let Marketing's ping in.",
        );
        await scene.ping({
          from: "MarketingServer",
          to: "DeveloperServer",
          replies: false,
          packet: {
            from: left,
            to: right,
            end: "connection",
            because: "a peering connection carries only its own two VPCs",
          },
          watch: { hop: developerFinance, called: `${developerFinance} (tcpdump)`, requests: 0, replies: 0 },
        });
      },
    ),
  ];
}

interface DepartmentIds {
  readonly place: Place;
  readonly routeTableId: string;
  readonly groupId: string;
}

/** One department: VPC, subnet, server; Marketing's with a way to the internet. */
async function build(scene: Scene, plan: Plan, imageId: string): Promise<DepartmentIds> {
  const { name, vpcCidr, subnetCidr, address } = plan;
  const vpcId = text(
    await scene.aws("CreateVpc", { CidrBlock: vpcCidr, TagSpecifications: named("vpc", name) }),
    "vpc",
    "vpcId",
  );
  const subnetId = text(
    await scene.aws("CreateSubnet", {
      VpcId: vpcId,
      CidrBlock: subnetCidr,
      TagSpecifications: named("subnet", `${name}Subnet`),
    }),
    "subnet",
    "subnetId",
  );
  const tables = await scene.look("DescribeRouteTables", { Filters: [{ Name: "vpc-id", Values: [vpcId] }] });
  const routeTableId = text(tables, "routeTableSet", "item", "routeTableId");
  if (plan === marketing) await openToInternet(scene, vpcId, subnetId, routeTableId);

  const groupId = text(
    await scene.aws("CreateSecurityGroup", {
      VpcId: vpcId,
      GroupName: `${name}ServerSecurityGroup`,
      Description: `What ${name}Server lets in`,
    }),
    "groupId",
  );
  const started = await scene.aws("RunInstances", {
    ImageId: imageId,
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
    PrivateIpAddress: address,
    SecurityGroupIds: [groupId],
    TagSpecifications: named("instance", `${name}Server`),
  });
  await running(scene, text(started, "instancesSet", "item", "instanceId"));
  return {
    routeTableId,
    groupId,
    place: { name, cidr: vpcCidr, server: `${name}Server`, address, vpcId, routeTableId, groupId },
  };
}

async function openToInternet(scene: Scene, vpcId: string, subnetId: string, routeTableId: string): Promise<void> {
  const answer = await scene.aws("CreateInternetGateway", {});
  const gatewayId = text(answer, "internetGateway", "internetGatewayId");
  await scene.aws("AttachInternetGateway", { InternetGatewayId: gatewayId, VpcId: vpcId });
  await scene.aws("CreateRoute", {
    RouteTableId: routeTableId,
    DestinationCidrBlock: "0.0.0.0/0",
    GatewayId: gatewayId,
  });
  await scene.aws("ModifySubnetAttribute", { SubnetId: subnetId, MapPublicIpOnLaunch: { Value: true } });
}

async function awaitStatus(scene: Scene, connectionId: string, expected: string): Promise<void> {
  const read = async () => {
    const answer = await scene.look("DescribeVpcPeeringConnections", { VpcPeeringConnectionIds: [connectionId] });
    return text(answer, "vpcPeeringConnectionSet", "item", "status", "code");
  };
  await scene.awaitState(connectionId, read, expected);
}

async function accept(scene: Scene, connectionId: string): Promise<void> {
  await scene.aws("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: connectionId });
  await awaitStatus(scene, connectionId, "active");
}

async function route(scene: Scene, of: DepartmentIds, destination: string, connectionId: string): Promise<void> {
  await scene.aws("CreateRoute", {
    RouteTableId: of.routeTableId,
    DestinationCidrBlock: destination,
    VpcPeeringConnectionId: connectionId,
  });
}

async function allowPing(scene: Scene, of: DepartmentIds, source: string): Promise<void> {
  await scene.aws("AuthorizeSecurityGroupIngress", {
    GroupId: of.groupId,
    IpProtocol: "icmp",
    FromPort: -1,
    ToPort: -1,
    CidrIp: source,
  });
}

function pingFinance(
  scene: Scene,
  { end, because }: Pick<NonNullable<Picture["packet"]>, "end" | "because">,
  watch?: { readonly hop: string; readonly requests: number; readonly replies: number },
): Promise<void> {
  return scene.ping({
    from: "MarketingServer",
    to: "FinanceServer",
    replies: end === "reply",
    packet: { from: left, to: middle, end, because },
    ...(watch !== undefined && { watch: { ...watch, called: `${watch.hop} (tcpdump)` } }),
  });
}

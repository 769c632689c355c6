/**
 * Marketing, Finance and Developer: three VPCs, and the way to a ping that arrives. `-c state=…` says how far it has come; each state
 * changes what the one before it lacked.
 */
import { App, Stack } from "aws-cdk-lib";
import * as ec2 from "aws-cdk-lib/aws-ec2";
import { Endpoint, NetworkSide, PrivateVpc, ProbeInstance, Reachability, VpcPeering } from "causeway-net/cdk";

/** In this order. */
const states = ["isolated", "peered", "routed", "open", "all"];

const app = new App();
const state = states.indexOf(app.node.tryGetContext("state") ?? "all");
if (state < 0) throw new Error(`-c state= is one of ${states.join(", ")}`);
const has = (wanted: string): boolean => state >= states.indexOf(wanted);

const stack = new Stack(app, "Departments");

const marketing = new ec2.Vpc(stack, "Marketing", {
  ipAddresses: ec2.IpAddresses.cidr("10.10.0.0/16"),
  maxAzs: 1,
  natGateways: 0,
  subnetConfiguration: [{ name: "Public", subnetType: ec2.SubnetType.PUBLIC, cidrMask: 24 }],
});
const finance = new PrivateVpc(stack, "Finance", { cidrBlock: "172.31.0.0/16" });
const developer = new PrivateVpc(stack, "Developer", { cidrBlock: "10.20.0.0/16" });

const server = (id: string, vpcId: string, subnetIds: string[]) =>
  new ProbeInstance(stack, id, { vpcId, subnetIds, name: id });
const marketingServer = server(
  "MarketingServer",
  marketing.vpcId,
  marketing.selectSubnets({ subnetType: ec2.SubnetType.PUBLIC }).subnetIds,
);
const financeServer = server("FinanceServer", finance.vpc.vpcId, finance.subnetIds);
const developerServer = server("DeveloperServer", developer.vpc.vpcId, developer.subnetIds);

/** A peering with Finance carries nothing before both sides' tables know it, and nothing arrives before the server's group lets it in. */
function peerWithFinance(id: string, vpcId: string, cidrBlocks: string[], routeTableIds: string[]): void {
  const tables = (ids: string[]): string[] => (has("routed") ? ids : []);
  new VpcPeering(stack, id, {
    name: id.replace("To", " <> "),
    requester: NetworkSide.fromAttributes({ vpcId, cidrBlocks, routeTableIds: tables(routeTableIds) }),
    accepter: NetworkSide.fromAttributes({
      vpcId: finance.vpc.vpcId,
      cidrBlocks: finance.side.cidrBlocks,
      routeTableIds: tables(finance.side.routeTableIds),
      securityGroups: has("open") ? [financeServer.securityGroup] : [],
    }),
  });
}

if (has("peered")) {
  const routeTableIds = marketing.publicSubnets.map(({ routeTable }) => routeTable.routeTableId);
  peerWithFinance("MarketingToFinance", marketing.vpcId, ["10.10.0.0/16"], routeTableIds);
}
if (has("all")) {
  const { vpcId, cidrBlocks, routeTableIds } = developer.side;
  peerWithFinance("DeveloperToFinance", vpcId, cidrBlocks, routeTableIds);
}

// What each state comes to, judged whenever the app is synthesized. Two that peer with Finance do not reach each other: peering is not transitive.
const promises = Reachability.of(stack);
const toFinance = Endpoint.probe(financeServer);
const fromMarketing = Endpoint.probe(marketingServer);
const fromDeveloper = Endpoint.probe(developerServer);
if (has("open")) promises.expect(fromMarketing, toFinance);
else promises.expectNot(fromMarketing, toFinance);
if (has("all")) promises.expect(fromDeveloper, toFinance);
else promises.expectNot(fromDeveloper, toFinance);
promises.expectNot(fromMarketing, fromDeveloper);
promises.expectNot(Endpoint.internet(), toFinance);

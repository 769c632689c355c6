/**
 * Two instances in peered VPCs against one bare veth pair, in one run: TCP throughput (iperf3) and ping round trips.
 * Goals: TCP 0.8 of the bare pair or better; a ping at most 10 microseconds longer.
 */
import {
  causeway,
  element,
  elements,
  forget,
  run,
  startCloud,
  stopCloud,
  temporaryState,
  which,
} from "./support/cloud.mjs";

if (!(await which("iperf3"))) {
  console.log("iperf3 is not installed: nothing was measured.");
  process.exit(0);
}
const rounds = 3;
const state = temporaryState();
const { ec2 } = await startCloud(state, "--packets", "kernel");
const ends = [];
for (const index of [1, 2]) {
  const cidr = `10.${index}.0.0/16`;
  const vpcId = element(await ec2("CreateVpc", { CidrBlock: cidr }), "vpcId");
  const subnetId = element(await ec2("CreateSubnet", { VpcId: vpcId, CidrBlock: `10.${index}.1.0/24` }), "subnetId");
  const groupId = element(
    await ec2("CreateSecurityGroup", { VpcId: vpcId, GroupName: "bench", GroupDescription: "bench" }),
    "groupId",
  );
  await ec2("AuthorizeSecurityGroupIngress", {
    GroupId: groupId,
    "IpPermissions.1.IpProtocol": "-1",
    "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
  });
  const xml = await ec2("RunInstances", {
    ImageId: "ami-0123456789abcdef0",
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
    "SecurityGroupId.1": groupId,
  });
  const routeTableId = element(
    await ec2("DescribeRouteTables", { "Filter.1.Name": "vpc-id", "Filter.1.Value.1": vpcId }),
    "routeTableId",
  );
  ends.push({
    vpcId,
    cidr,
    routeTableId,
    instanceId: elements(xml, "instanceId")[0],
    address: element(xml, "privateIpAddress"),
  });
}
const [a, b] = ends;
const pcx = element(
  await ec2("CreateVpcPeeringConnection", { VpcId: a.vpcId, PeerVpcId: b.vpcId }),
  "vpcPeeringConnectionId",
);
await ec2("AcceptVpcPeeringConnection", { VpcPeeringConnectionId: pcx });
await ec2("CreateRoute", { RouteTableId: a.routeTableId, DestinationCidrBlock: b.cidr, VpcPeeringConnectionId: pcx });
await ec2("CreateRoute", { RouteTableId: b.routeTableId, DestinationCidrBlock: a.cidr, VpcPeeringConnectionId: pcx });

const inside = (end, ...words) =>
  run(process.execPath, [causeway, "exec", end.instanceId, "--state", state, "--", ...words]);
const bareScript = `
ip link set lo up
ip link add near type veth peer name far
unshare -n sleep 60 & peer=$!
sleep 0.2
ip link set far netns $peer
ip addr add 10.9.0.1/24 dev near; ip link set near mtu 9001 up
nsenter -t $peer -n ip addr add 10.9.0.2/24 dev far; nsenter -t $peer -n ip link set far mtu 9001 up; nsenter -t $peer -n ip link set lo up
nsenter -t $peer -n iperf3 -s -1 >/dev/null 2>&1 &
sleep 0.3
iperf3 -c 10.9.0.2 -t 3 -J
echo SPLIT
ping -f -c 20000 10.9.0.2 | tail -2
kill $peer`;

const results = { ours: { gbits: [], micros: [] }, bare: { gbits: [], micros: [] } };
for (let round = 0; round < rounds; round += 1) {
  const server = inside(b, "iperf3", "-s", "-1");
  await new Promise((resolve) => setTimeout(resolve, 600));
  const { stdout } = await inside(a, "iperf3", "-c", b.address, "-t", "3", "-J");
  await server;
  results.ours.gbits.push(JSON.parse(stdout).end.sum_received.bits_per_second / 1e9);
  results.ours.micros.push(roundTrip((await inside(a, "ping", "-f", "-c", "20000", b.address)).stdout));
  const [json, ping] = (await run("unshare", ["-Urn", "sh", "-c", bareScript])).stdout.split("SPLIT");
  results.bare.gbits.push(JSON.parse(json).end.sum_received.bits_per_second / 1e9);
  results.bare.micros.push(roundTrip(ping));
}
await stopCloud(state);
forget(state);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [ourTcp, bareTcp] = [mean(results.ours.gbits), mean(results.bare.gbits)];
const [ourPing, barePing] = [mean(results.ours.micros), mean(results.bare.micros)];
console.log(
  `TCP   peered ${ourTcp.toFixed(1)} Gbit/s, bare veth ${bareTcp.toFixed(1)} Gbit/s: ratio ${(ourTcp / bareTcp).toFixed(2)} (goal: 0.8)`,
);
console.log(
  `ping  peered ${ourPing.toFixed(1)} µs, bare veth ${barePing.toFixed(1)} µs: ${(ourPing - barePing).toFixed(1)} µs more (goal: at most 10)`,
);

function roundTrip(text) {
  const found = /= [\d.]+\/([\d.]+)\//.exec(text);
  if (found === null) throw new Error(`no round trip in ${text}`);
  return Number(found[1]) * 1000;
}

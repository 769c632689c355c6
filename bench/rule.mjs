/**
 * One security-group rule: from the API call to the first packet that passes, 1,000 times, in a network of 100 instances, after
 * 100 that warm the new process up (they are printed too). After each call one TCP probe is sent at once and must be answered.
 * Goal: 5 ms at p99.
 */
import { element, elements, forget, quantile, startCloud, stopCloud, temporaryState } from "./support/cloud.mjs";
import { control } from "./support/control.mjs";

const state = temporaryState();
const { ec2 } = await startCloud(state, "--packets", "kernel");
const vpcId = element(await ec2("CreateVpc", { CidrBlock: "10.0.0.0/16" }), "vpcId");
const subnetId = element(await ec2("CreateSubnet", { VpcId: vpcId, CidrBlock: "10.0.1.0/24" }), "subnetId");
const groupId = element(
  await ec2("CreateSecurityGroup", { VpcId: vpcId, GroupName: "bench", GroupDescription: "bench" }),
  "groupId",
);
const instances = elements(
  await ec2("RunInstances", {
    ImageId: "ami-0123456789abcdef0",
    MinCount: 100,
    MaxCount: 100,
    SubnetId: subnetId,
    "SecurityGroupId.1": groupId,
  }),
  "instanceId",
);

const warmUp = 100;
const times = [];
const probes = [];
for (let round = 0; round < warmUp + 1000; round += 1) {
  const port = 10_000 + round;
  const rule = {
    GroupId: groupId,
    "IpPermissions.1.IpProtocol": "tcp",
    "IpPermissions.1.FromPort": port,
    "IpPermissions.1.ToPort": port,
    "IpPermissions.1.IpRanges.1.CidrIp": "10.0.1.0/24",
  };
  const began = performance.now();
  await ec2("AuthorizeSecurityGroupIngress", rule);
  const answered = performance.now();
  const result = await control(state, {
    do: "probe",
    from: instances[0],
    to: instances[99],
    protocol: "tcp",
    port,
    family: "any",
  });
  if (result.outcome !== "answered") throw new Error(`round ${round}: ${JSON.stringify(result)}`);
  times.push(answered - began + result.roundTripMs);
  probes.push(result.roundTripMs);
  await ec2("RevokeSecurityGroupIngress", rule);
}
await stopCloud(state);
forget(state);
const cold = times.splice(0, warmUp);
console.log(
  `API call to first packet: ${spread(times)} (the TCP connection itself: p50 ${quantile(probes, 0.5).toFixed(2)} ms); goal: 5 ms at p99`,
);
console.log(`the first ${warmUp} after the start: ${spread(cold)}`);

function spread(values) {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((q) => quantile(values, q).toFixed(2));
  return `p50 ${p50} ms, p90 ${p90} ms, p99 ${p99} ms, max ${Math.max(...values).toFixed(2)} ms`;
}

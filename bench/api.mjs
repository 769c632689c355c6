/**
 * Requests per second against moto_server on the same machine, with the same client: DescribeVpcs, and CreateVpc+DeleteVpc pairs.
 * Ours are durable before they are answered. Goal: 20 times moto_server or more.
 */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import {
  client,
  element,
  forget,
  freePort,
  rate,
  startCloud,
  stopCloud,
  temporaryState,
  which,
} from "./support/cloud.mjs";

const seconds = 4;

async function measure(ec2) {
  const pair = async () => {
    const vpcId = element(await ec2("CreateVpc", { CidrBlock: "10.77.0.0/16" }), "vpcId");
    await ec2("DeleteVpc", { VpcId: vpcId });
  };
  const describe = () => ec2("DescribeVpcs");
  await rate(describe, { seconds: 1, lanes: 8 });
  await rate(pair, { seconds: 1, lanes: 1 });
  return {
    "DescribeVpcs, 1 at a time": await rate(describe, { seconds, lanes: 1 }),
    "DescribeVpcs, 8 at a time": await rate(describe, { seconds, lanes: 8 }),
    "CreateVpc+DeleteVpc, 1 at a time": await rate(pair, { seconds, lanes: 1 }),
    "CreateVpc+DeleteVpc, 8 at a time": await rate(pair, { seconds, lanes: 8 }),
  };
}

const state = temporaryState();
const { ec2 } = await startCloud(state);
const ours = await measure(ec2);
await stopCloud(state);
forget(state);

let theirs;
if (await which("moto_server")) {
  const peerPort = await freePort();
  const peer = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(peerPort)], { stdio: "ignore" });
  try {
    const peerEc2 = client(peerPort);
    for (let tries = 0; ; tries += 1) {
      if (
        await peerEc2("DescribeVpcs").then(
          () => true,
          () => false,
        )
      )
        break;
      if (tries > 100) throw new Error("moto_server did not start");
      await sleep(100);
    }
    theirs = await measure(peerEc2);
  } finally {
    peer.kill("SIGKILL");
  }
} else {
  console.log("moto_server is not installed: no ratio can be given.");
}
for (const [what, value] of Object.entries(ours)) {
  const peer = theirs?.[what];
  console.log(
    `${what.padEnd(36)} ${value.toFixed(0).padStart(7)}/s${peer === undefined ? "" : `   moto_server ${peer.toFixed(0).padStart(5)}/s   ratio ${(value / peer).toFixed(1)}`}`,
  );
}

/**
 * The global network, deployed and destroyed by CloudFormation's API with its assembly and assets there already. At AWS's pace, twenty times
 * as fast (`--real`: as fast as AWS; half an hour), against the longest way through the delays that the life cycles declare: goal 1.15. At
 * once: goal 10 s; and, as far as moto_server can make the same templates, against that.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from "@aws-sdk/client-cloudformation";
import { App } from "aws-cdk-lib";
import { GlobalNetwork } from "../dist/cdk/index.js";
import { bundled } from "./support/bundled.mjs";
import { forget, freePort, startCloud, stopCloud, temporaryState, which } from "./support/cloud.mjs";
import { criticalPath, needsOf } from "./support/critical-path.mjs";

const { stacksOf, publish, stackClient } = await bundled(
  "deploying",
  `
  export { publish, stacksOf } from "./test/durability/deploying/assembly.ts";
  export { stackClient } from "./test/durability/deploying/stack-client.ts";
`,
);

const account = "111111111111";
const isReal = process.argv.includes("--real");

/** Longer than any of its stacks takes on AWS. */
const patienceMs = 1_800_000;

/** What moto 5 makes of these templates' types, and what it can not: stacks with the others fail there, or leave them out in silence. */
const madeByMoto = new Set(
  [
    "Route",
    "RouteTable",
    "SecurityGroup",
    "Subnet",
    "SubnetRouteTableAssociation",
    "TransitGateway",
    "VPC",
    "VPCEndpoint",
    "VPCEndpoint",
  ]
    .map((name) => `AWS::EC2::${name}`)
    .concat("AWS::IAM::InstanceProfile", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::Logs::LogGroup"),
);

const folder = mkdtempSync(join(tmpdir(), "causeway-bench-app-"));
try {
  const stacks = stacksOf(synthesize(folder));
  const [pace, factor] = isReal ? ["real", 1] : ["20x", 20];
  for (const [what, took, isDeletion] of await measure(pace, stacks)) {
    const { seconds, steps } = criticalPath(stacks, { isDeletion });
    const least = seconds / factor;
    console.log(
      `${what} at pace ${pace}: ${took.toFixed(1)} s, longest way ${least.toFixed(1)} s (${seconds} s${factor === 1 ? "" : ` by ${factor}`}): ${(took / least).toFixed(2)} (goal: 1.15)`,
    );
    console.log(`  ${steps.map((step) => `${step.what} ${step.seconds}`).join(", ")}`);
  }
  if (!isReal) {
    for (const [what, took] of await measure("instant", stacks))
      console.log(`${what} at pace instant: ${took.toFixed(2)} s (goal: 10)`);
    await againstMoto(stacks);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function synthesize(outdir) {
  process.env.CDK_VALIDATION = "false";
  const app = new App({ outdir, analyticsReporting: false });
  new GlobalNetwork(app, "Global", {
    regions: [
      { region: "us-east-1", cidrBlock: "172.16.0.0/24" },
      { region: "eu-west-1", cidrBlock: "172.16.1.0/24" },
    ],
    probeInstances: true,
    sessionManagerEndpoints: true,
  });
  return app.synth().directory;
}

/** Seconds of a deployment and of the destruction after it, on a cloud of their own. */
function measure(pace, stacks) {
  return onCloudOfItsOwn(pace, async (endpoint) => {
    await publish([folder], endpoint, account);
    return timed(endpoint, stacks);
  });
}

async function onCloudOfItsOwn(pace, work) {
  const state = temporaryState();
  const { port } = await startCloud(state, "--pace", pace);
  try {
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    await stopCloud(state);
    forget(state);
  }
}

async function timed(endpoint, stacks) {
  const client = stackClient(endpoint, account, { patienceMs });
  const took = [];
  for (const [what, work, end] of [
    ["deploy", client.deploy, "CREATE_COMPLETE"],
    ["destroy", client.destroy, "DELETE_COMPLETE"],
  ]) {
    const began = performance.now();
    const statuses = Object.entries(await work(stacks));
    took.push([what, (performance.now() - began) / 1000, what === "destroy"]);
    const wrong = statuses.find(([, status]) => status !== end);
    if (wrong !== undefined) throw new Error(`${wrong[0]} came to ${wrong[1]}`);
  }
  client.close();
  return took;
}

async function againstMoto(stacks) {
  if (!(await which("moto_server"))) {
    console.log("moto_server is not installed: no ratio can be given.");
    return;
  }
  const both = stacks.map(reduced);
  const left = new Set(both.flatMap(({ leftOut }) => leftOut));
  console.log(`left out on both sides, since moto can not make them or what they need: ${[...left].sort().join(", ")}`);
  const ours = await onCloudOfItsOwn("instant", (endpoint) => plainly(endpoint, both));
  const peerPort = await freePort();
  const peer = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(peerPort)], { stdio: "ignore" });
  try {
    await answering(peerPort);
    const theirs = await plainly(`http://127.0.0.1:${peerPort}`, both);
    if (theirs.complaint !== undefined) console.log(`moto_server does not delete what it made: ${theirs.complaint}`);
    for (const what of ["deploy", "destroy"].filter((each) => theirs[each] !== undefined)) {
      const took = ours[what];
      console.log(
        `${what} of the ${both.flatMap(({ kept }) => kept).length} resources that are left: ${took.toFixed(2)} s, moto_server ${theirs[what].toFixed(2)} s: ${(theirs[what] / took).toFixed(1)} times`,
      );
    }
  } finally {
    peer.kill("SIGKILL");
  }
}

/** The stack without what moto can not make, and written as moto can read it: some ids it knows by Ref only, and it asks for descriptions. */
function reduced({ name, region, template }) {
  const { Resources, Outputs = {} } = JSON.parse(template);
  const kept = { ...Resources };
  for (let before; before !== Object.keys(kept).length; ) {
    before = Object.keys(kept).length;
    for (const [id, resource] of Object.entries(kept)) {
      const isWhole = [...needsOf(resource, Resources)].every((need) => Object.hasOwn(kept, need));
      if (!madeByMoto.has(resource.Type) || !isWhole) delete kept[id];
    }
  }
  for (const each of Object.values(kept))
    if (each.Type === "AWS::EC2::TransitGateway") each.Properties.Description = name;
  const outputs = Object.entries(Outputs).filter(([, output]) =>
    [...needsOf({ Properties: output }, Resources)].every((need) => Object.hasOwn(kept, need)),
  );
  const text = JSON.stringify({ Resources: kept, Outputs: Object.fromEntries(outputs) });
  return {
    name,
    region,
    template: text.replaceAll(/\{"Fn::GetAtt":\["(\w+)","(?:Id|RouteTableId|SubnetId|VpcId)"\]\}/g, '{"Ref":"$1"}'),
    kept: Object.keys(kept),
    leftOut: Object.entries(Resources).flatMap(([id, { Type }]) => (Object.hasOwn(kept, id) ? [] : Type)),
  };
}

/** Seconds of one stack after the other, without change sets, which moto has for show. */
async function plainly(endpoint, stacks) {
  const credentials = { accessKeyId: account, secretAccessKey: "causeway" };
  const clients = new Map(
    stacks.map(({ region }) => [region, new CloudFormationClient({ endpoint, region, credentials, maxAttempts: 1 })]),
  );
  const settled = async (region, StackName) => {
    for (;;) {
      const { Stacks } = await clients.get(region).send(new DescribeStacksCommand({ StackName }));
      if (!Stacks[0].StackStatus.endsWith("_IN_PROGRESS")) return Stacks[0].StackStatus;
      await sleep(20);
    }
  };
  const ids = new Map();
  const began = performance.now();
  for (const { name: StackName, region, template: TemplateBody, kept } of stacks) {
    const client = clients.get(region);
    const asked = new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_IAM"] });
    ids.set(StackName, (await client.send(asked)).StackId);
    const status = await settled(region, StackName);
    const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName }));
    if (status !== "CREATE_COMPLETE" || StackResources.length !== kept.length)
      throw new Error(`${endpoint}: ${StackName} came to ${status} with ${StackResources.length} of ${kept.length}`);
  }
  const deploy = (performance.now() - began) / 1000;
  const complaint = await refusal(async () => {
    for (const { name, region } of [...stacks].reverse()) {
      await clients.get(region).send(new DeleteStackCommand({ StackName: name }));
      const status = await settled(region, ids.get(name));
      if (status !== "DELETE_COMPLETE") throw new Error(`${name} came to ${status}`);
    }
  });
  const destroy = (performance.now() - began) / 1000 - deploy;
  for (const client of clients.values()) client.destroy();
  return complaint === undefined ? { deploy, destroy } : { deploy, complaint };
}

async function refusal(work) {
  try {
    await work();
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
  return undefined;
}

async function answering(port) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await fetch(`http://127.0.0.1:${port}/`).then(Boolean, () => false)) return;
    await sleep(100);
  }
  throw new Error("moto_server did not start");
}

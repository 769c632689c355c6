/** From `causeway up` to the first answered DescribeVpcs, seven starts, each on an empty state folder. Goal: a median below 0.4 s. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { causeway, client, forget, freePort, quantile, temporaryState } from "./support/cloud.mjs";

const times = [];
for (let start = 0; start < 7; start += 1) {
  const state = temporaryState();
  const port = await freePort();
  const began = performance.now();
  const cloud = spawn(process.execPath, [causeway, "up", "--port", String(port), "--state", state], {
    stdio: "ignore",
  });
  const ec2 = client(port, { keepAlive: false });
  for (let tries = 0; ; tries += 1) {
    if (
      await ec2("DescribeVpcs").then(
        () => true,
        () => false,
      )
    )
      break;
    if (tries > 2_000) throw new Error("the cloud did not start");
    await sleep(2);
  }
  times.push(performance.now() - began);
  cloud.kill("SIGTERM");
  await once(cloud, "exit");
  forget(state);
}
console.log(
  `up to the first answer: median ${quantile(times, 0.5).toFixed(0)} ms, of ${times.map((time) => time.toFixed(0)).join(", ")} ms (goal: below 400)`,
);

/** Servers of a demo: which image they are started from, and waiting until they run. */

import { text } from "../api/xml.ts";
import type { Scene } from "./stage.ts";

/** Any image does: an instance runs this machine's programs. */
export async function amazonLinux(scene: Scene): Promise<string> {
  const images = await scene.look("DescribeImages", {
    Owners: ["amazon"],
    Filters: [
      { Name: "name", Values: ["al2023-ami-2023*"] },
      { Name: "architecture", Values: ["x86_64"] },
    ],
  });
  return text(images, "imagesSet", "item", "imageId");
}

/** Resolves when the instance runs. */
export async function running(scene: Scene, instanceId: string): Promise<void> {
  await scene.awaitState(instanceId, () => instanceState(scene, instanceId), "running");
}

export async function instanceState(scene: Scene, instanceId: string): Promise<string> {
  const answer = await scene.look("DescribeInstances", { InstanceIds: [instanceId] });
  return text(answer, "reservationSet", "item", "instancesSet", "item", "instanceState", "name");
}

/** A local cloud of one case, behind its real API, and the SDK clients that talk to it. Ids and addresses of the case on the left, the cloud's on the right. */
import { EC2 } from "@aws-sdk/client-ec2";
import { RAM } from "@aws-sdk/client-ram";
import { startApiServer } from "../../../src/cloud/index.ts";
import { type TestCloud, testCloud } from "../../../src/cloud/test-cloud.ts";
import { cidrContains, cidrFrom, familyOf, formatCidr } from "../../../src/ip/index.ts";

export interface Place {
  readonly ownerId: string;
  readonly region: string;
}

export interface Site {
  readonly endpoint: string;
  ec2(place: Place): EC2;
  ram(place: Place): RAM;
  /** Lets everything come to the state that it is on its way to. */
  settle(): void;
  /** The cloud's id for the case's. */
  id(caseId: string): string;
  setId(caseId: string, id: string | undefined): void;
  /** The address or block as the cloud has it: public addresses and IPv6 blocks are the cloud's own choice. */
  address(text: string): string;
  setAddress(text: string, cloudText: string | undefined): void;
  /** A text of the cloud's with the case's ids. */
  inWordsOfTheCase(text: string): string;
  close(): Promise<void>;
}

const settledMs = 600_000;

export async function startSite(): Promise<Site> {
  const cloud: TestCloud = testCloud({ mode: "model" });
  const api = await startApiServer({
    port: 0,
    cloud: () => cloud.cloud,
    onFault: (message) => cloud.faults.push(message),
  });
  const endpoint = `http://127.0.0.1:${api.port}`;
  const clients = new Map<string, EC2>();
  const ids = new Map<string, string>();
  const addresses = new Map<string, string>();
  const options = ({ ownerId, region }: Place) => ({
    endpoint,
    region,
    credentials: { accessKeyId: ownerId, secretAccessKey: "causeway" },
    maxAttempts: 1,
  });
  return {
    endpoint,
    ec2(place) {
      const key = `${place.ownerId} ${place.region}`;
      const client = clients.get(key) ?? new EC2(options(place));
      clients.set(key, client);
      return client;
    },
    ram: (place) => new RAM(options(place)),
    settle: () => cloud.advance(settledMs),
    id(caseId) {
      const id = ids.get(caseId);
      if (id === undefined) throw new Error(`${caseId} was not made in the cloud`);
      return id;
    },
    setId(caseId, id) {
      if (id === undefined) throw new Error(`the cloud gave no id for ${caseId}`);
      ids.set(caseId, id);
    },
    address: (text) => addressInCloud(addresses, text),
    setAddress(text, cloudText) {
      if (cloudText === undefined) throw new Error(`the cloud gave nothing for ${text}`);
      addresses.set(text, cloudText);
    },
    inWordsOfTheCase(text) {
      const names = new Map([...ids].map(([caseId, id]) => [id, caseId]));
      return text.replace(/\b[a-z]+(-[a-z]+)?-[0-9a-f]{17}\b/g, (id) => names.get(id) ?? id);
    },
    async close() {
      for (const client of clients.values()) client.destroy();
      await api.close();
      if (cloud.faults.length > 0) throw new Error(cloud.faults.join("\n"));
    },
  };
}

/** Itself, the one that was given for it, or the same place in the block that was given for its block. */
function addressInCloud(addresses: ReadonlyMap<string, string>, text: string): string {
  const [address = "", length] = text.split("/");
  const given = addresses.get(text) ?? addresses.get(address);
  if (given !== undefined) return length === undefined || given.includes("/") ? given : `${given}/${length}`;
  if (familyOf(text) === "ipv4") return text;
  for (const [block, cloudBlock] of addresses) {
    if (block.includes("/") && familyOf(block) === "ipv6" && cidrContains(block, text))
      return moved(block, cloudBlock, text);
  }
  return text;
}

function moved(block: string, cloudBlock: string, text: string): string {
  const [from, to, what] = [block, cloudBlock, text.includes("/") ? text : `${text}/128`].map((each) => cidrFrom(each));
  if (from?.family !== "ipv6" || to?.family !== "ipv6" || what?.family !== "ipv6") throw new Error("bug: not IPv6");
  const result = formatCidr({ ...what, network: what.network - from.network + to.network });
  return text.includes("/") ? result : result.replace("/128", "");
}

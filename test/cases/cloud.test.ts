/**
 * The cases, made in the local cloud by calls of the real SDK, read back as a live account is, and asked of the engine: the same verdicts, for
 * the same reasons. What the API cannot make is left out by name, in the case.
 */
import { expect, test } from "vitest";
import { collect, loadSdk, sdkReader } from "../../src/collect/index.ts";
import { ingestDescribeAnswers } from "../../src/ingest/index.ts";
import type { NetworkModel } from "../../src/model/index.ts";
import { explain, type Flow, type FlowEnd } from "../../src/reachability/index.ts";
import { isExpected, verdictWords } from "../../src/testing/index.ts";
import { caseFiles } from "./case-files.ts";
import { makeNetwork } from "./in-cloud/make-network.ts";
import { type Site, startSite } from "./in-cloud/site.ts";

for (const { file, leftOut, model, questions } of caseFiles()) {
  const { cloud: reason } = leftOut;
  test.skipIf(reason !== undefined)(`${file}${reason === undefined ? "" : `: left out, ${reason}`}`, async () => {
    const site = await startSite();
    try {
      await makeNetwork(site, model);
      const found = await readBack(site, model);
      const verdicts = questions.map((question) => {
        const { text, flow, expected } = question;
        const words = site.inWordsOfTheCase(verdictWords(explain(found, flowInCloud(site, flow))));
        return `${text} ${isExpected(question, words) ? expected : words}`;
      });
      expect(verdicts).toEqual(questions.map(({ text, expected }) => `${text} ${expected}`));
    } finally {
      await site.close();
    }
  });
}

async function readBack({ endpoint }: Site, model: NetworkModel): Promise<NetworkModel> {
  const sdk = await loadSdk();
  if (sdk === undefined) throw new Error("the SDK is a development dependency");
  const accounts = new Set(model.vpcs.map(({ ownerId }) => ownerId));
  const readers = [...accounts].map((accessKeyId) =>
    sdkReader(sdk, { endpoint, credentials: { accessKeyId, secretAccessKey: "causeway" } }),
  );
  const waiting = { sleep: async () => {}, random: () => 0 };
  const regions = [...new Set(model.vpcs.map(({ region }) => region))];
  const files = await collect({ readers, regions, waiting, onEvent: () => {} });
  const { model: found, problems } = ingestDescribeAnswers(files);
  expect(problems).toEqual([]);
  return found;
}

function flowInCloud(site: Site, { source, destination, ...what }: Flow): Flow {
  return { ...what, source: endInCloud(site, source), destination: endInCloud(site, destination) };
}

function endInCloud(site: Site, end: FlowEnd): FlowEnd {
  const nameIn = (id: string) => site.id(id).slice(id.indexOf("-") + 1);
  switch (end.kind) {
    case "instance":
      return { ...end, instanceId: `i-${nameIn(end.instanceId)}` };
    case "network-interface":
      return { ...end, networkInterfaceId: `eni-${nameIn(end.networkInterfaceId)}` };
    case "address":
      return {
        ...end,
        address: site.address(end.address),
        ...(end.vpcId !== undefined && { vpcId: `vpc-${nameIn(end.vpcId)}` }),
      };
    case "component":
    case "other":
      return { ...end, id: site.id(end.id) };
    case "internet":
      return end;
  }
}

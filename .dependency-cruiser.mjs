/**
 * Who may import whom. The table is the architecture (docs/architecture.md draws it from the code); each rule's comment is
 * written to the person who broke it.
 */
const allowed = {
  ip: [],
  model: ["ip"],
  reachability: ["ip", "model"],
  aws: [],
  host: [],
  ingest: ["ip", "model", "aws"],
  collect: ["aws", "host"],
  deploy: ["ip", "model", "reachability", "ingest", "collect"],
  cloud: ["ip", "model", "reachability", "aws", "ingest"],
  dataplane: ["ip", "model", "host"],
  testing: ["ip", "model", "reachability"],
  cdk: ["ip", "model", "reachability", "ingest"],
  cli: ["ip", "model", "reachability", "aws", "ingest", "collect", "deploy", "cloud", "dataplane", "host"],
};

/** What proves the product, beside it. */
const testCode = "(\\.test\\.ts|\\.fixture\\.ts|/test-[^/]+\\.ts)$";

const reasons = {
  ip: "ip/ is arithmetic on addresses: it must run anywhere, so it imports nothing of ours.",
  model:
    "model/ is readonly data about a network. If it needs more than ip/, the logic belongs to whoever asks the question.",
  reachability:
    "reachability/ answers from a NetworkModel alone. It never asks the data plane, nor that it: each is the other's oracle.",
  aws: "aws/ is AWS on the wire and knows no resource: what a call means belongs to cloud/.",
  host: "host/ is the machine behind interfaces and knows no AWS: what to tell the kernel belongs to dataplane/.",
  ingest:
    "ingest/ turns other people's facts into a model and is pure: who fetched them, and from where, belongs to collect/ and cli/.",
  collect:
    "collect/ only fetches answers, and does not know what they mean: that belongs to ingest/, which the same answers reach from a folder.",
  deploy:
    "deploy/ drives CloudFormation and proves what an app promises, on AWS as on any other cloud: that the local one has a control socket, and what people see, belongs to cli/.",
  cloud:
    "cloud/ is given time, storage and packets through the ports in cloud/ports.ts; cli/ plugs host/ and dataplane/ in. That keeps every life cycle testable with a simulated clock.",
  dataplane:
    "dataplane/ is handed a NetworkModel. It never asks the cloud: engine, cloud and packets stay each other's oracle.",
  testing:
    "testing/ writes networks for tests of every folder: if it knew one of the folders that it tests, that one could not be tested with it.",
  cdk: "cdk/ writes templates, and asks the engine about them at synthesis. It runs in the user's app: the cloud and the machine have no part in it.",
  cli: "cli/ wires the parts; it is the only folder that may know them all.",
};

const folders = Object.keys(allowed);

export default {
  forbidden: [
    ...folders.map((folder) => ({
      name: `${folder}-arrows`,
      comment: reasons[folder],
      severity: "error",
      from: { path: `^src/${folder}/` },
      to: { path: "^src/", pathNot: [folder, ...allowed[folder], "testing"].map((name) => `^src/${name}/`) },
    })),
    {
      name: "testing-is-for-tests",
      comment: "testing/ writes networks for tests: what ships gets its networks from users.",
      severity: "error",
      from: { path: "^src/", pathNot: [testCode, "^src/testing/"] },
      to: { path: "^src/testing/" },
    },
    {
      name: "through-the-face",
      comment:
        "Another folder is entered through its index.ts, which lists names: what is not listed there may change freely. (The real fabric that tests of packets need is no part of the product, so it is not listed.)",
      severity: "error",
      from: { path: "^src/([^/]+)/" },
      to: { path: "^src/[^/]+/", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$", "^src/host/test-fabric\\.ts$"] },
    },
    {
      name: "machine-at-the-edge",
      comment:
        "Processes, files, sockets and timers live in host/, cli/, deploy/ and the cloud's gateway; everything else gets them as arguments, so that it can be tested with fakes and replayed under a seed. (CDK's own synthesis asks a hand-over sheet to write itself, and leaves the templates that promises are judged by in a folder.)",
      severity: "error",
      from: {
        path: "^src/",
        pathNot: [
          "^src/(host|cli|deploy)/",
          "^src/cloud/gateway/",
          "^src/cdk/(hand-over-sheet|assembly-folder)\\.ts$",
          "\\.test\\.ts$",
        ],
      },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|buffer)$" },
    },
    {
      name: "sdk-types-only",
      comment:
        "The AWS SDK gives handler types and the service models at build time; at run time the product carries none of it. Only collect/ and deploy/ load it, when a live account is read or deployed to and the user has installed it; and the constructs' provider, which runs in Lambda and finds it there.",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.ts$|^src/(collect/sdk|deploy/tools)\\.ts$|^src/cdk/provider/" },
      to: { path: "node_modules/@aws-sdk", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "provider-stands-alone",
      comment:
        "The provider is code of another machine: it is packed as it is, without CDK, and the constructs know it by the names of its resource types and properties.",
      severity: "error",
      from: { path: "^src/cdk/[^/]+$", pathNot: "\\.test\\.ts$" },
      to: { path: "^src/cdk/provider/" },
    },
    {
      name: "no-circular",
      comment: "A circle means that two files are one idea, or that a third is missing.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.generated\\.json$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};

/**
 * Instance types as a table of families and sizes: enough for clients that ask what a type can do, and for the limits that
 * networks meet. https://docs.aws.amazon.com/ec2/latest/instancetypes/ (sizes) and
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html (interfaces and addresses)
 */

export interface InstanceTypeDescription {
  readonly instanceType: string;
  readonly architecture: "x86_64" | "arm64";
  readonly currentGeneration: boolean;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly hypervisor: "nitro" | "xen";
  readonly burstable: boolean;
  /** The credit option of a new instance; T2 is `standard`, later burstable families are `unlimited`. */
  readonly defaultCpuCredits: "standard" | "unlimited";
  readonly maximumNetworkInterfaces: number;
  readonly ipv4AddressesPerInterface: number;
  readonly ipv6AddressesPerInterface: number;
  readonly networkPerformance: string;
}

/** The type by name, or undefined for one that the table does not have. */
export function instanceTypeOf(name: string): InstanceTypeDescription | undefined {
  return byName.get(name);
}

/** Every type, in order of family and size. */
export function instanceTypes(): readonly InstanceTypeDescription[] {
  return [...byName.values()];
}

type Shape = readonly [vcpus: number, memoryGib: number, interfaces: number, addresses: number];

/** T types: credits, and few addresses on the small ones. */
const burstable: Readonly<Record<string, Shape>> = {
  nano: [2, 0.5, 2, 2],
  micro: [2, 1, 2, 2],
  small: [2, 2, 3, 4],
  medium: [2, 4, 3, 6],
  large: [2, 8, 3, 12],
  xlarge: [4, 16, 4, 15],
  "2xlarge": [8, 32, 4, 15],
};

const t2: Readonly<Record<string, Shape>> = {
  nano: [1, 0.5, 2, 2],
  micro: [1, 1, 2, 2],
  small: [1, 2, 3, 4],
  medium: [2, 4, 3, 6],
  large: [2, 8, 3, 12],
  xlarge: [4, 16, 3, 15],
  "2xlarge": [8, 32, 3, 15],
};

/** vCPUs, interfaces and addresses of Nitro's fixed-performance sizes; memory follows from the family. */
const nitroSizes: Readonly<Record<string, readonly [vcpus: number, interfaces: number, addresses: number]>> = {
  medium: [1, 2, 4],
  large: [2, 3, 10],
  xlarge: [4, 4, 15],
  "2xlarge": [8, 4, 15],
  "3xlarge": [12, 8, 30],
  "4xlarge": [16, 8, 30],
  "6xlarge": [24, 8, 30],
  "8xlarge": [32, 8, 30],
  "9xlarge": [36, 8, 30],
  "12xlarge": [48, 8, 30],
  "16xlarge": [64, 15, 50],
  "18xlarge": [72, 15, 50],
  "24xlarge": [96, 15, 50],
  "32xlarge": [128, 15, 50],
  "48xlarge": [192, 15, 50],
  metal: [96, 15, 50],
};

function sizes(gibPerVcpu: number, ...names: readonly string[]): Readonly<Record<string, Shape>> {
  const shapes: Record<string, Shape> = {};
  for (const name of names) {
    const size = nitroSizes[name];
    if (size === undefined) throw new Error(`bug: no size ${name}`);
    shapes[name] = [size[0], size[0] * gibPerVcpu, size[1], size[2]];
  }
  return shapes;
}

const fifth = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "metal"];
const fifthCompute = ["large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "12xlarge", "18xlarge", "24xlarge", "metal"];
const sixth = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "32xlarge"];
const seventh = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge", "24xlarge", "48xlarge"];
const graviton = ["medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];
const flex = ["large", "xlarge", "2xlarge", "4xlarge", "8xlarge"];
const accelerated = ["xlarge", "2xlarge", "4xlarge", "8xlarge", "12xlarge", "16xlarge"];

interface Family {
  readonly sizes: Readonly<Record<string, Shape>>;
  readonly architecture?: "arm64";
  readonly hypervisor?: "xen";
  readonly previous?: true;
  readonly burstable?: true;
}

const families: Readonly<Record<string, Family>> = {
  t1: { sizes: { micro: [1, 0.613, 2, 2] }, hypervisor: "xen", previous: true },
  t2: { sizes: t2, hypervisor: "xen", burstable: true },
  t3: { sizes: burstable, burstable: true },
  t3a: { sizes: burstable, burstable: true },
  t4g: { sizes: burstable, architecture: "arm64", burstable: true },
  m1: {
    sizes: { small: [1, 1.7, 2, 4], medium: [1, 3.75, 2, 6], large: [2, 7.5, 3, 10] },
    hypervisor: "xen",
    previous: true,
  },
  m3: {
    sizes: { medium: [1, 3.75, 2, 6], large: [2, 7.5, 3, 10], xlarge: [4, 15, 4, 15], "2xlarge": [8, 30, 4, 30] },
    hypervisor: "xen",
    previous: true,
  },
  m4: {
    sizes: { large: [2, 8, 2, 10], xlarge: [4, 16, 4, 15], "2xlarge": [8, 32, 4, 15], "4xlarge": [16, 64, 8, 30] },
    hypervisor: "xen",
  },
  m5: { sizes: sizes(4, ...fifth) },
  m5a: { sizes: sizes(4, ...fifth.slice(0, -1)) },
  m5d: { sizes: sizes(4, ...fifth) },
  m5n: { sizes: sizes(4, ...fifth) },
  m6i: { sizes: sizes(4, ...sixth) },
  m6a: { sizes: sizes(4, ...sixth, "48xlarge") },
  m6g: { sizes: sizes(4, ...graviton), architecture: "arm64" },
  m6gd: { sizes: sizes(4, ...graviton), architecture: "arm64" },
  m7i: { sizes: sizes(4, ...seventh) },
  "m7i-flex": { sizes: sizes(4, ...flex) },
  m7a: { sizes: sizes(4, "medium", ...seventh) },
  m7g: { sizes: sizes(4, ...graviton), architecture: "arm64" },
  m8g: { sizes: sizes(4, ...graviton, "24xlarge", "48xlarge"), architecture: "arm64" },
  c4: {
    sizes: { large: [2, 3.75, 3, 10], xlarge: [4, 7.5, 4, 15], "2xlarge": [8, 15, 4, 15], "4xlarge": [16, 30, 8, 30] },
    hypervisor: "xen",
  },
  c5: { sizes: sizes(2, ...fifthCompute) },
  c5a: { sizes: sizes(2, ...fifth.slice(0, -1)) },
  c5d: { sizes: sizes(2, ...fifthCompute) },
  c5n: { sizes: sizes(2.625, "large", "xlarge", "2xlarge", "4xlarge", "9xlarge", "18xlarge") },
  c6i: { sizes: sizes(2, ...sixth) },
  c6a: { sizes: sizes(2, ...sixth, "48xlarge") },
  c6in: { sizes: sizes(2, ...sixth) },
  c6g: { sizes: sizes(2, ...graviton), architecture: "arm64" },
  c6gn: { sizes: sizes(2, ...graviton), architecture: "arm64" },
  c7i: { sizes: sizes(2, ...seventh) },
  "c7i-flex": { sizes: sizes(2, ...flex) },
  c7a: { sizes: sizes(2, "medium", ...seventh) },
  c7g: { sizes: sizes(2, ...graviton), architecture: "arm64" },
  c7gn: { sizes: sizes(2, ...graviton), architecture: "arm64" },
  c8g: { sizes: sizes(2, ...graviton, "24xlarge", "48xlarge"), architecture: "arm64" },
  r4: { sizes: sizes(7.625, "large", "xlarge", "2xlarge", "4xlarge"), hypervisor: "xen" },
  r5: { sizes: sizes(8, ...fifth) },
  r5a: { sizes: sizes(8, ...fifth.slice(0, -1)) },
  r5d: { sizes: sizes(8, ...fifth) },
  r5n: { sizes: sizes(8, ...fifth) },
  r6i: { sizes: sizes(8, ...sixth) },
  r6a: { sizes: sizes(8, ...sixth, "48xlarge") },
  r6g: { sizes: sizes(8, ...graviton), architecture: "arm64" },
  r7i: { sizes: sizes(8, ...seventh) },
  r7a: { sizes: sizes(8, "medium", ...seventh) },
  r7g: { sizes: sizes(8, ...graviton), architecture: "arm64" },
  r8g: { sizes: sizes(8, ...graviton, "24xlarge", "48xlarge"), architecture: "arm64" },
  i3: { sizes: sizes(7.625, "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge") },
  i3en: { sizes: sizes(8, "large", "xlarge", "2xlarge", "3xlarge", "6xlarge", "12xlarge", "24xlarge") },
  i4i: { sizes: sizes(8, ...sixth) },
  g4dn: { sizes: sizes(4, ...accelerated) },
  g5: { sizes: sizes(4, ...accelerated) },
  g6: { sizes: sizes(4, ...accelerated) },
};

function described(
  family: string,
  size: string,
  { architecture, hypervisor, previous, burstable: credits }: Family,
  shape: Shape,
): InstanceTypeDescription {
  const [vcpus, memoryGib, interfaces, addresses] = shape;
  return {
    instanceType: `${family}.${size}`,
    architecture: architecture ?? "x86_64",
    currentGeneration: previous === undefined,
    vcpus,
    memoryMib: Math.round(memoryGib * 1024),
    hypervisor: hypervisor ?? "nitro",
    burstable: credits === true,
    defaultCpuCredits: credits === true && family !== "t2" ? "unlimited" : "standard",
    maximumNetworkInterfaces: interfaces,
    ipv4AddressesPerInterface: addresses,
    ipv6AddressesPerInterface: previous === undefined ? addresses : 0,
    networkPerformance: hypervisor === "xen" ? "Moderate" : vcpus >= 32 ? "25 Gigabit" : "Up to 5 Gigabit",
  };
}

const byName: ReadonlyMap<string, InstanceTypeDescription> = new Map(
  Object.entries(families)
    .flatMap(([name, family]) =>
      Object.entries(family.sizes).map(([size, shape]) => described(name, size, family, shape)),
    )
    .map((description) => [description.instanceType, description]),
);

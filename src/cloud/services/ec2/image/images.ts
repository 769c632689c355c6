/**
 * Well-known public images, per Region, so that look-ups by owner and name find what they find on AWS. An instance here runs the
 * machine's own userland whatever its image, so the list is a directory, not a store: ids are made from Region and name, and
 * any other well-formed image id is taken as an image that somebody has.
 */
import { createHash } from "node:crypto";

export interface ImageDescription {
  readonly imageId: string;
  readonly name: string;
  readonly description: string;
  readonly ownerId: string;
  readonly ownerAlias?: string;
  readonly architecture: "x86_64" | "arm64";
  readonly creationDate: string;
  readonly rootDeviceName: string;
  /** GiB */
  readonly rootVolumeSize: number;
  readonly rootVolumeType: string;
  readonly snapshotId: string;
  readonly platformDetails: string;
  readonly bootMode?: "uefi" | "uefi-preferred";
  readonly imdsV2: boolean;
  /** Public parameters that hold this image's id. */
  readonly parameters: readonly string[];
}

type Entry = Omit<ImageDescription, "imageId" | "snapshotId">;

/** The public images of a Region. */
export function publicImages(region: string): readonly ImageDescription[] {
  let images = byRegion.get(region);
  if (images === undefined) {
    images = catalogue.map((entry) => ({
      ...entry,
      imageId: idOf("ami", region, entry.name),
      snapshotId: idOf("snap", region, entry.name),
    }));
    byRegion.set(region, images);
  }
  return images;
}

/** The image with this id: a public one, or somebody's of whom nothing but the id is known. */
export function imageById(region: string, imageId: string): ImageDescription {
  return publicImages(region).find((image) => image.imageId === imageId) ?? somebodysImage(region, imageId);
}

/** The Region's image whose id a public parameter holds, e.g. `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64`. */
export function imageOfParameter(region: string, parameterName: string): ImageDescription | undefined {
  return publicImages(region).find((image) => image.parameters.includes(parameterName));
}

const byRegion = new Map<string, readonly ImageDescription[]>();

const amazon = "137112412989";
const canonical = "099720109477";
const debian = "136693071363";
const fckNat = "568608671756";

const architectures = ["x86_64", "arm64"] as const;

const catalogue: readonly Entry[] = [
  ...architectures.flatMap((architecture) => [...amazonLinux2023(architecture), ...amazonLinux2(architecture)]),
  ...architectures.flatMap((architecture) => [
    ubuntu("noble", "24.04", "20251022", "hvm-ssd-gp3", architecture),
    ubuntu("jammy", "22.04", "20251015", "hvm-ssd", architecture),
    ubuntu("focal", "20.04", "20250603", "hvm-ssd", architecture),
  ]),
  ...architectures.map(debian12),
  natImage(),
  ...architectures.map(fckNatImage),
];

function amazonLinux2023(architecture: ImageDescription["architecture"]): Entry[] {
  const parameter = (name: string): string => `/aws/service/ami-amazon-linux-latest/al2023-ami-${name}-${architecture}`;
  const image = (variant: "" | "minimal-", kernel: string, parameters: readonly string[]): Entry => ({
    name: `al2023-ami-${variant}2023.9.20251105.0-kernel-${kernel}-${architecture}`,
    description: `Amazon Linux 2023 AMI 2023.9.20251105.0 ${architecture} HVM kernel-${kernel}`,
    ownerId: amazon,
    ownerAlias: "amazon",
    architecture,
    creationDate: "2025-11-06T01:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: variant === "" ? 8 : 2,
    rootVolumeType: "gp3",
    platformDetails: "Linux/UNIX",
    bootMode: architecture === "arm64" ? "uefi" : "uefi-preferred",
    imdsV2: true,
    parameters: parameters.map(parameter),
  });
  return [
    image("", "6.1", ["kernel-default", "kernel-6.1"]),
    image("", "6.12", ["kernel-6.12"]),
    image("minimal-", "6.1", ["minimal-kernel-default", "minimal-kernel-6.1"]),
  ];
}

function amazonLinux2(architecture: ImageDescription["architecture"]): Entry[] {
  const image = (kernel: "" | "kernel-5.10-"): Entry => ({
    name: `amzn2-ami-${kernel}hvm-2.0.20251027.1-${architecture}-gp2`,
    description: `Amazon Linux 2 ${kernel === "" ? "" : "Kernel 5.10 "}AMI 2.0.20251027.1 ${architecture} HVM gp2`,
    ownerId: amazon,
    ownerAlias: "amazon",
    architecture,
    creationDate: "2025-10-28T01:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: 8,
    rootVolumeType: "gp2",
    platformDetails: "Linux/UNIX",
    ...(architecture === "arm64" ? { bootMode: "uefi" as const } : {}),
    imdsV2: false,
    parameters: [`/aws/service/ami-amazon-linux-latest/amzn2-ami-${kernel}hvm-${architecture}-gp2`],
  });
  return [image(""), image("kernel-5.10-")];
}

function ubuntu(
  codename: string,
  version: string,
  serial: string,
  store: "hvm-ssd" | "hvm-ssd-gp3",
  architecture: ImageDescription["architecture"],
): Entry {
  const processor = architecture === "x86_64" ? "amd64" : "arm64";
  const volume = store === "hvm-ssd" ? "gp2" : "gp3";
  const root = "/aws/service/canonical/ubuntu/server";
  const tail = `stable/current/${processor}/hvm/ebs-${volume}/ami-id`;
  return {
    name: `ubuntu/images/${store}/ubuntu-${codename}-${version}-${processor}-server-${serial}`,
    description: `Canonical, Ubuntu, ${version}, ${processor} ${codename} image`,
    ownerId: canonical,
    architecture,
    creationDate: `${serial.slice(0, 4)}-${serial.slice(4, 6)}-${serial.slice(6)}T07:00:00.000Z`,
    rootDeviceName: "/dev/sda1",
    rootVolumeSize: 8,
    rootVolumeType: volume,
    platformDetails: "Linux/UNIX",
    bootMode: architecture === "arm64" ? "uefi" : "uefi-preferred",
    imdsV2: codename === "noble",
    parameters: [`${root}/${version}/${tail}`, `${root}/${codename}/${tail}`],
  };
}

function debian12(architecture: ImageDescription["architecture"]): Entry {
  const processor = architecture === "x86_64" ? "amd64" : "arm64";
  return {
    name: `debian-12-${processor}-20251112-2294`,
    description: "Debian 12 (20251112-2294)",
    ownerId: debian,
    architecture,
    creationDate: "2025-11-12T07:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: 8,
    rootVolumeType: "gp3",
    platformDetails: "Linux/UNIX",
    imdsV2: false,
    parameters: [`/aws/service/debian/release/12/latest/${processor}`],
  };
}

function natImage(): Entry {
  return {
    name: "amzn-ami-vpc-nat-2018.03.0.20230807.0-x86_64-ebs",
    description: "Amazon Linux AMI 2018.03.0.20230807.0 x86_64 VPC NAT HVM EBS",
    ownerId: amazon,
    ownerAlias: "amazon",
    architecture: "x86_64",
    creationDate: "2023-08-07T20:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: 8,
    rootVolumeType: "gp2",
    platformDetails: "Linux/UNIX",
    imdsV2: false,
    parameters: [],
  };
}

function fckNatImage(architecture: ImageDescription["architecture"]): Entry {
  return {
    name: `fck-nat-al2023-hvm-1.3.0-20240125-${architecture}-ebs`,
    description: "fck-nat: a NAT instance on Amazon Linux 2023",
    ownerId: fckNat,
    architecture,
    creationDate: "2024-01-25T07:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: 2,
    rootVolumeType: "gp3",
    platformDetails: "Linux/UNIX",
    imdsV2: true,
    parameters: [],
  };
}

function somebodysImage(region: string, imageId: string): ImageDescription {
  return {
    imageId,
    name: imageId,
    description: "",
    ownerId: amazon,
    architecture: "x86_64",
    creationDate: "2025-01-01T00:00:00.000Z",
    rootDeviceName: "/dev/xvda",
    rootVolumeSize: 8,
    rootVolumeType: "gp3",
    snapshotId: idOf("snap", region, imageId),
    platformDetails: "Linux/UNIX",
    imdsV2: false,
    parameters: [],
  };
}

/** The same on every machine and in every run: a digest, not a random id. */
function idOf(prefix: string, region: string, name: string): string {
  return `${prefix}-${createHash("sha256").update(`${region}/${name}`).digest("hex").slice(0, 17)}`;
}

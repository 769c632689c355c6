/** DescribeImages over the well-known public images. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
import type {
  BlockDeviceMapping,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  Image,
  VolumeType,
} from "@aws-sdk/client-ec2";
import { ec2Errors, isWellFormedId } from "../../../../aws/index.ts";
import type { Action, ActionContext, Actions } from "../../action.ts";
import { offsetPage } from "../../offset-page.ts";
import { type FilterTable, matcher } from "../filters.ts";
import { type ImageDescription, imageById, publicImages } from "./images.ts";

const filters: FilterTable<ImageDescription> = {
  architecture: (image) => image.architecture,
  "block-device-mapping.device-name": (image) => image.rootDeviceName,
  "block-device-mapping.snapshot-id": (image) => image.snapshotId,
  "block-device-mapping.volume-type": (image) => image.rootVolumeType,
  "creation-date": (image) => image.creationDate,
  description: (image) => image.description,
  "ena-support": () => true,
  hypervisor: () => "xen",
  "image-id": (image) => image.imageId,
  "image-type": () => "machine",
  "is-public": () => true,
  name: (image) => image.name,
  "owner-alias": (image) => image.ownerAlias,
  "owner-id": (image) => image.ownerId,
  // Linux images have no platform.
  platform: () => undefined,
  "root-device-name": (image) => image.rootDeviceName,
  "root-device-type": () => "ebs",
  "sriov-net-support": () => "simple",
  state: () => "available",
  "virtualization-type": () => "hvm",
};

export const describeImages: Action<DescribeImagesCommandInput, DescribeImagesCommandOutput> = (input, context) => {
  const { region } = context.caller;
  const matches = matcher(input.Filters, filters, (image) => image.imageId, context);
  const owners = input.Owners?.length ? input.Owners : undefined;
  const images = candidates(input.ImageIds, region)
    .filter((image) => owners === undefined || owners.some((owner) => isOwner(image, owner, context)))
    .filter(matches);
  const { items, NextToken } = offsetPage(images, input, { min: 1, max: 1000 });
  return { Images: items.map((image) => toImage(image, region)), NextToken };
};

export const imageActions = { DescribeImages: describeImages } satisfies Actions;

function candidates(imageIds: readonly string[] | undefined, region: string): readonly ImageDescription[] {
  if (!imageIds?.length) return publicImages(region);
  return imageIds.map((id) => {
    if (!isWellFormedId("ami", id)) throw ec2Errors.malformed("image", id);
    return imageById(region, id);
  });
}

function isOwner(image: ImageDescription, owner: string, context: ActionContext): boolean {
  return (
    owner === image.ownerId ||
    owner === image.ownerAlias ||
    (owner === "self" && image.ownerId === context.caller.accountId)
  );
}

function toImage(image: ImageDescription, region: string): Image {
  const Ebs: BlockDeviceMapping["Ebs"] = {
    DeleteOnTermination: true,
    Encrypted: false,
    SnapshotId: image.snapshotId,
    VolumeSize: image.rootVolumeSize,
    // The catalogue's own text, one of the enum's.
    VolumeType: image.rootVolumeType as VolumeType,
  };
  return {
    ImageId: image.imageId,
    Name: image.name,
    Description: image.description,
    OwnerId: image.ownerId,
    ...(image.ownerAlias === undefined ? {} : { ImageOwnerAlias: image.ownerAlias }),
    ImageLocation: `${image.ownerAlias ?? image.ownerId}/${image.name}`,
    CreationDate: image.creationDate,
    Architecture: image.architecture,
    ImageType: "machine",
    State: "available",
    Public: true,
    PlatformDetails: image.platformDetails,
    UsageOperation: "RunInstances",
    RootDeviceName: image.rootDeviceName,
    RootDeviceType: "ebs",
    BlockDeviceMappings: [{ DeviceName: image.rootDeviceName, Ebs }],
    VirtualizationType: "hvm",
    Hypervisor: "xen",
    EnaSupport: true,
    SriovNetSupport: "simple",
    ...(image.bootMode === undefined ? {} : { BootMode: image.bootMode }),
    ...(image.imdsV2 ? { ImdsSupport: "v2.0" as const } : {}),
    SourceImageRegion: region,
    FreeTierEligible: true,
    ProductCodes: [],
    Tags: [],
  };
}

/** The public parameters that AWS keeps: ids of the newest images. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html */
import { publicImages } from "../ec2/image/images.ts";
import type { ParameterRecord } from "./record.ts";

const modifiedAt = Date.UTC(2025, 10, 6);

/** The public parameters of a Region, with AWS as their owner. */
export function publicParameters(region: string): readonly ParameterRecord[] {
  return publicImages(region).flatMap(({ imageId, parameters }) =>
    parameters.map((Name) => ({
      OwnerId: "",
      Region: region,
      CreatedAt: modifiedAt,
      Name,
      Type: "String",
      Value: imageId,
      Version: 1,
      DataType: "aws:ec2:image",
      Tier: "Standard",
      LastModifiedAt: modifiedAt,
      LastModifiedUser: "",
      Tags: [],
    })),
  );
}

/** Repositories and what is set on them. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
import type {
  CreateRepositoryCommandInput,
  CreateRepositoryCommandOutput,
  DeleteRepositoryCommandInput,
  DeleteRepositoryCommandOutput,
  DescribeImagesCommandInput,
  DescribeImagesCommandOutput,
  DescribeRepositoriesCommandInput,
  DescribeRepositoriesCommandOutput,
  ImageTagMutability,
  ListImagesCommandInput,
  ListImagesCommandOutput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  PutImageScanningConfigurationCommandInput,
  PutImageScanningConfigurationCommandOutput,
  PutImageTagMutabilityCommandInput,
  PutImageTagMutabilityCommandOutput,
  Repository,
  Tag,
  TagResourceCommandInput,
  TagResourceCommandOutput,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from "@aws-sdk/client-ecr";
import { AwsError, parseArn } from "../../../aws/index.ts";
import type { Action, Actions } from "../action.ts";
import { offsetPage } from "../offset-page.ts";
import { invalid, repositoryNamed } from "./look-up.ts";
import { type RepositoryRecord, repositoryKey } from "./record.ts";

const createRepository: Action<CreateRepositoryCommandInput, CreateRepositoryCommandOutput> = (input, context) => {
  const { accountId: OwnerId, region: Region } = context.caller;
  const RepositoryName = checkedName(input.repositoryName ?? "");
  if (context.get("repository", repositoryKey({ OwnerId, Region, RepositoryName })) !== undefined) {
    throw new AwsError(
      "RepositoryAlreadyExistsException",
      `The repository with name '${RepositoryName}' already exists in the registry with id '${OwnerId}'`,
    );
  }
  const { encryptionType = "AES256", kmsKey } = input.encryptionConfiguration ?? {};
  if (encryptionType !== "AES256" && encryptionType !== "KMS")
    throw invalid(`Encryption ${encryptionType} is not modelled.`);
  const record: RepositoryRecord = {
    OwnerId,
    Region,
    CreatedAt: context.now,
    RepositoryName,
    ImageTagMutability: checkedMutability(input.imageTagMutability ?? "MUTABLE"),
    ScanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    Encryption: { encryptionType, ...(kmsKey === undefined ? {} : { kmsKey }) },
    Tags: withTags([], input.tags),
  };
  context.put("repository", record);
  return { repository: toRepository(record) };
};

const describeRepositories: Action<DescribeRepositoriesCommandInput, DescribeRepositoriesCommandOutput> = (
  input,
  context,
) => {
  const { accountId, region } = context.caller;
  if (input.repositoryNames !== undefined && input.maxResults !== undefined)
    throw invalid("Repository names and a page size cannot be given together.");
  const rows =
    input.repositoryNames?.map((repositoryName) => repositoryNamed(context, { ...input, repositoryName })) ??
    context.inScope("repository", accountId, region);
  const { items, NextToken } = offsetPage(
    rows,
    { MaxResults: input.maxResults, NextToken: input.nextToken },
    { min: 1, max: 1000 },
  );
  return { repositories: items.map(toRepository), ...(NextToken === undefined ? {} : { nextToken: NextToken }) };
};

/** `force` makes no difference: there are no images. */
const deleteRepository: Action<DeleteRepositoryCommandInput, DeleteRepositoryCommandOutput> = (input, context) => {
  const record = repositoryNamed(context, input);
  context.delete("repository", repositoryKey(record));
  return { repository: toRepository(record) };
};

const putImageTagMutability: Action<PutImageTagMutabilityCommandInput, PutImageTagMutabilityCommandOutput> = (
  input,
  context,
) => {
  const record = repositoryNamed(context, input);
  const imageTagMutability = checkedMutability(input.imageTagMutability);
  context.put("repository", { ...record, ImageTagMutability: imageTagMutability });
  return { registryId: record.OwnerId, repositoryName: record.RepositoryName, imageTagMutability };
};

const putImageScanningConfiguration: Action<
  PutImageScanningConfigurationCommandInput,
  PutImageScanningConfigurationCommandOutput
> = (input, context) => {
  const record = repositoryNamed(context, input);
  const scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
  context.put("repository", { ...record, ScanOnPush: scanOnPush });
  return {
    registryId: record.OwnerId,
    repositoryName: record.RepositoryName,
    imageScanningConfiguration: { scanOnPush },
  };
};

const listImages: Action<ListImagesCommandInput, ListImagesCommandOutput> = (input, context) => {
  repositoryNamed(context, input);
  return { imageIds: [] };
};

const describeImages: Action<DescribeImagesCommandInput, DescribeImagesCommandOutput> = (input, context) => {
  const { RepositoryName, OwnerId } = repositoryNamed(context, input);
  const [asked] = input.imageIds ?? [];
  if (asked !== undefined) {
    throw new AwsError(
      "ImageNotFoundException",
      `The image with imageId {imageDigest:'${asked.imageDigest ?? "null"}', imageTag:'${asked.imageTag ?? "null"}'} does not exist within the repository with name '${RepositoryName}' in the registry with id '${OwnerId}'`,
    );
  }
  return { imageDetails: [] };
};

const listTagsForResource: Action<ListTagsForResourceCommandInput, ListTagsForResourceCommandOutput> = (
  { resourceArn },
  context,
) => ({ tags: [...repositoryNamed(context, namedByArn(resourceArn)).Tags] });

const tagResource: Action<TagResourceCommandInput, TagResourceCommandOutput> = ({ resourceArn, tags }, context) => {
  const record = repositoryNamed(context, namedByArn(resourceArn));
  context.put("repository", { ...record, Tags: withTags(record.Tags, tags) });
  return {};
};

const untagResource: Action<UntagResourceCommandInput, UntagResourceCommandOutput> = (
  { resourceArn, tagKeys = [] },
  context,
) => {
  const record = repositoryNamed(context, namedByArn(resourceArn));
  context.put("repository", { ...record, Tags: record.Tags.filter(({ Key }) => !tagKeys.includes(Key)) });
  return {};
};

export const repositoryActions = {
  CreateRepository: createRepository,
  DescribeRepositories: describeRepositories,
  DeleteRepository: deleteRepository,
  PutImageTagMutability: putImageTagMutability,
  PutImageScanningConfiguration: putImageScanningConfiguration,
  ListImages: listImages,
  DescribeImages: describeImages,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
} satisfies Actions;

function toRepository(record: RepositoryRecord): Repository {
  const { OwnerId, Region, RepositoryName } = record;
  return {
    repositoryArn: `arn:aws:ecr:${Region}:${OwnerId}:repository/${RepositoryName}`,
    registryId: OwnerId,
    repositoryName: RepositoryName,
    repositoryUri: `${OwnerId}.dkr.ecr.${Region}.amazonaws.com/${RepositoryName}`,
    createdAt: new Date(record.CreatedAt),
    imageTagMutability: record.ImageTagMutability,
    imageScanningConfiguration: { scanOnPush: record.ScanOnPush },
    encryptionConfiguration: record.Encryption,
  };
}

function namedByArn(arn: string | undefined): { readonly repositoryName: string; readonly registryId?: string } {
  const parsed = parseArn(arn ?? "");
  if (parsed?.service !== "ecr" || !parsed.resource.startsWith("repository/"))
    throw invalid(
      `Invalid parameter at 'resourceArn' failed to satisfy constraint: '${arn}' is no ARN of a repository`,
    );
  return { repositoryName: parsed.resource.slice("repository/".length), registryId: parsed.accountId };
}

function checkedName(name: string): string {
  if (name.length < 2 || name.length > 256 || !/^[a-z0-9]+(?:(?:[._]|__|-+|\/)[a-z0-9]+)*$/.test(name)) {
    throw invalid(
      "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''",
    );
  }
  return name;
}

function checkedMutability(mutability: ImageTagMutability | undefined): RepositoryRecord["ImageTagMutability"] {
  if (mutability !== "MUTABLE" && mutability !== "IMMUTABLE")
    throw invalid(`The tag mutability '${mutability}' is not modelled by this local cloud.`);
  return mutability;
}

function withTags(before: RepositoryRecord["Tags"], added: readonly Tag[] | undefined): RepositoryRecord["Tags"] {
  const tags = new Map(before.map(({ Key, Value }) => [Key, Value]));
  for (const { Key = "", Value = "" } of added ?? []) {
    if (Key === "" || /^aws:/i.test(Key))
      throw new AwsError("InvalidTagParameterException", `The tag key '${Key}' is not valid.`);
    tags.set(Key, Value);
  }
  if (tags.size > 50) throw new AwsError("TooManyTagsException", "A repository can have 50 tags.");
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

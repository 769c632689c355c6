/** AWS on the wire: service models, codecs for their protocols, errors, ids, and who is calling. */
export { accountOfAccessKey, amazonAccountId, defaultAccountId, isAccountId, mintAccessKeyId } from "./access-keys.ts";
export type { CredentialScope, SignedRequest } from "./credential-scope.ts";
export { credentialScope } from "./credential-scope.ts";
export type { Ec2ResourceKind } from "./ec2-errors.ts";
export { ec2Errors } from "./ec2-errors.ts";
export {
  AwsError,
  authFailure,
  dependencyViolation,
  dryRunOperation,
  incorrectState,
  internalError,
  invalidAction,
  invalidParameterCombination,
  invalidParameterValue,
  isAwsError,
  missingAction,
  missingParameter,
  requestLimitExceeded,
  unauthorizedOperation,
  unknownParameter,
  unsupportedOperation,
} from "./errors.ts";
export type { Arn, RandomSource, TaggableResourceType } from "./ids.ts";
export {
  assumedRoleArn,
  ec2Arn,
  iamArn,
  isWellFormedId,
  newId,
  parseArn,
  prefixByResourceType,
  resourceTypeOfId,
} from "./ids.ts";
export { checkedInput } from "./json.ts";
export type { Member, Operation, Protocol, ServiceModel, ServiceName, Shape, StructureShape } from "./model.ts";
export { isServiceName, serviceModel, serviceNames } from "./model.ts";
export type { Output } from "./operation-types.ts";
export type { Dialect, Message, WireAnswer, WireRequest } from "./protocol.ts";
export { answer, inputOfMessage, operationOfMessage, readMessage, refusal, serviceOfMessage } from "./protocol.ts";
export type { Input } from "./query-request.ts";
export type { PropertyModel, PropertyType, ResourceTypeModel } from "./resource-types.ts";
export { isResourceType, resourceTypeModel, resourceTypeNames } from "./resource-types.ts";
export { bucketAndKey } from "./rest-xml.ts";
export { parseXml, type XmlElement } from "./xml-document.ts";

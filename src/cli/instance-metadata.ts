/** The instance metadata service of a running cloud: what tools in an instance ask at 169.254.169.254. */
import type { Cloud } from "../cloud/index.ts";
import type { DataPlaneOptions } from "../dataplane/index.ts";

export function metadataAnswers(_cloud: () => Cloud): DataPlaneOptions["answerMetadata"] {
  return undefined;
}

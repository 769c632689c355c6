/** The services of this cloud by the name in a credential scope, and what each of their operations does. */
import type { ServiceName } from "../../aws/index.ts";
import type { Actions } from "./action.ts";
import { cloudFormationActions } from "./cloudformation/actions.ts";
import { ec2Actions } from "./ec2/actions.ts";
import { ecrActions } from "./ecr/actions.ts";
import { iamActions } from "./iam/actions.ts";
import { lambdaActions } from "./lambda/actions.ts";
import { logsActions } from "./logs/actions.ts";
import { ramActions } from "./ram/actions.ts";
import { s3Actions } from "./s3/actions.ts";
import { ssmActions } from "./ssm/actions.ts";
import { stsActions } from "./sts/actions.ts";

export type { ServiceName } from "../../aws/index.ts";

export const services: { readonly [S in ServiceName]: Actions } = {
  cloudformation: cloudFormationActions,
  ec2: ec2Actions,
  sts: stsActions,
  ssm: ssmActions,
  iam: iamActions,
  ram: ramActions,
  s3: s3Actions,
  ecr: ecrActions,
  logs: logsActions,
  lambda: lambdaActions,
};

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(services, name);
}

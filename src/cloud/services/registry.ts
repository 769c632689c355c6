/** The services of this cloud by the name in a credential scope, and what each of their operations does. */
import type { Actions } from "./action.ts";
import { ec2Actions } from "./ec2/actions.ts";
import { iamActions } from "./iam/actions.ts";
import { ssmActions } from "./ssm/actions.ts";
import { stsActions } from "./sts/actions.ts";

export const services = { ec2: ec2Actions, sts: stsActions, ssm: ssmActions, iam: iamActions } as const satisfies {
  readonly [service: string]: Actions;
};

export type ServiceName = keyof typeof services;

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(services, name);
}

/** Accounts and Regions at synthesis, where either may be a token that only the deployment knows. */
import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

export interface Whereabouts {
  readonly ownerId: string;
  readonly region: string;
}

export function whereaboutsOf(scope: Construct): Whereabouts {
  const { account: ownerId, region } = Stack.of(scope);
  return { ownerId, region };
}

export function inSameAccount(a: Whereabouts, b: Whereabouts): boolean {
  return a.ownerId === b.ownerId;
}

export function inSamePlace(a: Whereabouts, b: Whereabouts): boolean {
  return inSameAccount(a, b) && a.region === b.region;
}

export function ec2Arn(scope: Construct, { ownerId, region }: Whereabouts, resource: string): string {
  return `arn:${Stack.of(scope).partition}:ec2:${region}:${ownerId}:${resource}`;
}

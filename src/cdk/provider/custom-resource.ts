/**
 * What CloudFormation asks of a custom resource's provider, and what it is answered.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */

/** As the template gives them, each value as text. */
export type Properties = Readonly<Record<string, string | undefined>>;

export interface CustomResourceEvent {
  readonly RequestType: "Create" | "Update" | "Delete";
  /** Where the answer is put. It is signed: whoever has it may answer. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
}

export interface CustomResourceAnswer {
  readonly Status: "SUCCESS" | "FAILED";
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** What one type of custom resource does. Creating and updating are one: to bring about what the properties say, whatever is there. */
export interface Verb {
  put(properties: Properties, tools: Tools): Promise<Readonly<Record<string, string>>>;
  /** Also called after a creation that failed, twice, and for what is gone already. */
  remove(properties: Properties, tools: Tools, physicalId: string): Promise<void>;
}

export interface Tools {
  readonly clients: Clients;
  readonly clock: WaitingClock;
  /** Keeps the resource's id as soon as it is known: a creation that fails later is undone by it. */
  keepId(id: string): void;
}

export interface Clients {
  /** Calls EC2 in a Region, as the function's own role or as another one. */
  ec2(place: Place): import("@aws-sdk/client-ec2").EC2Client;
}

export interface Place {
  readonly Region: string;
  readonly RoleArn?: string;
}

export interface WaitingClock {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** When an answer has to be on its way. */
  readonly deadline: number;
}

/** Something that AWS said, or that we say in its place: the reason that the stack's events show. */
export class Refusal extends Error {}

/** There is such an id, but it is not what the properties describe: nothing is done to it, ever. */
export class NotMeant extends Refusal {}

export function required(properties: Properties, name: string): string {
  const value = properties[name];
  if (value === undefined || value === "") throw new Refusal(`The property ${name} is missing.`);
  return value;
}

export function placeOf(properties: Properties): Place {
  const { RoleArn } = properties;
  return { Region: required(properties, "Region"), ...(RoleArn !== undefined && RoleArn !== "" && { RoleArn }) };
}

/** Whether what is waited for ends with its custom resource: then it is the other side's, and nothing else of ours would end it. */
export const endsWithResource = ({ EndOnDelete }: Properties): boolean => EndOnDelete === "true";

/** The stacks of an assembly as they are given to be read: templates, and where each is to be deployed as far as that is said. */

export interface TemplateStack {
  /** Unique among the stacks; it becomes a part of the ids of what the stack makes. */
  readonly id: string;
  readonly stackName: string;
  /** JSON or YAML. */
  readonly template: string;
  /** Absent for a stack that may be deployed to any: all such stacks are taken to go to the same one. */
  readonly accountId?: string;
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** The templates of nested stacks, by their logical ids. */
  readonly nested?: Readonly<Record<string, NestedTemplate>>;
}

export interface NestedTemplate {
  readonly template: string;
  readonly nested?: Readonly<Record<string, NestedTemplate>>;
}

/** Where a thing of the model is written. */
export interface TemplateOrigin {
  readonly stackId: string;
  readonly logicalId: string;
  /** The path of the construct that wrote it, when the template tells. */
  readonly constructPath?: string;
  /** What it is of the resource, where AWS makes it with it: `main route table`. */
  readonly part?: string;
}

/** What stands in a model for the account and the Region of stacks that may be deployed anywhere. No account has this id. */
export const deployingAccount = "000000000000";
export const deployingRegion = "unknown-region";

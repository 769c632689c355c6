/** What the owner of the other side has to do, as a file beside the template and, the first step, as an output of the stack. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { attachCustomSynthesis, CfnOutput, type ISynthesisSession, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";

/** Properties of a HandOverSheet. */
export interface HandOverSheetProps {
  /** The sheet, in Markdown. It is written at synthesis, when ids of new resources are not known: it says where to find them. */
  readonly text: string;

  /** The first command that the other side runs. It may hold ids that the deployment fills in. */
  readonly firstCommand: string;
}

/** A sheet for the owner of a side that is not ours. */
export class HandOverSheet extends Construct {
  /** The sheet, in Markdown. */
  readonly text: string;

  /** The file's name in the cloud assembly. */
  readonly fileName: string;

  constructor(scope: Construct, id: string, props: HandOverSheetProps) {
    super(scope, id);
    this.text = props.text;
    const stack = Stack.of(this);
    const path = this.node.path.split("/").slice(stack.node.path.split("/").length).join("-");
    this.fileName = `${stack.artifactId}.${path}.md`;
    new CfnOutput(this, "FirstCommand", {
      value: props.firstCommand,
      description: `The other side's part is told in ${this.fileName}.`,
    });
    attachCustomSynthesis(this, {
      onSynthesize: (session: ISynthesisSession) =>
        writeFileSync(join(session.assembly.outdir, this.fileName), this.text),
    });
  }
}

/** The actions of Systems Manager: Run Command, Session Manager and Parameter Store. */
import type { Actions } from "../action.ts";
import { getCommandInvocation, listCommandInvocations, listCommands } from "./commands.ts";
import { describeInstanceInformation } from "./managed-instances.ts";
import { parameterActions } from "./parameters.ts";
import { cancelCommand, sendCommand } from "./send-command.ts";
import { sessionActions } from "./session-actions.ts";

export const ssmActions = {
  SendCommand: sendCommand,
  CancelCommand: cancelCommand,
  GetCommandInvocation: getCommandInvocation,
  ListCommands: listCommands,
  ListCommandInvocations: listCommandInvocations,
  DescribeInstanceInformation: describeInstanceInformation,
  ...sessionActions,
  ...parameterActions,
} satisfies Actions;

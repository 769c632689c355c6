/** The actions of Systems Manager: Run Command and Parameter Store. */
import type { Actions } from "../action.ts";
import { getCommandInvocation, listCommandInvocations, listCommands } from "./commands.ts";
import { describeInstanceInformation, describeSessions, startSession } from "./managed-instances.ts";
import { parameterActions } from "./parameters.ts";
import { cancelCommand, sendCommand } from "./send-command.ts";

export const ssmActions = {
  SendCommand: sendCommand,
  CancelCommand: cancelCommand,
  GetCommandInvocation: getCommandInvocation,
  ListCommands: listCommands,
  ListCommandInvocations: listCommandInvocations,
  DescribeInstanceInformation: describeInstanceInformation,
  StartSession: startSession,
  DescribeSessions: describeSessions,
  ...parameterActions,
} satisfies Actions;

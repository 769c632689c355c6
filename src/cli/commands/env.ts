/** `causeway env`: what points the AWS CLI, the SDKs, boto3 and Terraform at the cloud. */
import { isAccountId } from "../../aws/index.ts";
import { print, printJson } from "../print.ts";
import { readRunning, stateFolder } from "../state-folder.ts";
import { UserError } from "../user-error.ts";

interface EnvOptions {
  readonly account: string;
  readonly region: string;
  readonly unset?: boolean;
  readonly state?: string;
  readonly json?: boolean;
}

export function env({ account, region, unset, state, json }: EnvOptions): void {
  if (!isAccountId(account)) {
    throw new UserError(
      "ACCOUNT",
      `'${account}' is not an account id.`,
      "Give twelve digits, e.g. --account 111111111111. Any twelve will do.",
    );
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new UserError("REGION", `'${region}' is not a Region.`, "Give one such as us-east-1 or eu-west-1.");
  const folder = stateFolder(state);
  const running = readRunning(folder);
  if (running === undefined && !unset) {
    throw new UserError(
      "NOT_RUNNING",
      `No cloud is running on ${folder.path}.`,
      "Start one with `causeway up --detach`.",
    );
  }
  const variables = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${running?.port}`,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: "causeway",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Clients that look for credentials elsewhere would wait for an address that is not there.
    AWS_EC2_METADATA_DISABLED: "true",
  };
  if (unset) print(`unset ${Object.keys(variables).join(" ")}`);
  else if (json) printJson(variables);
  else for (const [name, value] of Object.entries(variables)) print(`export ${name}=${value}`);
  if (!unset && !json && process.stdout.isTTY)
    process.stderr.write(
      '# To use it: eval "$(causeway env)". A session token of another account in your shell must be unset.\n',
    );
}

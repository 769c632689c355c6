/** User data: checked at launch, and run once when the instance first runs. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
import { invalidParameterValue } from "../../../../aws/index.ts";
import type { StateView } from "../../../state/state.ts";
import type { Background } from "../../action.ts";
import type { InstanceRecord } from "./record.ts";
import { scriptCommand } from "./script-command.ts";

const maxBytes = 16_384;
const maxConsoleCharacters = 65_536;
const timeoutMs = 15 * 60_000;

/** The base64 text as it is kept, or undefined for none. Throws when it is not base64, or too long. */
export function checkedUserData(userData: string | undefined): string | undefined {
  if (!userData) return undefined;
  const text = userData.replace(/\s/g, "");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 === 1) {
    throw invalidParameterValue("Invalid BASE64 encoding of user data.", "InvalidUserData.Malformed");
  }
  if (Buffer.from(text, "base64").length > maxBytes) throw invalidParameterValue("User data is limited to 16384 bytes");
  return text;
}

/** Whether an instance has come up whose user data waits to be run. */
export function hasDueUserData(view: Pick<StateView, "by">): boolean {
  return view.by("instance", "userData", "due").length > 0;
}

/** Runs what is due, each script once: it is marked before it starts, so that a crash does not run it twice. */
export async function runDueUserData(background: Pick<Background, "dataPlane" | "transact">): Promise<void> {
  const due = background.transact((transaction) => {
    const records = transaction.by("instance", "userData", "due");
    for (const record of records) transaction.put("instance", { ...record, UserDataDue: false });
    return records;
  });
  await Promise.all(
    due.map(async (record) => {
      const text = await runUserData(record, background);
      background.transact((transaction) => {
        const after = transaction.get("instance", record.InstanceId);
        if (after === undefined) return;
        transaction.put("instance", {
          ...after,
          ConsoleOutput: { text: text.slice(-maxConsoleCharacters), at: transaction.now },
        });
      });
    }),
  );
}

async function runUserData(
  { InstanceId, UserData = "" }: InstanceRecord,
  { dataPlane }: Pick<Background, "dataPlane">,
): Promise<string> {
  const script = Buffer.from(UserData, "base64").toString("utf8");
  if (dataPlane.mode === "model")
    return "user data: not run, because this cloud moves no packets here (data plane: model)\n";
  if (/^(#cloud-config|Content-Type:|#include|#cloud-boothook)/.test(script)) {
    return "user data: only scripts are run here; this is cloud-init configuration, which is not modelled\n";
  }
  const { exitCode, stdout, stderr, timedOut } = await dataPlane.run({
    instanceId: InstanceId,
    ...scriptCommand(script),
    timeoutMs,
  });
  const end = timedOut ? "timed out" : `exit status ${exitCode}`;
  return `${stdout}${stderr}user data: ${end}\n`;
}

/**
 * A stand-in for AWS's session-manager-plugin, taking the arguments that the AWS CLI gives it: the response of StartSession (or
 * the name of a variable that holds it), Region, operation, profile, request, endpoint. Its window is 91 columns by 33 rows.
 */
import { connectSession } from "../../src/cloud/gateway/session-channel/test-session-client.ts";

const clientVersion = "1.2.707.0";
// The AWS CLI asks first, and gives newer plugins the response by way of the environment.
if (process.argv[2] === "--version") {
  process.stdout.write(`${clientVersion}\n`);
  process.exit(0);
}

const [, , given = "", region, operation, , request = "{}", endpoint] = process.argv;
const response: unknown = JSON.parse(
  given.startsWith("AWS_SSM_START_SESSION_RESPONSE") ? (process.env[given] ?? "") : given,
);
const { SessionId, StreamUrl, TokenValue } = strings(response);
const { Target } = strings(JSON.parse(request));
if (operation !== "StartSession" || !region || !endpoint || !Target || !SessionId || !StreamUrl || !TokenValue)
  throw new Error(`not what the AWS CLI gives its plugin: ${process.argv.slice(2).join(" ")}`);

process.stdout.write(`\nStarting session with SessionId: ${SessionId}\n`);
const client = connectSession({
  streamUrl: StreamUrl,
  token: TokenValue,
  clientVersion,
  onOutput: (chunk) => process.stdout.write(chunk),
});
await client.ready;
client.resize(91, 33);
// As the plugin does, keys are sent as they come.
process.stdin.on("data", (chunk: Buffer) => client.type(chunk.toString("utf8")));
const end = await client.ended;
process.stdin.destroy();
if (!("closing" in end)) throw new Error(`the connection was closed with ${end.closeCode}`);
process.stdout.write(
  end.closing === ""
    ? `\n\nExiting session with sessionId: ${SessionId}.\n\n`
    : `\n\nSessionId: ${SessionId} : ${end.closing}\n\n`,
);

function strings(value: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Session Manager's data channel: what `aws ssm start-session` connects its plugin to. */
export { serveSessionChannels } from "./session-channels.ts";

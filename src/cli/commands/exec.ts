/** `causeway exec INSTANCE -- CMD`: a command in an instance, with this terminal when there is one. Its exit code is ours. */
import { converse } from "../control-client.ts";
import type { ControlRequest } from "../control-protocol.ts";
import { stateFolder } from "../state-folder.ts";

export async function exec(
  instance: string,
  argv: readonly string[],
  { state }: { readonly state?: string },
): Promise<void> {
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const request: ControlRequest = {
    do: "exec",
    instance,
    argv: argv.length > 0 ? argv : ["/bin/bash"],
    ...(terminal && {
      terminal: {
        columns: process.stdout.columns,
        rows: process.stdout.rows,
        ...(process.env.TERM && { type: process.env.TERM }),
      },
    }),
  };
  process.exitCode = Number(await inTerminal(stateFolder(state), request, terminal));
}

/** Connects this process's streams to a command in the cloud until it ends; the terminal is as before afterwards, whatever happens. */
export async function inTerminal(
  folder: ReturnType<typeof stateFolder>,
  request: ControlRequest,
  terminal: boolean,
): Promise<unknown> {
  const talk = converse(folder, request, (stream, chunk) => {
    (stream === "stdout" ? process.stdout : process.stderr).write(chunk);
  });
  const onData = (chunk: Buffer): void => talk.send({ input: chunk.toString("base64") });
  const onEnd = (): void => talk.send({ end: true });
  const onResize = (): void => talk.send({ resize: { columns: process.stdout.columns, rows: process.stdout.rows } });
  if (terminal) {
    process.stdin.setRawMode(true);
    process.stdout.on("resize", onResize);
  }
  process.stdin.on("data", onData);
  process.stdin.on("end", onEnd);
  try {
    return await talk.result;
  } finally {
    process.stdin.off("data", onData);
    process.stdin.off("end", onEnd);
    if (terminal) {
      process.stdin.setRawMode(false);
      process.stdout.off("resize", onResize);
    }
    process.stdin.pause();
    process.stdin.unref?.();
  }
}

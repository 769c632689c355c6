/** One request on a cloud's control socket, without the start of a command. */
import { createConnection } from "node:net";
import { join } from "node:path";

export function control(state, request) {
  return new Promise((resolve, reject) => {
    const socket = createConnection(join(state, "control.sock"));
    let text = "";
    socket.on("data", (chunk) => (text += chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const last = JSON.parse(text.trim().split("\n").at(-1));
      if ("result" in last) resolve(last.result);
      else reject(new Error(JSON.stringify(last.error)));
    });
    socket.write(`${JSON.stringify(request)}\n`);
  });
}

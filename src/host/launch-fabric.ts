/**
 * Starts the fabric's process inside namespaces of its own, by util-linux's unshare(1): its `--kill-child` is what makes the
 * kernel end everything with it. Who starts it decides the user namespace, see `rootUser`. Source: user_namespaces(7).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { FabricError } from "./fabric-error.ts";

/** What to run as the fabric: the built `fabric.js`, and Node's own options. */
export interface FabricEntry {
  readonly path: string;
  readonly execArgv?: readonly string[];
}

export interface LaunchedFabric {
  readonly child: ChildProcess;
  readonly mode: "rootless" | "root";
  /** What the process has written to standard error, the end of it. */
  readonly complaint: () => string;
}

/**
 * Started by root, the fabric's root is this user, who owns nothing on any machine, so that nothing in an instance is ever the
 * machine's root (who could, without one capability, still write most of /proc/sys). The machine's own users are mapped behind
 * it: the fabric needs their files (its program, the disks), commands have no capability to become them.
 */
export const rootUser = 1_900_000_000;

/** Resolves when the process is on its way; whether it comes up is heard on its channel. */
export async function launchFabric(entry: FabricEntry): Promise<LaunchedFabric> {
  const asRoot = process.getuid?.() === 0;
  const launcher = asRoot ? await mappedUserNamespace() : undefined;
  const namespaces = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"];
  const argv = [
    ...(launcher?.enter ?? []),
    "unshare",
    ...(asRoot ? [] : ["--user", "--map-root-user"]),
    ...namespaces,
    process.execPath,
    ...(entry.execArgv ?? []),
    entry.path,
  ];
  const [program = "", ...options] = argv;
  const child = spawn(program, options, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
    // Away from the terminal's process group: Ctrl-C is for the owner to handle.
    detached: true,
    env: { PATH: process.env.PATH ?? "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" },
    cwd: "/",
  });
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4000);
  });
  // The first message says that the fabric is inside; if none comes, nothing is.
  child.once("message", () => launcher?.release());
  child.once("error", () => launcher?.release());
  child.once("exit", () => launcher?.release());
  return { child, mode: asRoot ? "root" : "rootless", complaint: () => complaint };
}

/** A user namespace with `rootUser` as its root. Its first process only holds it until the fabric is inside. */
async function mappedUserNamespace(): Promise<{ readonly enter: readonly string[]; release(): void }> {
  const holder = spawn("unshare", ["--user", "sh", "-c", "echo ready; exec cat"], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  holder.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  await new Promise<void>((resolve, reject) => {
    holder.once("error", (error: NodeJS.ErrnoException) =>
      reject(new FabricError("unavailable", explain(error.message))),
    );
    holder.stdout.once("data", () => resolve());
    holder.once("close", () => reject(new FabricError("unavailable", explain(complaint))));
  });
  for (const file of ["uid_map", "gid_map"]) {
    writeFileSync(`/proc/${holder.pid}/${file}`, `0 ${rootUser} 1\n1 0 65536\n`);
  }
  return {
    enter: ["nsenter", `--user=/proc/${holder.pid}/ns/user`, "--setuid", "0", "--setgid", "0"],
    release: () => holder.stdin.end(),
  };
}

/** Why this machine cannot hold a fabric, for its user: the complaint of what failed, and the setting that is behind it. */
export function explain(complaint: string): string {
  const lines = complaint.trim().split("\n");
  const telling = lines.filter((line) => /^(unshare|nsenter|sh|\w*Error)\b.*:/.test(line));
  const said = (telling.length > 0 ? telling : lines.slice(-3)).join("; ");
  const reason =
    knownReasons.find(({ holds }) => holds(complaint))?.words ?? "The process that holds the namespaces did not start.";
  return said === "" ? reason : `${reason} (${said})`;
}

const setting = (path: string): string | undefined =>
  existsSync(`/proc/sys/${path}`) ? readFileSync(`/proc/sys/${path}`, "latin1").trim() : undefined;

/** The settings are asked, not the words of the complaint, except where only they tell two causes apart. */
const knownReasons: readonly { readonly words: string; holds(complaint: string): boolean }[] = [
  {
    words: "Packets need Linux: network namespaces and nf_tables are the kernel's.",
    holds: () => process.platform !== "linux",
  },
  {
    words: "The program unshare is missing; it is part of the package util-linux.",
    holds: () => !["/usr/bin/unshare", "/bin/unshare"].some((path) => existsSync(path)),
  },
  {
    words:
      "This kernel lets only root make user namespaces: sysctl kernel.unprivileged_userns_clone is 0. Set it to 1, or start as root.",
    holds: () => process.getuid?.() !== 0 && setting("kernel/unprivileged_userns_clone") === "0",
  },
  {
    words:
      "AppArmor forbids unprivileged user namespaces: sysctl kernel.apparmor_restrict_unprivileged_userns is 1. Set it to 0, or start as root.",
    holds: () => process.getuid?.() !== 0 && setting("kernel/apparmor_restrict_unprivileged_userns") === "1",
  },
  {
    words: "No user namespace can be made: sysctl user.max_user_namespaces is 0.",
    holds: () => setting("user/max_user_namespaces") === "0",
  },
  {
    words: "No network namespace can be made: sysctl user.max_net_namespaces is 0.",
    holds: () => setting("user/max_net_namespaces") === "0",
  },
  {
    words:
      "The kernel refuses to make namespaces here; a container's seccomp profile or a missing CAP_SYS_ADMIN usually does that (with Docker: --security-opt seccomp=unconfined, or --privileged).",
    holds: (complaint) => /^(unshare|nsenter):/m.test(complaint),
  },
];

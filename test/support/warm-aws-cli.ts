/**
 * In CI, `aws` on the tests' PATH is the installed AWS CLI kept loaded (warm_aws_cli.py): hundreds of command lines start in a fraction of the
 * time. Where that cannot be (the CLI is not Python's, or another version is found), `aws` stays as it is. Vitest's global set-up.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./warm_aws_cli.py", import.meta.url));
const patienceMs = 30_000;

export default async function setup(): Promise<(() => void) | undefined> {
  if (process.env.CI === undefined) return undefined;
  const python = pythonOfAwsCli();
  const installed = (process.env.PATH ?? "")
    .split(delimiter)
    .map((each) => join(each, "aws"))
    .find((path) => existsSync(path));
  if (python === undefined || installed === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "warm-aws-"));
  const socket = join(folder, "socket");
  const server = spawn(python, [program, "serve", socket], { stdio: ["pipe", "pipe", "inherit"] });
  const isReady = await new Promise<boolean>((resolve) => {
    server.stdout.once("data", () => resolve(true));
    server.once("close", () => resolve(false));
    setTimeout(() => resolve(false), patienceMs).unref();
  });
  const end = (): void => {
    server.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  };
  if (!isReady) {
    end();
    return undefined;
  }
  const before = process.env.PATH;
  // What the CLI keeps in a home (an assumed role's keys) is looked for where it was loaded: another home gets the CLI as it is.
  const lines = [
    "#!/bin/sh",
    `[ "$HOME" = '${homedir()}' ] && exec '${python}' -S -E '${program}' run '${socket}' "$@"`,
    `exec '${installed}' "$@"`,
  ];
  writeFileSync(join(folder, "aws"), `${lines.join("\n")}\n`, { mode: 0o755 });
  process.env.PATH = [folder, before].join(delimiter);
  return () => {
    process.env.PATH = before;
    end();
  };
}

/** The interpreter that has the very CLI that `aws` starts. */
function pythonOfAwsCli(): string | undefined {
  const found = spawnSync("python3", ["-c", "import awscli, sys; print(sys.executable); print(awscli.__version__)"], {
    encoding: "utf8",
  });
  const [python, version] = (found.stdout ?? "").split("\n");
  if (found.status !== 0 || python === undefined || python === "") return undefined;
  const installed = spawnSync("aws", ["--version"], { encoding: "utf8" });
  return `${installed.stdout}${installed.stderr}`.startsWith(`aws-cli/${version} `) ? python : undefined;
}

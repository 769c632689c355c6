/**
 * The file system that a command in an instance sees: the machine's programs read-only, a disk of its own, a handful of
 * devices, and nothing else of the machine: no home, no /opt, no /srv, no state folder, no /sys. Mounted into a mount namespace
 * that is made for one command and ends with it. Source: mount_namespaces(7), pivot_root(2), mount_setattr(2).
 */
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { SharedPath } from "../fabric.ts";
import {
  detachMount,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  mount,
  pivotRoot,
  restrictMount,
} from "../netlink/libc.ts";
import { shimFolder, writeShims } from "./shims.ts";

export interface PrivateRoot {
  /** Host folder that becomes the instance's home, /tmp and /var; without it they are in memory. */
  readonly disk: string | undefined;
  readonly hostName: string;
  /** What of the machine is seen besides. */
  readonly readOnly: readonly SharedPath[];
}

/** Where a new root is put together: any folder that every Linux has, covered for this mount namespace only. */
const scaffold = "/tmp";

/**
 * Replaces the calling thread's root. The thread must be in a mount namespace of its own, which the caller leaves again;
 * `/proc` is the fabric's, for whoever starts the process namespace to cover with its own.
 */
export function enterPrivateRoot(root: PrivateRoot): void {
  mount("none", "/", null, MS_REC | MS_PRIVATE);
  // The disk may lie below the scaffold: hold it before it is covered.
  const disk = openDisk(root.disk);
  const shared = root.readOnly.map(({ source, target }) => ({ held: openSync(source, "r"), target: target.slice(1) }));
  mount("causeway", scaffold, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=16m");
  bindPrograms();
  writeEtc(root.hostName);
  bindDevices();
  bindDisk(disk);
  for (const { held, target } of shared) {
    mkdirSync(dirname(at(target)), { recursive: true });
    bindReadOnly(`/proc/self/fd/${held}`, at(target));
    closeSync(held);
  }
  // The kernel lets a user namespace mount a new /proc only where a whole one is visible; the fabric's own is covered by it.
  mkdirSync(at("proc"));
  mount("/proc", at("proc"), null, MS_BIND | MS_REC);
  mkdirSync(at("run"));
  mount("causeway", at("run"), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64m");
  mkdirSync(at(shimFolder));
  writeShims(at(shimFolder));
  restrictMount(scaffold, { readOnly: true, noDevices: true, recursive: false });
  process.chdir(scaffold);
  pivotRoot(".", ".");
  // Both roots are stacked at "." now; the upper one is the machine's.
  detachMount(".");
  process.chdir("/");
}

function at(path: string): string {
  return `${scaffold}/${path}`;
}

/** Merged-/usr systems have links where others have folders. */
function bindPrograms(): void {
  for (const name of ["usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"]) {
    const source = `/${name}`;
    if (!existsSync(source)) continue;
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), at(name));
    else bindReadOnly(source, at(name));
  }
}

/** Settings of programs and nothing that is about this machine, its users or its secrets. */
const sharedSettings = [
  "alternatives",
  "bash.bashrc",
  "bash_completion.d",
  "ca-certificates",
  "crypto-policies",
  "debian_version",
  "ethertypes",
  "gai.conf",
  "host.conf",
  "inputrc",
  "iproute2",
  "java-11-openjdk",
  "java-17-openjdk",
  "java-21-openjdk",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "magic",
  "magic.mime",
  "mime.types",
  "nanorc",
  "networks",
  "os-release",
  "perl",
  "pki",
  "profile",
  "profile.d",
  "protocols",
  "python3",
  "python3.11",
  "rpc",
  "services",
  "shells",
  "ssl",
  "terminfo",
  "timezone",
  "vim",
  "xdg",
];

function writeEtc(hostName: string): void {
  mkdirSync(at("etc"));
  for (const name of sharedSettings) {
    const source = `/etc/${name}`;
    if (!existsSync(source)) continue;
    if (lstatSync(source).isSymbolicLink()) symlinkSync(readlinkSync(source), at(`etc/${name}`));
    else if (readableByAll(source)) bindReadOnly(source, at(`etc/${name}`));
  }
  const files = {
    hostname: `${hostName}\n`,
    hosts: `127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 ${hostName}\n`,
    "resolv.conf": "nameserver 169.254.169.253\noptions timeout:1 attempts:1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
    passwd:
      "root:x:0:0:root:/root:/bin/bash\ntcpdump:x:0:0::/nonexistent:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
    group: "root:x:0:\nnogroup:x:65534:\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(`etc/${name}`), text);
  symlinkSync("/proc/self/mounts", at("etc/mtab"));
}

/** /etc/ssl/private and its like stay unreadable by their own mode, since nobody in here is the machine's root. */
function readableByAll(path: string): boolean {
  return (statSync(path).mode & 0o004) !== 0;
}

function bindDevices(): void {
  mkdirSync(at("dev"));
  mount("causeway", at("dev"), "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=0755,size=64k");
  for (const name of ["null", "zero", "full", "random", "urandom", "tty"]) {
    writeFileSync(at(`dev/${name}`), "");
    mount(`/dev/${name}`, at(`dev/${name}`), null, MS_BIND);
  }
  for (const name of ["pts", "shm"]) mkdirSync(at(`dev/${name}`));
  mount("devpts", at("dev/pts"), "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620");
  mount("causeway", at("dev/shm"), "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=64m");
  symlinkSync("pts/ptmx", at("dev/ptmx"));
  symlinkSync("/proc/self/fd", at("dev/fd"));
  ["stdin", "stdout", "stderr"].forEach((name, i) => {
    symlinkSync(`/proc/self/fd/${i}`, at(`dev/${name}`));
  });
  restrictMount(at("dev"), { readOnly: true, noDevices: false, recursive: false });
}

/** What is writable, and where it is on the disk. */
const writable = [
  { path: "root", mode: 0o700 },
  { path: "home", mode: 0o755 },
  { path: "tmp", mode: 0o1777 },
  { path: "var", mode: 0o755 },
  { path: "srv", mode: 0o755 },
] as const;

function openDisk(disk: string | undefined): string | undefined {
  if (disk === undefined) return undefined;
  const hold = "/mnt";
  mount(disk, hold, null, MS_BIND);
  restrictMount(hold, { readOnly: false, noDevices: true, recursive: false });
  for (const { path, mode } of writable) makeFolder(`${hold}/${path}`, mode);
  for (const path of ["tmp", "log", "lib", "cache"]) makeFolder(`${hold}/var/${path}`, path === "tmp" ? 0o1777 : 0o755);
  return hold;
}

function bindDisk(disk: string | undefined): void {
  for (const { path, mode } of writable) {
    mkdirSync(at(path));
    if (disk !== undefined) mount(`${disk}/${path}`, at(path), null, MS_BIND);
    else mount("causeway", at(path), "tmpfs", MS_NOSUID | MS_NODEV, `mode=${mode.toString(8)},size=256m`);
  }
  if (disk === undefined) {
    for (const path of ["tmp", "log", "lib", "cache"]) mkdirSync(at(`var/${path}`));
  }
  if (!isLink(at("var/run"))) symlinkSync("/run", at("var/run"));
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function makeFolder(path: string, mode: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })) return;
  mkdirSync(path);
  // mkdir's mode is cut by the umask and loses the sticky bit.
  chmodSync(path, mode);
}

function bindReadOnly(source: string, target: string): void {
  if (statSync(source).isDirectory()) mkdirSync(target);
  else writeFileSync(target, "");
  mount(source, target, null, MS_BIND | MS_REC);
  restrictMount(target, { readOnly: true, noDevices: true, recursive: true });
}

/**
 * The system calls that Node has no name for, called through koffi on the main thread. Numbers are Linux's own, the same on
 * x86-64 and arm64 except `pivot_root`.
 */
import koffi from "koffi";
import { SystemError } from "../system-error.ts";

const library = koffi.load(null);

const raw: {
  readonly setns: (fd: number, type: number) => number;
  readonly unshare: (flags: number) => number;
  readonly socket: (domain: number, type: number, protocol: number) => number;
  readonly bind: (fd: number, address: Uint8Array, length: number) => number;
  readonly connect: (fd: number, address: Uint8Array, length: number) => number;
  readonly send: (fd: number, bytes: Uint8Array, length: number, flags: number) => number;
  readonly recv: (fd: number, bytes: Uint8Array, length: number, flags: number) => number;
  readonly getsockopt: (fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array) => number;
  readonly setsockopt: (fd: number, level: number, option: number, value: Uint8Array, length: number) => number;
  readonly read: (fd: number, bytes: Uint8Array, length: number) => number;
  readonly write: (fd: number, bytes: Uint8Array, length: number) => number;
  readonly close: (fd: number) => number;
  readonly open: (path: string, flags: number, mode: number) => number;
  readonly fcntl: (fd: number, command: number, argument: number) => number;
  readonly ioctl: (fd: number, request: number, argument: Uint8Array) => number;
  readonly mount: (
    source: string,
    target: string,
    type: string | null,
    flags: number,
    options: string | null,
  ) => number;
  readonly umount2: (target: string, flags: number) => number;
  readonly sethostname: (name: string, length: number) => number;
  readonly pivotRoot: (number: number, newRoot: string, oldRoot: string) => number;
  readonly mountSetattr: (
    number: number,
    fd: number,
    path: string,
    flags: number,
    attributes: Uint8Array,
    size: number,
  ) => number;
} = {
  setns: library.func("int setns(int, int)"),
  unshare: library.func("int unshare(int)"),
  socket: library.func("int socket(int, int, int)"),
  bind: library.func("int bind(int, const void *, unsigned int)"),
  connect: library.func("int connect(int, const void *, unsigned int)"),
  send: library.func("long send(int, const void *, size_t, int)"),
  recv: library.func("long recv(int, void *, size_t, int)"),
  getsockopt: library.func("int getsockopt(int, int, int, void *, void *)"),
  setsockopt: library.func("int setsockopt(int, int, int, const void *, unsigned int)"),
  read: library.func("long read(int, void *, size_t)"),
  write: library.func("long write(int, const void *, size_t)"),
  close: library.func("int close(int)"),
  open: library.func("open", "int", ["const char *", "int", "int"]),
  fcntl: library.func("fcntl", "int", ["int", "int", "int"]),
  ioctl: library.func("ioctl", "int", ["int", "unsigned long", "void *"]),
  mount: library.func("int mount(const char *, const char *, const char *, unsigned long, const char *)"),
  umount2: library.func("int umount2(const char *, int)"),
  sethostname: library.func("int sethostname(const char *, size_t)"),
  pivotRoot: library.func("syscall", "long", ["long", "const char *", "const char *"]),
  mountSetattr: library.func("syscall", "long", ["long", "int", "const char *", "unsigned int", "void *", "size_t"]),
};

export const CLONE_NEWNS = 0x00020000;
export const CLONE_NEWUTS = 0x04000000;
export const CLONE_NEWIPC = 0x08000000;
export const CLONE_NEWNET = 0x40000000;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
export const MSG_DONTWAIT = 0x40;

export const MS_NOSUID = 2;
export const MS_NODEV = 4;
export const MS_NOEXEC = 8;
export const MS_BIND = 4096;
export const MS_REC = 16384;
export const MS_PRIVATE = 1 << 18;

export const EAGAIN = 11;
export const EINPROGRESS = 115;

/** The errno of the last refused call of this thread. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Moves the calling thread into the namespace that `fd` holds; processes it starts and sockets it opens belong there. */
export function setns(fd: number, type: number): void {
  check("setns", raw.setns(fd, type));
}

/** Gives the calling thread namespaces of its own. */
export function unshare(flags: number): void {
  check("unshare", raw.unshare(flags));
}

/** A non-blocking socket in the calling thread's network namespace. */
export function openSocket(domain: number, type: number, protocol: number): number {
  return check("socket", raw.socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol));
}

export function bindSocket(fd: number, address: Uint8Array): void {
  check("bind", raw.bind(fd, address, address.length));
}

/** 0, or the errno: `EINPROGRESS` is the usual answer of a non-blocking socket. */
export function connectSocket(fd: number, address: Uint8Array): number {
  return raw.connect(fd, address, address.length) < 0 ? lastErrno() : 0;
}

/** Bytes sent, or minus the errno. */
export function sendBytes(fd: number, bytes: Uint8Array): number {
  const sent = raw.send(fd, bytes, bytes.length, MSG_DONTWAIT);
  return sent < 0 ? -lastErrno() : sent;
}

/** Bytes received, or minus the errno. Never waits. */
export function receiveBytes(fd: number, bytes: Uint8Array): number {
  const received = raw.recv(fd, bytes, bytes.length, MSG_DONTWAIT);
  return received < 0 ? -lastErrno() : received;
}

/** Bytes read, 0 at the end, or minus the errno; for descriptors that are not sockets. */
export function readBytes(fd: number, bytes: Uint8Array): number {
  const length = raw.read(fd, bytes, bytes.length);
  return length < 0 ? -lastErrno() : length;
}

/** Bytes written, or minus the errno; for descriptors that are not sockets. */
export function writeBytes(fd: number, bytes: Uint8Array): number {
  const length = raw.write(fd, bytes, bytes.length);
  return length < 0 ? -lastErrno() : length;
}

/** Calls back whenever the descriptor can be read or written, until `close`. The descriptor is closed after, never before. */
export function watchDescriptor(
  fd: number,
  what: { readonly readable?: boolean; readonly writable?: boolean },
  onReady: () => void,
): { close(): void } {
  return koffi.node.poll(fd, { ...what, disconnect: true }, onReady);
}

export function setSocketOption(fd: number, level: number, option: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  check("setsockopt", raw.setsockopt(fd, level, option, bytes, 4));
}

/** The socket's pending error (`SO_ERROR`), 0 when there is none. */
export function socketError(fd: number): number {
  const value = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  length.writeInt32LE(4);
  check("getsockopt", raw.getsockopt(fd, 1, 4, value, length));
  return value.readInt32LE();
}

export function closeDescriptor(fd: number): void {
  check("close", raw.close(fd));
}

/** The descriptor stays here when this process starts another; one that is gone already is no error. */
export function closeOnExec(fd: number): void {
  const [setFlags, flag, EBADF] = [2, 1, 9];
  if (raw.fcntl(fd, setFlags, flag) < 0 && lastErrno() !== EBADF) throw new SystemError("fcntl", lastErrno());
}

/** Opens in the calling thread's own root, which Node's `fs` on a worker thread would not. */
export function openPath(path: string, flags: number): number {
  return check(`open ${path}`, raw.open(path, flags | SOCK_CLOEXEC, 0));
}

export function ioctl(operation: string, fd: number, request: number, argument: Uint8Array): void {
  check(operation, raw.ioctl(fd, request, argument));
}

export function mount(source: string, target: string, type: string | null, flags: number, options?: string): void {
  check(`mount ${type ?? source} on ${target}`, raw.mount(source, target, type, flags, options ?? null));
}

/** Detaches a mount and what is below it (`MNT_DETACH`). */
export function detachMount(target: string): void {
  check(`umount ${target}`, raw.umount2(target, 2));
}

export function setHostName(name: string): void {
  check("sethostname", raw.sethostname(name, Buffer.byteLength(name)));
}

export function pivotRoot(newRoot: string, oldRoot: string): void {
  check("pivot_root", raw.pivotRoot(process.arch === "arm64" ? 41 : 155, newRoot, oldRoot));
}

/** Adds read-only (and always nosuid) to a mount; with `recursive` to all below it. Flags that are there stay (Linux 5.12). */
export function restrictMount(
  path: string,
  options: { readonly readOnly: boolean; readonly noDevices: boolean; readonly recursive: boolean },
): void {
  const [readOnly, noSuid, noDevices] = [1n, 2n, 4n];
  const attributes = Buffer.alloc(32);
  attributes.writeBigUInt64LE(noSuid | (options.readOnly ? readOnly : 0n) | (options.noDevices ? noDevices : 0n), 0);
  const [atFdcwd, atRecursive, mountSetattr] = [-100, 0x8000, 442];
  check(
    `mount_setattr ${path}`,
    raw.mountSetattr(mountSetattr, atFdcwd, path, options.recursive ? atRecursive : 0, attributes, attributes.length),
  );
}

function check(operation: string, result: number): number {
  if (result < 0) throw new SystemError(operation, lastErrno());
  return result;
}

import { existsSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import type { Socket } from "node:net";

/*
 * Finds the process at the other end of a loopback connection: Linux shows it in /proc. On other systems only other programs could find out.
 */

/** Whether this system can identify a peer. */
export function canTellPeers(): boolean {
  return existsSync(`/proc/self/task/${process.pid}/children`) && existsSync("/proc/self/net/tcp");
}

/**
 * Whether the other end of a connection on IPv4 loopback is a process that this one has started, or that one of those
 * has started. What cannot be found out counts as no.
 */
export async function isFromOwnChild(socket: Socket): Promise<boolean> {
  const inode = await inodeOfPeer(socket.remotePort, socket.localPort);
  if (inode === undefined) return false;
  for await (const pid of descendants(process.pid)) {
    if (await holds(pid, inode)) return true;
  }
  return false;
}

/** Whether the other end of a connection on IPv4 loopback is the process that has started this one, or one above it. */
export async function isFromAncestor(socket: Socket): Promise<boolean> {
  const inode = await inodeOfPeer(socket.remotePort, socket.localPort);
  if (inode === undefined) return false;
  for (
    let pid: string | undefined = String(process.ppid);
    pid !== undefined && pid !== "0";
    pid = await parentOf(pid)
  ) {
    if (await holds(pid, inode)) return true;
  }
  return false;
}

async function parentOf(pid: string): Promise<string | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "latin1").catch(() => "");
  return /^\d+ \(.*\) \S (\d+) /s.exec(text)?.[1];
}

/** The socket of the peer, by the number that the kernel knows it by. */
async function inodeOfPeer(port: number | undefined, ownPort: number | undefined): Promise<string | undefined> {
  if (port === undefined || ownPort === undefined) return undefined;
  const hex = (number: number) => number.toString(16).toUpperCase().padStart(4, "0");
  const [local, remote] = [`:${hex(port)}`, `:${hex(ownPort)}`];
  for (const line of (await readFile("/proc/self/net/tcp", "latin1")).split("\n")) {
    const [, from = "", to = "", , , , , , , inode] = line.trim().split(/\s+/);
    if (from.endsWith(local) && to.endsWith(remote)) return inode;
  }
  return undefined;
}

async function* descendants(pid: number | string): AsyncGenerator<string> {
  for (const thread of await names(`/proc/${pid}/task`)) {
    const children = await readFile(`/proc/${pid}/task/${thread}/children`, "latin1").catch(() => "");
    for (const child of children.split(" ").filter(Boolean)) {
      yield child;
      yield* descendants(child);
    }
  }
}

async function holds(pid: string, inode: string): Promise<boolean> {
  for (const file of await names(`/proc/${pid}/fd`)) {
    if ((await readlink(`/proc/${pid}/fd/${file}`).catch(() => "")) === `socket:[${inode}]`) return true;
  }
  return false;
}

/** Nothing of a process that has ended meanwhile. */
async function names(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

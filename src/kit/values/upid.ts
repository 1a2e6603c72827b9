/** A task's id taken apart. Times in seconds since the epoch; `pstart` in ticks since the node booted. */
export interface Upid {
  node: string
  pid: number
  pstart: number
  starttime: number
  type: string
  /** What the task works on, often a VMID; may be empty. */
  id: string
  /** `user@realm` or `user@realm!token`. */
  user: string
}

const form =
  /^UPID:([a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?):([0-9A-Fa-f]{8}):([0-9A-Fa-f]{8,9}):([0-9A-Fa-f]{8}):([^:\s/]+):([^:\s/]*):([^:\s/]+):$/

/** Takes a UPID apart (pve-common, PVE/UPID.pm, decode); undefined when it is none. */
export function parseUpid(text: string): Upid | undefined {
  const match = form.exec(text)
  if (!match) return undefined
  const [, node, pid, pstart, starttime, type, id, user] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  return {
    node,
    pid: Number.parseInt(pid, 16),
    pstart: Number.parseInt(pstart, 16),
    starttime: Number.parseInt(starttime, 16),
    type,
    id,
    user,
  }
}

const hex = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0')

/** Puts a UPID together, as PVE writes it: upper-case digits, a colon at the end. */
export function printUpid({node, pid, pstart, starttime, type, id, user}: Upid): string {
  return `UPID:${node}:${hex(pid)}:${hex(pstart)}:${hex(starttime)}:${type}:${id}:${user}:`
}

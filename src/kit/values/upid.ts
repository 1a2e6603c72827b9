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

import type {Guest, GuestType} from './model.js'
import {table} from './tables.js'

/** A guest with nothing in it, and what is already known of it. */
export const newGuest = (vmid: number, type: GuestType, node: string, known: Partial<Guest> = {}): Guest => ({
  vmid,
  type,
  node,
  config: {},
  pending: {},
  pendingDelete: {},
  snapshots: table({}),
  running: false,
  startTime: 0,
  pid: 0,
  ...known,
})

import {PmpcError} from '../errors/index.js'
import {isMap} from '../resources/documents.js'
import {kindOf} from '../resources/kinds/index.js'
import type {Config} from '../resources/model.js'
import {localKey} from '../resources/refs.js'
import type {Item} from './item.js'

/** The consoles that an address leads to. SPICE is none: its file is made by a request, and holds a ticket. */
export const consoleTypes = ['novnc', 'xtermjs'] as const

export type ConsoleType = (typeof consoleTypes)[number]

/** Where a console is, as `pmpc console` tells it to programs; docs/schema/console.json. */
export interface ConsoleAddress {
  cluster: string
  /** `vm/100`, `node/pve1` */
  object: string
  /** The node that it ran on at the last sync. */
  node: string
  type: ConsoleType
  /** Of Proxmox VE's own page, for a browser that is logged in there. It holds no ticket. */
  url: string
  /** Of a guest `running`, `stopped`, …; of a node `online`, …; at the last sync. */
  status?: string
}

/** What consoles of guests are called there; a node's is its shell. */
const called = {qemu: 'kvm', lxc: 'lxc'} as const

/**
 * The address of the console of a guest or a node, as Proxmox VE's own pages make it (pve-manager, www/manager6/Utils.js (openVNCViewer);
 * proxmox-widget-toolkit, src/Utils.js (openXtermJsViewer)).
 * @param endpoint `https://HOST:8006`
 * @param wanted what VMs show (noVNC), and all else (xterm.js), unless given
 * @throws PMPC_BAD_OBJECT for what has no console
 */
export function consoleOf(item: Item, endpoint: string, wanted?: ConsoleType): ConsoleAddress {
  const {cluster, kind, id, config} = item
  const object = localKey({kind, id})
  const {guest} = kindOf(kind)
  const isNode = kind === 'node'
  if (!isNode && guest === undefined) throw noConsole(`${object} has no console: guests and nodes have one.`, object)
  if (item.template === 1) throw noConsole(`${object} is a template, and never runs.`, object)
  const node = isNode ? String(id) : String(item.node)
  const type = wanted ?? (guest === 'qemu' && !hasSerialDisplay(config) ? 'novnc' : 'xtermjs')
  const who = isNode ? {} : {vmid: String(id), vmname: String(item.name ?? '')}
  const query = {
    console: guest === undefined ? 'shell' : called[guest],
    [type]: '1',
    ...who,
    node,
    ...(type === 'novnc' && {resize: 'off'}),
    cmd: '',
  }
  const url = `${new URL(endpoint).origin}/?${Object.entries(query)
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join('&')}`
  return {cluster, object, node, type, url, ...(typeof item.status === 'string' && {status: item.status})}
}

/** Whether what a VM shows goes to a serial port: `vga: serial0`. */
function hasSerialDisplay({vga}: Config): boolean {
  return /^serial\d/.test(String(isMap(vga) ? vga.type : vga))
}

/** Whether xterm.js finds a serial port in a VM. */
export function hasSerialPort({config}: Item): boolean {
  return Object.keys(config).some((key) => /^serial\d+$/.test(key))
}

function noConsole(message: string, object: string): PmpcError {
  return new PmpcError('PMPC_BAD_OBJECT', message, {suggestions: ['pmpc get guests --status running'], data: {object}})
}

import {LEDGER} from '../coverage.js'
import type {Before} from '../generated.js'

/** Where things stood in the code of the generation before: what `iac/coverage.json` says. */
export interface Addresses {
  /** By what is there: `home/vm/100` to `module.home.proxmox_virtual_environment_vm.vm_100`. */
  readonly addresses: ReadonlyMap<string, string>
  /** Of what is not there any more. */
  readonly removed: readonly string[]
}

/** Modules are folders and guests are files: what is longer than a file system takes was never written. */
const address = /^module\.([A-Za-z_][\w-]{0,199})\.([a-z][a-z0-9_]*)\.([A-Za-z_][\w-]{0,199})$/

/** The parts of an address; undefined of one that the code never had. */
export function partsOf(text: string): {module: string; type: string; name: string} | undefined {
  const [, module, type, name] = address.exec(text) ?? []
  return module === undefined ? undefined : {module, type: type!, name: name!}
}

/** The object that an entry of `addresses` is of, by its full name: one that has several resources has an entry each, with a blank and the resource behind. */
export const objectOf = (entry: string): string => entry.split(' ', 1)[0]!

/** What is remembered: nothing where the file is not there, or is none that pmpc wrote. */
export function readAddresses(before: Before): Addresses {
  const known = parsed(before.read(LEDGER))
  const addresses = Object.entries(entriesOf(known?.addresses))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && partsOf(entry[1]) !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const removed = Array.isArray(known?.removed) ? known.removed : []
  return {
    addresses: new Map(addresses),
    removed: removed.filter((each): each is string => typeof each === 'string' && partsOf(each) !== undefined),
  }
}

function parsed(text: string | undefined): {addresses?: unknown; removed?: unknown} | undefined {
  try {
    return JSON.parse(text ?? 'null') as {addresses?: unknown; removed?: unknown}
  } catch {
    return undefined
  }
}

const entriesOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {})

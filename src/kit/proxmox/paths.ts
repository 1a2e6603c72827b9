import {PmpcError} from '../errors/index.js'
import {kinds} from '../resources/kinds/index.js'

/** What may be sent as the value of one parameter. Booleans travel as 1 and 0, arrays as repeated keys; undefined is not sent. */
export type Parameter = string | number | boolean | undefined | readonly (string | number)[]
export type Parameters = Record<string, Parameter>

/**
 * Builds an API path from its parts: `apiPath('nodes', 'pve1', 'storage', 'local', 'content', 'local:iso/x.iso')`.
 * The `/` of a volume id stays, as do the `:` and `!` of an UPID or a token id: PVE matches paths before it decodes them (seen on
 * real hosts).
 * @throws PMPC_BAD_PARAMETER for an empty part and for `.` and `..`, which would name another path
 */
export function apiPath(...parts: (string | number)[]): string {
  return '/' + parts.map((part) => pathSegment(String(part))).join('/')
}

const volumeId = /^[^/:]+:[^:]*\//

function pathSegment(part: string): string {
  const pieces = volumeId.test(part) ? part.split('/') : [part]
  if (pieces.some((piece) => piece === '' || piece === '.' || piece === '..')) {
    throw new PmpcError('PMPC_BAD_PARAMETER', `'${part}' cannot be a part of an API path`, {
      suggestions: ['Give the id of the object as Proxmox VE prints it'],
      data: {part},
    })
  }
  return pieces.map((piece) => encodeURIComponent(piece).replaceAll('%3A', ':').replaceAll('%40', '@')).join('/')
}

/**
 * Form and query encoding. Everything but letters, digits and `-._~` is percent-encoded: PVE cuts a value at an unencoded `=`
 * (pve-http-server, PVE/APIServer/AnyEvent.pm, decode_urlencoded).
 */
export function encodeParameters(parameters: Parameters | undefined): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (value === undefined) continue
    const key = percentEncode(name)
    for (const one of Array.isArray(value)
      ? (value as readonly (string | number)[])
      : [value as string | number | boolean]) {
      pairs.push(`${key}=${percentEncode(plain(one))}`)
    }
  }
  return pairs.join('&')
}

function plain(value: string | number | boolean): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value)
}

function percentEncode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => '%' + char.charCodeAt(0).toString(16).toUpperCase())
}

/** The node whose daemon does the work of a call, or undefined where any node can answer. */
export function owningNode(path: string): string | undefined {
  return /^\/nodes\/([^/]+)/.exec(path)?.[1]
}

/** The guest that a call is about, as its VMID, or undefined. */
export function guestOf(path: string): string | undefined {
  return /^\/nodes\/[^/]+\/(?:qemu|lxc)\/(\d+)(?:\/|$)/.exec(path)?.[1]
}

/** The guest that a call is about, as pmpc names it: `vm/100`. */
export function guestRefOf(path: string): string | undefined {
  const [, type, id] = /^\/nodes\/[^/]+\/(\w+)\/(\d+)(?:\/|$)/.exec(path) ?? []
  const kind = type === undefined ? undefined : kinds.find(({guest}) => guest === type)
  return kind && `${kind.name}/${id}`
}

import {createHash} from 'node:crypto'
import type {Observed} from 'pmpc/kit/resources'

/** Characters of a name beyond which it is cut, and of a checksum. */
const [longest, digits] = [60, 6]

/** Groups that are always there, so that the plays of people never name one that is not. */
export const FIXED = {
  all: 'all',
  guests: 'guests',
  qemu: 'qemu',
  lxc: 'lxc',
  templates: 'templates',
  nodes: 'pve_nodes',
  linux: 'os_linux',
  windows: 'os_windows',
  running: 'status_running',
  stopped: 'status_stopped',
} as const

/** What Ansible takes for the machine that it runs on, or for groups of its own, beside the groups above. */
const reserved: ReadonlySet<string> = new Set([...Object.values(FIXED), 'ungrouped', 'localhost', '127.0.0.1'])

/** What cannot be taken for a range (`[1:3]`), a port, a pattern (`!web`) or a path. Without `_`, which each group of ours but the reserved has. */
const hostName = /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,200}[A-Za-z0-9])?$/

/** What PVE calls it; null where it has no name that a host of Ansible's can have. */
export function dnsName({kind, id, config}: Observed): string | null {
  const name = kind === 'node' ? id : (config.name ?? config.hostname)
  return typeof name === 'string' && hostName.test(name) ? name : null
}

const natural = (object: Observed): string => dnsName(object) ?? `${object.kind}-${plainId(String(object.id))}`
const plainId = (id: string): string => (/^\d+$/.test(id) ? id : checksum(id).slice(0, digits))
const checksum = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * What each guest and node of a cluster is called as a host: its own name; `NAME-VMID` of guests that share one with others, with a node, or
 * with a group. Names that differ in case alone are shared, as the files of one would be the other's where file systems know no case.
 */
export function hostNames(objects: readonly Observed[]): Map<Observed, string> {
  const times = new Map<string, number>()
  for (const object of objects) {
    const name = natural(object).toLowerCase()
    times.set(name, (times.get(name) ?? 0) + 1)
  }
  const nodes = new Set(objects.filter(({kind}) => kind === 'node').map((node) => natural(node).toLowerCase()))
  const isFree = (name: string, isNode: boolean) => {
    const lower = name.toLowerCase()
    return !reserved.has(lower) && (isNode || (times.get(lower) === 1 && !nodes.has(lower)))
  }
  return new Map(
    objects.map((object) => {
      const [name, isNode] = [natural(object), object.kind === 'node']
      if (isFree(name, isNode)) return [object, name]
      const end = isNode ? '-node' : `-${object.id}`
      let longer = name + end
      while (times.has(longer.toLowerCase()) || reserved.has(longer)) longer += end
      return [object, longer]
    }),
  )
}

/**
 * Names of groups for texts of people's, by the texts: `tag_` and what Ansible takes of the text. Where several come to the same, the one that
 * is spelled so has it, and the others end in a checksum of their own, so that they do not change places when one more comes.
 * @param claimed slugs that are taken, by whom they are: `running`
 */
export function groupNames(
  prefix: string,
  texts: Iterable<string>,
  claimed: readonly string[] = [],
): Map<string, string> {
  const bySlug = new Map<string, Set<string>>(claimed.map((slug) => [slug, new Set([slug])]))
  for (const text of texts) {
    const short = slug(text).slice(0, longest)
    bySlug.set(short, (bySlug.get(short) ?? new Set()).add(text))
  }
  const names = new Map<string, string>()
  for (const [short, all] of bySlug)
    for (const text of all) {
      const isOwn = short !== '' && (text === short || (all.size === 1 && text.length <= longest))
      names.set(text, prefix + (isOwn ? short : withChecksum(short, text, bySlug)))
    }
  return names
}

function withChecksum(short: string, text: string, taken: ReadonlyMap<string, unknown>): string {
  const sum = checksum(text)
  for (let length = digits; ; length++) {
    const name = `${short === '' ? '' : `${short}_`}${sum.slice(0, length)}`
    if (!taken.has(name) || length === sum.length) return name
  }
}

function slug(text: string): string {
  const folded = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return folded.replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_|_$/g, '')
}

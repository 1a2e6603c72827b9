import type {HandedFile} from 'pmpc/kit/anonymize'

/** Words of a format, below these keys: a machine that is called as one of them must not change the form. */
const FORMAT = new Set(['format', 'version', 'file', 'pve', 'type'])

/** Two levels below this stand ids, which may have to go: the file, then the section. */
const SECTIONS = 'sections'
/** Below this ids stand everywhere. */
const FIREWALL = 'firewall'

/**
 * What was anonymized as text, a name in it like any other, with the words of its form as they were: keys, and values that are words of a
 * format. Keys are Proxmox VE's own and the same everywhere, even where a container is called `dns1`.
 * @param before what was handed over @param after the same files, anonymized
 */
export function withOwnWords(before: readonly HandedFile[], after: readonly HandedFile[]): HandedFile[] {
  const own = new Map(before.map(({name, bytes}) => [name, bytes]))
  return after.map((file) => {
    const original = own.get(file.name)
    if (original === undefined || !/^(?:bundle|estates\/\d+)\.json$/.test(file.name)) return file
    const [was, is] = [original, file.bytes].map((bytes) => JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown)
    return {name: file.name, bytes: Buffer.from(`${JSON.stringify(merged(was, is), null, 2)}\n`)}
  })
}

/** Both have the same form: texts were replaced by texts, and nothing was moved. */
function merged(was: unknown, is: unknown, depth = Number.POSITIVE_INFINITY): unknown {
  if (Array.isArray(was) && Array.isArray(is)) return was.map((one, at) => merged(one, is[at], depth))
  if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) return is
  const values = Object.entries(is)
  return Object.fromEntries(
    Object.entries(was).map(([key, value], at) => {
      const [renamed, changed] = values[at] ?? [key, value]
      if (FORMAT.has(key)) return [key, value]
      if (key === FIREWALL) return [key, changed]
      const below = key === SECTIONS ? 2 : depth - 1
      return [depth === 1 ? renamed : key, merged(value, changed, below)]
    }),
  )
}

// Lists that tell of all objects, and are read along with any of them.
import type {Reader} from '../proxmox/index.js'

/** Such lists, and what is sent by paths that change nothing of what they tell. */
const lists: readonly {list: RegExp; stays: RegExp}[] = [
  {list: /^\/nodes$/, stays: /./},
  {list: /^\/access\/permissions$/, stays: /^\/(?!access\/|pools)/},
  // What these tell of a guest's configuration is read from that itself.
  {
    list: /^\/cluster\/resources$/,
    stays: /^\/(?:access|cluster\/firewall)\/|^\/nodes\/[^/]+\/(?:qemu|lxc)\/\d+\/(?:config|resize|firewall|status)\b/,
  },
  {
    list: /^\/nodes\/[^/]+\/(?:qemu|lxc)$/,
    stays:
      /^\/(?:access|pools|storage|cluster\/firewall)\b|^\/nodes\/[^/]+\/(?:qemu|lxc)\/\d+\/(?:config|resize|firewall)\b/,
  },
]

/** A reader that asks for each such list once, until what it tells may be otherwise. */
export interface Keeping extends Reader {
  /** Something was sent by this path, or is about to be; without a path, whatever is known may be otherwise. */
  forget(path?: string): void
}

/** @param answers what was answered before, by path */
export function keeping(reader: Reader, answers: ReadonlyMap<string, unknown>): Keeping {
  const isList = (path: string): boolean => lists.some(({list}) => list.test(path))
  const kept = new Map<string, Promise<unknown>>()
  for (const [path, answer] of answers) if (isList(path)) kept.set(path, Promise.resolve(answer))
  const get = async (...[path, query, options]: Parameters<Reader['get']>): Promise<unknown> => {
    if (query !== undefined || !isList(path)) return reader.get(path, query, options)
    const known = kept.get(path)
    if (known) return known
    const asked = reader.get(path, query, options)
    kept.set(path, asked)
    // Whoever asks next is to learn more than that it failed.
    asked.catch(() => kept.get(path) === asked && kept.delete(path))
    return asked
  }
  return {
    ...reader,
    get: get as Reader['get'],
    forget(by) {
      for (const path of kept.keys())
        if (by === undefined || !lists.some(({list, stays}) => list.test(path) && stays.test(by))) kept.delete(path)
    },
  }
}

import {PmpcError} from '../errors/index.js'

/** A map as JSON has it. Its keys come from outside: `Object.hasOwn`, never `in`, and never an assignment by key. */
export type Entry = Record<string, unknown>

/** Most entries of a list that are looked at: ten times as many as the largest clusters have guests. */
export const mostEntries = 50_000
/** Levels of one entry of a list, or of one configuration. What pmpc reads of PVE has four at most. */
const mostLevels = 32

/** Whether a value is a map. */
export function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An answer that must be a list. @throws PMPC_NOT_PVE, PMPC_ANSWER_LIMIT */
export function listIn(answer: unknown, path: string): unknown[] {
  if (!Array.isArray(answer)) throw otherShape(path, 'a list')
  if (answer.length <= mostEntries) return answer as unknown[]
  throw new PmpcError('PMPC_ANSWER_LIMIT', `${path} answered a list of ${answer.length} entries`, {
    suggestions: ['Check `endpoints` in pmpc.yaml: is it Proxmox VE that answers there?'],
    data: {path, limit: 'entries', most: mostEntries},
  })
}

/** The maps in a list; for what is only good to know, where an entry that is none is no loss. @throws as `listIn` */
export function mapsIn(answer: unknown, path: string): Entry[] {
  return listIn(answer, path).filter((entry) => isEntry(entry) && troubleWith(entry) === undefined) as Entry[]
}

/** An answer that must be a map. @throws PMPC_NOT_PVE */
export function mapIn(answer: unknown, path: string): Entry {
  if (isEntry(answer)) return answer
  throw otherShape(path, 'a map')
}

function otherShape(path: string, expected: string): PmpcError {
  return new PmpcError('PMPC_NOT_PVE', `${path} answered something else than ${expected}`, {
    suggestions: ['check that the endpoint in pmpc.yaml is a Proxmox VE API, not a page in front of it'],
    data: {path},
  })
}

/**
 * What makes a value one that cannot be kept: it nests too deep, or a number in it has no JSON (`1e999`). Undefined for all that PVE
 * sends. Without recursion, as it is asked of what may be deeper than the stack.
 */
export function troubleWith(value: unknown): string | undefined {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostLevels) return `it nests deeper than ${mostLevels} levels`
    const inner: unknown[] = []
    for (const one of level) {
      if (typeof one === 'number' && !Number.isFinite(one)) return 'it holds a number that is too large'
      if (typeof one === 'object' && one !== null) for (const part of Object.values(one)) inner.push(part)
    }
    level = inner
  }
  return undefined
}

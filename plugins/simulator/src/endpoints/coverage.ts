import {loadContract, type Release} from '../contract/contract.js'
import {indexEndpoints} from './indexes.js'
import {endpoints} from './all.js'

/** How much of a release's API is served. */
export interface Coverage {
  /** Methods that are served, of those the contract has. */
  served: number
  /** Methods of the contract. */
  methods: number
  /** Those that answer 501, as `VERB path of the contract`, sorted by path. */
  missing: string[]
}

/** Compares the registry of endpoints with the contract of a release. */
export async function coverageOf(release: Release): Promise<Coverage> {
  const contract = await loadContract(release)
  const served = {...indexEndpoints(contract), ...endpoints}
  const all = Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((verb) => `${verb} ${path}`),
  )
  const missing = all.filter((method) => served[method] === undefined)
  return {served: all.length - missing.length, methods: all.length, missing: missing.sort(byPath)}
}

const byPath = (a: string, b: string): number => {
  const [left, right] = [a.slice(a.indexOf('/')), b.slice(b.indexOf('/'))]
  return left === right ? (a < b ? -1 : 1) : left < right ? -1 : 1
}

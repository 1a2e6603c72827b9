import {coverageFiles} from '../coverage.js'
import type {Estate} from '../estate.js'
import type {Before, Generated, Target} from '../generated.js'
import {readAddresses} from './addresses.js'
import {emitCluster, type EmittedCluster} from './emit.js'
import {Names} from './names.js'
import {clusterFiles, rootFiles, type ClusterCode} from './project.js'
import {tables} from './rows/index.js'
import {partsOf, type Addresses} from './addresses.js'
import {refuseUnmapped} from './unmapped.js'

/**
 * Terraform for the provider bpg/proxmox: a root module, and a child module a cluster.
 * @throws PMPC_IAC_UNMAPPED where a key of an object stands in no table
 */
export const terraform: Target = async (estate, texts, before): Promise<Generated> => {
  const remembered = readAddresses(before)
  const code = codeOf(estate, before)
  refuseUnmapped(code.flatMap(({unmapped}) => unmapped))
  const addresses = new Map(
    code.flatMap(({module, resources}) =>
      resources.map(({key, type, name}) => [key, `module.${module}.${type}.${name}`]),
    ),
  )
  const now = new Set(addresses.values())
  const removed = [...new Set([...remembered.removed, ...remembered.addresses.values()])]
    .filter((each) => !now.has(each))
    .sort()
  const ledger = code.flatMap((each) => each.ledger)
  const verdicts = code.flatMap((each) => each.verdicts)
  return {
    files: [
      ...rootFiles(texts, code, removed),
      ...code.flatMap((each) => clusterFiles(texts, each)),
      ...coverageFiles(texts, {ledger, verdicts, addresses: Object.fromEntries(addresses), removed}),
    ],
    ledger,
    verdicts,
  }
}

/** The code of each cluster, by names that do not move: what files are written from, and what their tests name. */
export function codeOf(estate: Estate, before: Before): (ClusterCode & EmittedCluster)[] {
  const remembered = readAddresses(before)
  const modules = new Names(modulesOf(remembered))
  return estate.clusters.map((cluster): ClusterCode & EmittedCluster => {
    const module = modules.name(cluster.name, cluster.name)
    const nameFor = namesIn(module, remembered)
    return {cluster, module, ...emitCluster(cluster, tables, nameFor)}
  })
}

/** A guest has the file of its name: it is not remembered by the name of another file of its module, whoever wrote it into the ledger. */
const ownFiles = new Set(['versions', 'inputs'])

/** What resources of a module are called, type by type. */
export function namesIn(module: string, {addresses}: Addresses): (key: string, type: string, wish: string) => string {
  const byType = new Map<string, Names>()
  const remembered = [...addresses].flatMap(([key, address]) => {
    const parts = partsOf(address)
    return parts?.module === module && !ownFiles.has(parts.name.toLowerCase()) ? [{key, ...parts}] : []
  })
  return (key, type, wish) => {
    let names = byType.get(type)
    if (!names)
      byType.set(
        type,
        (names = new Names(
          remembered.filter((each) => each.type === type).map((each) => [each.key, each.name] as const),
        )),
      )
    return names.name(key, wish)
  }
}

/** The module of each cluster that was in the code. */
function* modulesOf({addresses}: Addresses): Generator<[string, string]> {
  for (const [key, address] of addresses) {
    const cluster = key.split('/')[0]!
    yield [cluster, partsOf(address)!.module]
  }
}

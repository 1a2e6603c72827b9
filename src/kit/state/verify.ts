import {stateDigest} from './canonical.js'
import {corruptUnlessOurs, findDamage, requireVersion, unreadable} from './check.js'
import {migrateState} from './migrate.js'
import {readState} from './read.js'
import {schemaVersion} from './schema.js'
import {withDatabase} from './sqlite.js'
import {writeState} from './write.js'

/** What a check of a state file found. */
export interface Verified {
  cluster: string | null
  version: number
  /** Of the content; null when it cannot be read. */
  digest: string | null
  objects: number
  /** Each a sentence; empty: the file is whole, current, and byte for byte what pmpc writes. */
  problems: string[]
}

/**
 * Checks a state file: pages, references, version, canonical bytes. Damage is reported, not thrown;
 * throws PMPC_STATE_CORRUPT only where there is no state file at all, and PMPC_STATE_NEWER.
 */
export async function verifyState(bytes: Uint8Array, name = 'the state'): Promise<Verified> {
  const version = requireVersion(bytes, name)
  const damage = await damageOf(bytes, version, name)
  if (damage.length > 0) return {cluster: null, version, digest: null, objects: 0, problems: damage}
  const state = await readState(bytes, name)
  const problems =
    version < schemaVersion ? [`its schema is version ${version}; the current one is ${schemaVersion}`] : []
  const canonical =
    version === schemaVersion ? await writeState(state) : (await migrateState(bytes, version, name)).bytes
  if (Buffer.compare(canonical, bytes) !== 0)
    problems.push('its bytes are not the ones that pmpc writes for this content')
  return {cluster: state.cluster, version, digest: stateDigest(state), objects: state.objects.length, problems}
}

async function damageOf(bytes: Uint8Array, version: number, name: string): Promise<string[]> {
  const why = unreadable(bytes, version, name)
  if (why !== undefined) return [why]
  try {
    return await withDatabase(bytes, findDamage)
  } catch (error) {
    return [(corruptUnlessOurs(error, 'it') as Error).message]
  }
}

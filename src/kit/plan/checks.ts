import {owningNode} from '../proxmox/index.js'
import type {Action, Around, Check} from './model.js'
import {checkCalls, checkIds, checkNodes, checkQuorum, idNeeds, troubleWith} from './checks/calls-known.js'
import {checkClaims} from './checks/claims.js'
import {checkEndpoint} from './checks/endpoint.js'
import {
  checkHa,
  checkLocks,
  checkMigrations,
  checkProtection,
  checkReplication,
  checkSnapshots,
  migrationNeeds,
  snapshotNeeds,
} from './checks/guest-state.js'
import {keyOf, type Known, type Need} from './checks/known.js'
import {bridgeNeeds, checkBridges} from './checks/networks.js'
import {checkOwnRights} from './checks/own-rights.js'
import {checkPrivileges, rightsNeeds} from './checks/privileges.js'
import {checkNames, checkReferences} from './checks/references.js'
import {layOut, type Plan} from './checks/seen.js'
import {checkSpace, checkStorages, checkVolumes, volumeNeeds} from './checks/storages.js'

export {keyOf, type Answer, type Known, type Need} from './checks/known.js'
export type {Calls} from './checks/calls.js'

/** A check: what it must read beforehand, and what it finds. Both are pure. */
interface Row {
  readonly needs?: (plan: Plan) => readonly Need[]
  readonly check: (plan: Plan) => readonly Check[]
}

/** What is looked at before anything is sent. */
const rows: readonly Row[] = [
  {check: checkQuorum},
  {check: checkNodes},
  {check: checkCalls},
  {needs: rightsNeeds, check: checkPrivileges},
  {check: checkOwnRights},
  {needs: idNeeds, check: checkIds},
  {check: checkStorages},
  {check: checkSpace},
  {needs: volumeNeeds, check: checkVolumes},
  {needs: bridgeNeeds, check: checkBridges},
  {check: checkLocks},
  {check: checkProtection},
  {needs: snapshotNeeds, check: checkSnapshots},
  {check: checkHa},
  {check: checkReplication},
  {needs: migrationNeeds, check: checkMigrations},
  {check: checkReferences},
  {check: checkNames},
  {check: checkClaims},
  {check: checkEndpoint},
]

/**
 * What must be read before a plan can be checked, each once; what has been read already is left out. Where the answers show that more is to be asked,
 * a second call says so: ask until it says nothing.
 */
export function needsOf(actions: readonly Action[], around: Around, known: Known): Need[] {
  const plan = layOut(actions, around, known)
  const needs = new Map(
    rows
      .flatMap((row) => row.needs?.(plan) ?? [])
      .filter(({path}) => isReachable(owningNode(path), plan))
      .map((need) => [keyOf(need), need]),
  )
  return [...needs].flatMap(([key, need]) => (known.answers.has(key) ? [] : [need]))
}

/** A node that is off, or none, is asked nothing. */
const isReachable = (node: string | undefined, plan: Plan): boolean =>
  node === undefined || troubleWith(node, plan) === undefined

/** All that is found, in the order of the actions. */
export function check(actions: readonly Action[], around: Around, known: Known): Check[] {
  const plan = layOut(actions, around, known)
  const place = new Map(plan.steps.map(({object}, at) => [object, at]))
  const found = rows.flatMap((row) => row.check(plan))
  return found.sort((a, b) => (place.get(a.object) ?? -1) - (place.get(b.object) ?? -1))
}

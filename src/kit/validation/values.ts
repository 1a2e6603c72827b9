import type {KindName, Value} from '../resources/index.js'
import {readManifestValue, toManifest, type Problem, type Version} from '../values/index.js'
import {severityOf, type Say} from './remark.js'
import {contractsOf, type World} from './world.js'

/**
 * Values that the releases of the cluster's nodes do not take, though another one does: those that none takes are told where the manifest is read.
 * Of several releases one has to take it. A release that is newer than what is known may take more.
 */
export function checkReleases(world: World, say: Say): void {
  const contracts = new Map<string, ReturnType<typeof contractsOf>>()
  // Most guests have most of their values in common.
  const known = new Map<string, readonly Problem[]>()
  for (const thing of world.things.values()) {
    if (!thing.declared) continue
    const node = world.nodeOf(thing) ?? ''
    const {versions, isNewer} = contracts.get(node) ?? contractsOf(world.releases(node))
    contracts.set(node, {versions, isNewer})
    const [version, ...others] = versions
    if (version === undefined || others.length > 0) continue
    const {kind, config} = thing.naming
    for (const [key, value] of Object.entries(config)) {
      const name = JSON.stringify([version, kind, key, value])
      const problems = known.get(name) ?? problemsOf(kind, key, value, version)
      known.set(name, problems)
      for (const {message, path} of problems)
        say({
          ...{thing, path: ['config', ...path], code: 'bad-value'},
          severity: isNewer ? 'warning' : severityOf(thing, ['config', ...path]),
          message: `${message} (its nodes run Proxmox VE ${version})`,
        })
    }
  }
}

/** What one release has against a value, and another one does not. */
function problemsOf(kind: KindName, key: string, value: Value, version: Version): readonly Problem[] {
  const written = toManifest(kind, key, value)
  const {problems} = readManifestValue(kind, key, written, [version])
  return problems.length === 0 || readManifestValue(kind, key, written).problems.length > 0 ? [] : problems
}

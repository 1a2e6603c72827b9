import {readManifestValue, toManifest} from '../values/index.js'
import {severityOf, type Say} from './remark.js'
import {contractsOf, type World} from './world.js'

/**
 * Values that the releases of the cluster's nodes do not take, though another one does: those that none takes are told where the manifest is read.
 * Of several releases one has to take it. A release that is newer than what is known may take more.
 */
export function checkReleases(world: World, say: Say): void {
  const known = new Map<string, ReturnType<typeof contractsOf>>()
  for (const thing of world.things.values()) {
    if (!thing.declared) continue
    const node = world.nodeOf(thing) ?? ''
    const contracts = known.get(node) ?? contractsOf(world.releases(node))
    known.set(node, contracts)
    if (contracts.versions.length !== 1) continue
    const {kind, config} = thing.naming
    for (const [key, value] of Object.entries(config)) {
      const written = toManifest(kind, key, value)
      const {problems} = readManifestValue(kind, key, written, contracts.versions)
      if (problems.length === 0 || readManifestValue(kind, key, written).problems.length > 0) continue
      for (const {message, path} of problems)
        say({
          ...{thing, path: ['config', ...path], code: 'bad-value'},
          severity: contracts.isNewer ? 'warning' : severityOf(thing, ['config', ...path]),
          message: `${message} (its nodes run Proxmox VE ${contracts.versions[0]!})`,
        })
    }
  }
}

import {forbidden} from '../../errors.js'
import {splitList} from '../../contract/scalars.js'
import type {Call} from '../../simulation.js'
import type {Scalar} from '../../state/model.js'
import {tagAccess, usedTags} from '../cluster/options.js'

/**
 * Refuses tags that the caller may neither set nor take away: registered ones, and those that `user-tag-access` does not allow.
 * Who may modify the cluster may set any. Fact: pve-guest-common, PVE/GuestHelpers.pm assert_tag_permissions. @throws ApiError 403
 */
export function checkTags(call: Call, before: Scalar | undefined, after: unknown): void {
  if (call.sim.permissions.has(call.auth, '/', 'Sys.Modify')) return
  const [old, wanted] = [before, after].map((tags) => splitList(String(tags ?? '')))
  const changed = [...old!.filter((tag) => !wanted!.includes(tag)), ...wanted!.filter((tag) => !old!.includes(tag))]
  const {mode, listed, registered} = tagAccess(call)
  const known = mode === 'free' || mode === 'existing' ? usedTags(call) : []
  const allowed = new Set([...(mode === 'none' ? [] : listed), ...known])
  const refused = changed.find((tag) => registered.includes(tag) || (mode !== 'free' && !allowed.has(tag)))
  if (refused !== undefined) throw forbidden(`/, Sys.Modify for modifying tag '${refused}'`)
}

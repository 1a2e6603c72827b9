import type {Refusal} from './model.js'
import type {Subject} from './subject.js'

/** Why nothing can be sent for an object at all: what Proxmox VE makes itself, what it only shows, what this version of it lacks. */
export function whyNot(subject: Subject): Refusal | undefined {
  const {row, id, is, wanted, version} = subject
  const {change} = row
  const title = `${row.name} ${id}`
  if (!change.create && !change.update && !change.remove && !change.parts)
    return {
      code: 'PMPC_PLAN_OBSERVED_ONLY',
      message: `${title}: objects of this kind are only observed; no token may change one`,
      suggestions: ['take it out of the manifests'],
    }
  const number = Number(version)
  if (
    (row.since !== undefined && number < Number(row.since)) ||
    (row.until !== undefined && number >= Number(row.until))
  )
    return {
      code: 'PMPC_PLAN_OTHER_VERSION',
      message: `${title}: Proxmox VE ${subject.around.version()} has no objects of this kind`,
      suggestions: [
        row.since === undefined ? 'take it out of the manifests' : `update the cluster to ${row.since} first`,
      ],
    }
  if (is && change.frozen?.(is))
    return {
      code: 'PMPC_PLAN_BUILT_IN',
      message: `${title} is Proxmox VE's own and cannot be changed`,
      suggestions: ['take it out of the manifests, and declare another one under a new name'],
    }
  if (wanted.document !== null) return undefined
  if (is && change.lasting?.(is))
    return {
      code: 'PMPC_PLAN_BUILT_IN',
      message: `${title} is Proxmox VE's own and cannot be removed`,
      suggestions: ['take `absent: true` out of its manifest'],
    }
  if (!change.remove && !change.emptied)
    return {
      code: 'PMPC_PLAN_CANNOT_REMOVE',
      message: `${title} is always there: no call removes it`,
      suggestions: ['take `absent: true` out of its manifest'],
    }
  return undefined
}

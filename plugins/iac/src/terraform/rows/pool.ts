import {text} from './fields.js'
import type {At, KindRows} from './row.js'

// proxmoxtf/resource/pool/pool.go; fwprovider/pool (membership): bpg/terraform-provider-proxmox v0.112.0.

const itself = (at: At) => at.reference('pool', at.object.id, at.object.id)

/** Whether a pool is below another: of a membership in such a one the provider cannot take the name apart (createMembershipModelFromID). */
export const isNested = (pool: unknown): boolean => String(pool).includes('/')
export const nested = 'the provider cannot import what is in a pool below another'

/** Pools, and the storages in them; VMs name their pool themselves, and containers have a membership each. */
export const pool: KindRows = {
  kind: 'pool',
  resources: [
    {
      type: 'proxmox_virtual_environment_pool',
      file: 'pool',
      importId: ({object}) => String(object.id),
      fields: [text('pool_id', 'id'), text('comment', 'config.comment', {default: ''})],
      known: {pool_id: ({object}) => object.id},
    },
    {
      type: 'proxmox_pool_membership',
      file: 'pool',
      each: 'config.storage.*',
      where: ({object}) => !isNested(object.id),
      importId: ({object, value}) => `${object.id}/storage/${String(value)}`,
      suffix: ({value}) => String(value),
      fields: [
        {to: 'pool_id', from: 'id', as: (_value, at) => itself(at)},
        {
          to: 'storage_id',
          from: 'config.storage',
          as: (_value, at) => at.reference('storage', String(at.value), String(at.value)),
        },
      ],
    },
  ],
  asides: [{of: 'config.storage', where: ({object}) => isNested(object.id), how: 'inexpressible', why: nested}],
}

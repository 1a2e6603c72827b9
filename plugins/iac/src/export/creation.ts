import {Raw, type Expression} from '../terraform/hcl.js'
import type {Tables} from '../terraform/emit.js'
import {derived, has, is, text} from '../terraform/rows/fields.js'
import {storageOf} from '../terraform/rows/guests.js'
import type {At, Block, Doubt, Field, Hindrance, KindRows, Resource, Test} from '../terraform/rows/row.js'

/** A variable of the code: what it is for follows from its name. */
export const variable = (name: string): Raw => new Raw(`var.${name}`)

/** Whether guests run. */
export const STARTED = 'started'
export const templateOf = (system: string): string => `template_${system.replaceAll(/\W/g, '_')}`
export const passwordOf = ({object: {kind, id}}: Pick<At, 'object'>): string => `${kind}_${id}_password`

/**
 * The tables for what is made and not imported: they say the same, and besides what an import does not read. What only an import needs to be left alone is
 * not left alone.
 */
export function creationTables(tables: Tables): Tables {
  return Object.fromEntries(
    Object.entries(tables).map(([kind, rows]) => [kind, creating(rows, overrides[kind] ?? ((resource) => resource))]),
  )
}

function creating(rows: KindRows, override: (resource: Resource) => Resource): KindRows {
  const resources = rows.resources.map(({ignore: _, ...resource}, at) =>
    at === 0 ? override(keptOff(resource)) : resource,
  )
  const unmanageable = [...(rows.unmanageable ?? []), ...resources.flatMap(incomplete)]
  return {...rows, resources, unmanageable, unsafe: [], notes: []}
}

/** Blocks without which a guest that is made is another one. An import leaves them as they are where they cannot be written; a creation would make none. */
const needed = new Set(['network_device', 'network_interface', 'disk', 'mount_point'])

const incomplete = ({hindrances = []}: Resource): Doubt[] =>
  hindrances.flatMap(({when, of, why}) => {
    const lost = of.filter((name) => needed.has(name))
    if (lost.length === 0) return []
    return [
      {
        when,
        why: (at) => `${typeof why === 'string' ? why : why(at)}: it would be made without any ${lost.join(', ')}`,
      },
    ]
  })

const overrides: Readonly<Record<string, (resource: Resource) => Resource>> = {
  vm: (resource) =>
    changed({...resource, hindrances: [...(resource.hindrances ?? []), pinned]}, [started], {
      cdrom: () => cdrom,
      efi_disk: (block) => ({...block, when: has('config.efidisk0')}),
      tpm_state: (block) => ({...block, when: has('config.tpmstate0')}),
      cpu: (block) => ({...block, when: hasAny(block)}),
      memory: (block) => ({...block, when: hasAny(block)}),
      vga: (block) => ({...block, when: hasAny(block)}),
      initialization: (block) => withPassword(withField(block, 'datastore_id', {absent: mainStorage})),
    }),
  container: (resource) =>
    changed(resource, [started], {
      operating_system: (block) => ({
        ...withField(block, 'template_file_id', {
          as: (_value, at) => variable(templateOf(String(at.get('config.ostype')))),
        }),
        when: has('config.ostype'),
      }),
    }),
}

/** Seen in a second plan after a creation. */
const pinned: Hindrance = {
  when: (at) =>
    /^w/.test(String(at.get('config.ostype'))) && !/-\d/.test(JSON.stringify(at.get('config.machine') ?? '')),
  of: [],
  ignore: ['machine'],
  why: 'Proxmox VE pins the version of the machine when it makes a guest with Windows',
}

/** Of what was running a variable says whether it is: a disk that was just made holds nothing to start from. */
const started: Field = {
  to: 'started',
  from: 'facts.status',
  absent: false,
  as: (value, at): Expression => (value === 'running' && !is('config.template', 1)(at) ? variable(STARTED) : false),
}

const drives = ['config.ide*', 'config.sata*', 'config.scsi*', 'config.virtio*'] as const
const isCdrom: Test = (at) => is('media', 'cdrom')(at) && !String(at.get('file')).includes('cloudinit')
const cdromsOf = (at: At): At[] => drives.flatMap((pattern) => at.each(pattern)).filter(isCdrom)

/** Nor is it started by what keeps guests running: that is told to keep it off until the variable says otherwise. */
const keptOff = (resource: Resource): Resource =>
  resource.type === 'proxmox_haresource' ? changed(resource, [keptRunning], {}) : resource

const keptRunning: Field = {
  ...{to: 'state', from: 'facts.state', absent: 'stopped', always: true},
  as: (value): Expression =>
    value === 'started' || value === 'enabled' ? new Raw(`var.${STARTED} ? "started" : "stopped"`) : String(value),
}

/** The provider makes one. */
const cdrom: Block = {
  block: 'cdrom',
  each: drives,
  where: (at) => isCdrom(at) && cdromsOf(at)[0]?.path.at(-1) === at.path.at(-1),
  fields: [text('file_id', 'file'), derived('interface', ({path}) => path.at(-1)!)],
}

/** Where the first disk lies: so the drive of cloud-init, which the provider always makes. */
function mainStorage(at: At): Expression | undefined {
  const files = drives.flatMap((pattern) => at.each(pattern)).filter((drive) => !is('media', 'cdrom')(drive))
  return files.map((drive) => storageOf(drive.get('file'))).find((storage) => storage !== undefined)
}

const hasAny =
  ({fields}: Block): Test =>
  (at) =>
    fields.some(({from}) => typeof from === 'string' && at.get(from) !== undefined)

/** The password of cloud-init is a variable; which it was nobody knows. */
const withPassword = (block: Block): Block => ({
  ...block,
  blocks: block.blocks?.map((inner) =>
    inner.block === 'user_account'
      ? {
          ...inner,
          fields: [
            ...inner.fields,
            derived('password', (at) => (has('config.cipassword')(at) ? variable(passwordOf(at)) : undefined)),
          ],
        }
      : inner,
  ),
})

const withField = (block: Block, name: string, other: Partial<Field>): Block => ({
  ...block,
  fields: block.fields.map((field) => (field.to === name ? {...field, ...other} : field)),
})

function changed(
  resource: Resource,
  fields: readonly Field[],
  blocks: Readonly<Record<string, (block: Block) => Block>>,
): Resource {
  return {
    ...resource,
    fields: resource.fields.map((field) => fields.find(({to}) => to === field.to) ?? field),
    blocks: resource.blocks?.map((block) => blocks[block.block]?.(block) ?? block),
  }
}

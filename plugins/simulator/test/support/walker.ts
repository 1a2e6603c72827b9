import type {Method} from '../../src/contract/contract.js'
import {wholePattern, type Schema} from '../../src/contract/schema.js'
import type {Simulation} from '../../src/simulation.js'
import type {State} from '../../src/state/model.js'
import {Random} from '../../src/state/random.js'

/** A call as the dispatcher takes it. */
export interface Step {
  verb: string
  /** Path as the contract writes it, and as it is asked. */
  path: string
  at: string
  params: Record<string, unknown>
  auth: string | undefined
}

const keys = (table: object | undefined): string[] => Object.keys(table ?? {})

/** What there is, by the names of parameters that mean it. */
const existing: [names: RegExp, ids: (state: State) => string[]][] = [
  [/^(?:node|nodes|target|source|check-node)$/, ({nodes}) => keys(nodes)],
  [/^(?:vmid|vms|vmids|guests)$/, ({guests}) => keys(guests)],
  [/^(?:newid|target-vmid)$/, () => ['100', '901', '902']],
  [/storages?$/, ({storages}) => keys(storages)],
  [/^(?:volume|volid|archive|ostemplate)$/, ({volumes}) => Object.values(volumes).map(({volid}) => volid)],
  [/^snapname$/, ({guests}) => ['current', 's1', 's2', ...Object.values(guests).flatMap((one) => keys(one.snapshots))]],
  [/^(?:userid|users|username)$/, ({users}) => keys(users)],
  [/^tokenid$/, ({users}) => Object.values(users).flatMap(({tokens}) => keys(tokens))],
  [/^groups?(?:id)?$/, ({groups, firewall}) => [...keys(groups), ...keys(firewall.cluster?.groups), 'fz1']],
  [/^roles?(?:id)?$/, ({roles}) => keys(roles)],
  [/^pool(?:id)?$/, ({pools}) => keys(pools)],
  [/^realm$/, ({sections}) => keys(sections.domains)],
  [/^upid$/, ({tasks}) => tasks.slice(0, 9).map(({upid}) => upid)],
  [/^(?:iface|bridge)$/, () => ['vmbr0', 'vmbr1', 'eno1']],
  [
    /^(?:sid|resources?)$/,
    ({guests}) => Object.values(guests).map(({type, vmid}) => `${type === 'lxc' ? 'ct' : 'vm'}:${vmid}`),
  ],
  [/^(?:disk|volumes|target-disk)$/, () => ['scsi0', 'rootfs', 'mp0', 'unused0', 'efidisk0', 'ide2']],
  [/^pos$/, () => ['0', '1', '99']],
  [/^(?:id|name|zone|vnet|rule)$/, ({sections}) => ['fz1', ...Object.values(sections).flatMap(keys)]],
]

// prettier-ignore
const usual = [
  'fz1', 'fz2', 'local', '100', '1', '0', '512', '4096', '10.5', 'web', 'vmbr0', '192.0.2.7', '192.0.2.0/24', 'BC:24:11:00:00:01',
  'local:iso/x.iso', 'local-zfs:8', 'ceph:4', 'order=scsi0', '/', '/vms/100', 'PVEAuditor', 'a=b', 'sat 04:00', '*/15', 'https://example.com/x',
  'x@example.com', '1700000000', '+1G', 'vm:100', 'fe80::1', '0000:01:00.0', 'Pass_w0rd12', 'virtio,bridge=vmbr0', 'ip=dhcp', 'fz@pve',
  'name=eth0,bridge=vmbr0', 'none,media=cdrom', 'local-zfs:2,mp=/srv', 'socket', 'host', 'in', '64512',
]

// prettier-ignore
const odd: unknown[] = [
  '', ' ', '__proto__', 'constructor', 'toString', 'a\nb', 'ünï€', 'a'.repeat(300), '1e400', '-1', '9'.repeat(20), '../x', '%00', ';', ',,', '=',
  'a=,b', '--', '[', '(', '\\', '$&', '"', ':', '!', 'local:', ':x', '000', 'UPID:', 'scsi0=', '//', '..', [], ['a', 'b'], {}, {a: 1}, true, null, 1.5, [null], [{}],
]

/** Draws requests from the contract, with ids of what exists, values that may be right, and values that nobody expects. */
export class Walker {
  private readonly random: Random
  private readonly calls: [verb: string, path: string, method: Method][]

  constructor(
    private readonly sim: Simulation,
    served: string[],
    seed: number,
  ) {
    this.random = new Random(seed)
    this.calls = served.flatMap((one) => {
      const [verb, path] = one.split(' ') as [string, string]
      const method = sim.contract.paths[path]?.[verb]
      // A node that is off, or a cluster that is joined, ends the walk.
      return method && !/\{node\}\/status$|^\/cluster\/config|\/upload$/.test(path) ? [[verb, path, method]] : []
    })
  }

  private pick<T>(list: T[]): T {
    return list[this.random.below(list.length)]!
  }

  private chance(percent: number): boolean {
    return this.random.below(100) < percent
  }

  private property(format: Record<string, Schema>): string {
    return Object.entries(format)
      .filter(([, part]) => part.alias === undefined && this.chance(part.optional ? 15 : 95))
      .map(([key, part]) => [part.default_key ? '' : `${key}=`, this.value(key, part)] as const)
      .map(([key, value]) => `${key}${typeof value === 'string' ? value : 'x'}`)
      .join(',')
  }

  private number({minimum = 0, maximum = minimum + 5000}: Schema): string {
    return this.pick([
      String(minimum),
      String(maximum),
      String(minimum + this.random.below(maximum - minimum + 1 || 1)),
    ])
  }

  private value(name: string, schema: Schema): unknown {
    if (this.chance(9)) return this.pick(odd)
    if (schema.type === 'array') return [this.value(name, schema.items ?? {})]
    if (schema.type === 'boolean') return this.pick(['0', '1'])
    if (schema.enum) return String(this.pick(schema.enum))
    const ids = existing.find(([names]) => names.test(name))?.[1](this.sim.state) ?? []
    if (ids.length > 0 && this.chance(85)) return this.pick(ids)
    const {format} = schema
    const parts = typeof format === 'object' ? format : this.sim.contract.formats[format ?? '']
    if (parts && this.chance(90)) return this.property(parts)
    if (schema.type === 'integer' || schema.type === 'number') return this.number(schema)
    const pattern = schema.pattern === undefined ? undefined : wholePattern(schema.pattern, schema.patternFlags)
    return this.random.shuffle([...usual]).find((one) => pattern?.test(one) ?? true) ?? 'fz1'
  }

  private pathOf(path: string, {parameters}: Method): string {
    const type = /\/(qemu|lxc)\//.exec(path)?.[1]
    const guests = Object.values(this.sim.state.guests).filter((one) => one.type === type)
    const guest = guests.length > 0 && this.chance(90) ? this.pick(guests) : undefined
    return path.replace(/\{([^}]+)\}/g, (_, name: string) => {
      if (guest && name === 'vmid') return String(guest.vmid)
      if (guest && name === 'node') return guest.node
      const value = this.value(name, parameters.properties?.[name] ?? {})
      const text = typeof value === 'string' && value !== '' ? value : 'x'
      return name === 'volume' ? text : encodeURIComponent(text)
    })
  }

  private auth(): string | undefined {
    const users = Object.values(this.sim.state.users)
    const all = users.flatMap(({userid, tokens}) => [userid, ...keys(tokens).map((token) => `${userid}!${token}`)])
    return this.chance(70) ? 'root@pam' : this.pick([...all, undefined])
  }

  next(): Step {
    const [verb, path, method] = this.pick(this.calls)
    const params: Record<string, unknown> = {}
    const given = Object.entries(method.parameters.properties ?? {}).filter(([name]) => !path.includes(`{${name}}`))
    const optional = given.filter(([, schema]) => schema.optional).length
    for (const [name, schema] of given)
      if (this.chance(schema.optional ? Math.min(50, 220 / optional) : 97)) params[name] = this.value(name, schema)
    return {verb, path, at: this.pathOf(path, method), params, auth: this.auth()}
  }

  /** The same once more without what was refused, so that more calls come through to their code. */
  mended(step: Step, errors: Record<string, string>): Step {
    const {properties = {}} = this.sim.contract.paths[step.path]![step.verb]!.parameters
    const params = {...step.params}
    for (const name of keys(errors).map((key) => key.split(/[.[]/)[0]!)) {
      const schema = properties[name]
      if (schema && !step.path.includes(`{${name}}`) && (!schema.optional || params[name] === undefined))
        params[name] = this.value(name, schema)
      else delete params[name]
    }
    return {...step, params}
  }
}

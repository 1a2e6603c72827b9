import {getField, setField} from '../../../../src/kit/reconcile/fields.js'
import type {Document} from '../../../../src/kit/reconcile/fields.js'
import {isMap, parseField} from '../../../../src/kit/resources/index.js'
import type {Config, KindName, Value} from '../../../../src/kit/resources/index.js'

/** What the model's objects are made of, and how anybody might change them. */

export interface Chance {
  random(): number
  pick<T>(of: readonly T[]): T
  chance(probability: number): boolean
}

type Pick = Chance['pick']

const rows = {
  ssh: {type: 'in', action: 'ACCEPT', dport: '22'},
  web: {type: 'in', action: 'ACCEPT', dport: '443', comment: 'web'},
  drop: {type: 'in', action: 'DROP', source: '+blk'},
  group: {type: 'group', action: 'sg1'},
}

/** An object at the beginning of a history. */
export function startOf(kind: KindName): Config {
  if (kind === 'vm') return {cores: 2, memory: 2048, onboot: 1, ...nic(5), tags: ['prod', 'web']}
  if (kind === 'acl') return {'/': {'@ops': ['Administrator']}, '/vms': {'alice@pve': ['PVEAuditor', 'PVEVMUser']}}
  return {
    options: {enable: 1, log_ratelimit: {rate: '1/second', burst: 5}},
    rules: [rows.ssh, rows.web],
    aliases: {web: {cidr: '10.0.0.1', comment: 'web'}},
    ipsets: {blk: {comment: 'bad', members: {'192.0.2.0/24': {comment: 'a'}, '198.51.100.1': {}}}},
  }
}

/** One that comes later: made in the cluster, by another under the same number, or written into a manifest by people. */
export function madeOf(kind: KindName, by: 'made' | 'another' | 'written', pick: Pick): Config {
  if (kind === 'vm') {
    if (by === 'made') return {cores: 2, memory: pick([1024, 4096]), ...nic(5), tags: ['prod']}
    if (by === 'another') return {cores: 1, memory: pick([2048, 8192]), tags: ['blue']}
    return {cores: 2, memory: pick([1024, 8192])}
  }
  if (kind === 'acl') return {'/vms': {'bob@pve': ['PVEAuditor'], ...(by === 'made' && {'alice@pve': ['PVEAuditor']})}}
  if (by === 'written') return {options: {enable: pick([0, 1])}, rules: [rows.drop]}
  return {options: {enable: 1}, ipsets: {blk: {members: {'192.0.2.0/24': {comment: pick(['a', 'b'])}}}}}
}

function nic(tag: number): Config {
  return {net0: {model: 'virtio', bridge: 'vmbr0', tag}}
}

/** Changes one value in place. */
export function rewrite(document: Document, chance: Chance): void {
  if (document.kind === 'vm') rewriteGuest(document, chance)
  else if (document.kind === 'acl') rewriteAcl(document, chance)
  else rewriteFirewall(document, chance)
}

function rewriteGuest(document: Document, {random, pick, chance}: Chance): void {
  const set = (field: string, value: Value | undefined) => setField(document, parseField(field)!, value)
  const dice = random()
  if (dice < 0.3) set('config.memory', pick([1024, 2048, 4096, 8192]))
  else if (dice < 0.5) set('config.cores', pick([1, 2, 4]))
  else if (dice < 0.62) set('config.onboot', pick([0, 1, undefined]))
  else if (dice < 0.8) {
    if (!isMap(document.config.net0)) Object.assign(document.config, nic(pick([5, 6])))
    else if (chance(0.15)) set('config.net0', undefined)
    else {
      const [part, values] = pick<[string, (Value | undefined)[]]>([
        ['tag', [5, 6, 7, undefined]],
        ['tag', [5, 6, 7, undefined]],
        ['bridge', ['vmbr0', 'vmbr1']],
        ['model', ['virtio', 'e1000']],
      ])
      set(`config.net0.${part}`, pick(values))
    }
  } else toggle(document, `config.tags[${pick(['blue', 'prod', 'web'])}]`)
}

function rewriteAcl(document: Document, {pick, chance}: Chance): void {
  if (chance(0.1)) return setField(document, {path: ['config', '/vms', pick(['alice@pve', 'bob@pve'])]}, undefined)
  const right = pick([
    'config["/"]["@ops"][Administrator]',
    'config["/vms"]["alice@pve"][PVEAuditor]',
    'config["/vms"]["alice@pve"][PVEVMUser]',
    'config["/vms"]["bob@pve"][PVEAuditor]',
  ])
  toggle(document, right)
}

function toggle(document: Document, element: string): void {
  const field = parseField(element)!
  setField(document, field, getField(document, field) === undefined ? field.element : undefined)
}

function rewriteFirewall(document: Document, {random, pick, chance}: Chance): void {
  const dice = random()
  if (dice < 0.15) {
    const [name, values] = pick<[string, (Value | undefined)[]]>([
      ['config.options.enable', [0, 1, undefined]],
      ['config.options.log_ratelimit.rate', ['1/second', '5/second']],
      ['config.options.log_ratelimit.burst', [5, 10, undefined]],
    ])
    setField(document, parseField(name)!, pick(values))
  } else if (dice < 0.4) rewriteRules(document, {random, pick, chance})
  else if (dice < 0.52) {
    const alias = {path: ['config', 'aliases', 'web']}
    if (chance(0.2)) setField(document, alias, undefined)
    else {
      const web: Config = {cidr: pick(['10.0.0.1', '10.0.0.2'])}
      if (chance(0.5)) web.comment = pick(['web', 'www'])
      setField(document, alias, web)
    }
  } else {
    const blk = {path: ['config', 'ipsets', 'blk']}
    if (chance(0.08)) return setField(document, blk, getField(document, blk) === undefined ? {} : undefined)
    const set = {...(getField(document, blk) as object | undefined)} as Record<string, Value>
    if (chance(0.25)) put(set, 'comment', pick(['bad', 'worse', undefined]))
    else {
      const members = {...(set.members as object | undefined)} as Record<string, Value>
      const cidr = pick(['192.0.2.0/24', '198.51.100.1'])
      const entry = {...(members[cidr] as object | undefined)} as Record<string, Value>
      if (chance(0.3)) put(members, cidr, members[cidr] === undefined ? {} : undefined)
      else {
        const [key, values] = pick<[string, (Value | undefined)[]]>([
          ['comment', ['a', 'b', undefined]],
          ['nomatch', [1, undefined]],
        ])
        put(entry, key, pick(values))
        put(members, cidr, entry)
      }
      put(set, 'members', Object.keys(members).length > 0 ? members : undefined)
    }
    // PVE tells a set without members, and a member without a comment.
    setField(document, blk, set)
  }
}

function put(map: Record<string, Value>, key: string, value: Value | undefined): void {
  if (value === undefined) delete map[key]
  else map[key] = value
}

function rewriteRules(document: Document, {pick, chance}: Chance): void {
  const {rules} = document.config
  const now = Array.isArray(rules) ? [...rules] : []
  const at = Math.floor(pick([0, 0.3, 0.6, 0.9]) * now.length)
  if (now.length === 0 || chance(0.35)) now.splice(at, 0, pick(Object.values(rows)))
  else if (chance(0.3)) now.splice(at, 1)
  else if (chance(0.4)) now.push(...now.splice(at, 1))
  else now[at] = {...(now[at] as Record<string, Value>), comment: pick(['a', 'b', 'c'])}
  setField(document, {path: ['config', 'rules']}, now.length > 0 ? now.slice(0, 6) : undefined)
}

import type {Promised} from '../../../../plugins/diagnostics/src/health/history.js'
import type {Simulator} from '../../../../plugins/simulator/src/index.js'
import type {Conditions} from '../../../../plugins/simulator/src/state/conditions.js'
import type {Guest, State} from '../../../../plugins/simulator/src/state/model.js'
import {createAuthority} from '../../../../src/kit/tls/index.js'
import {DAY, GIB, source} from '../well.js'

/** What makes a check of the cluster `well` find something. */
export interface Wrong {
  is: string
  make(given: {state: State; now: number; simulator: Simulator}): void | Promise<void>
  /** What it is found at. */
  object: string | string[]
  result?: 'warning' | 'critical'
  says?: RegExp
  /** What the history of the state tells. */
  promised?: (now: number) => Promised[]
}

export const HOUR = 3600

export const measure =
  (node: string, conditions: Conditions): Wrong['make'] =>
  ({state}) =>
    void (state.nodes[node]!.conditions = {...state.nodes[node]!.conditions, ...conditions})

export const configure =
  (vmid: number, config: Guest['config']): Wrong['make'] =>
  ({state}) =>
    void Object.assign(state.guests[vmid]!.config, config)

export const firewallOptions =
  (options: Record<string, unknown>): Wrong['make'] =>
  ({state}) =>
    void Object.assign(state.firewall.cluster!.options, options)

export const rule =
  (...rules: Record<string, unknown>[]): Wrong['make'] =>
  ({state}) =>
    void (state.firewall.cluster!.rules = rules.map((one) => ({type: 'in', action: 'ACCEPT', enable: 1, ...one})))

export const ceph =
  (more: Partial<NonNullable<State['world']['ceph']>>): Wrong['make'] =>
  ({state}) =>
    void (state.world.ceph = {
      health: 'HEALTH_OK',
      osds: [
        {id: 0, host: 'pve1', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB},
        {id: 1, host: 'pve2', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB},
      ],
      pools: [{name: 'vms', size: 3, minSize: 2, used: 0.1, bytes: 30 * GIB}],
      ...more,
    })

export const osd = (more: object): NonNullable<State['world']['ceph']>['osds'] => [
  {id: 3, host: 'pve1', up: true, in: true, bytes: 1000 * GIB, used: 100 * GIB, ...more},
]

export const pool = (more: object): NonNullable<State['world']['ceph']>['pools'] => [
  {name: 'vms', size: 3, minSize: 2, used: 0.1, bytes: GIB, ...more},
]

export const certificate =
  (names: string[], days: number): Wrong['make'] =>
  ({state}) => {
    const {leaf, key} = createAuthority().issue(names[0]!, names, days)
    state.nodes.pve1!.certificate = {certificates: leaf, key}
  }

export const replication =
  (known: object): Wrong['make'] =>
  ({state, now}) => {
    state.sections.replication = {
      '101-0': {type: 'local', source: 'pve2', target: 'pve3', schedule: '*/15', guest: 101},
    }
    state.replication = {
      '101-0': {since: now - DAY, lastSync: now - 60, lastTry: now - 60, failures: 0, log: [], ...known},
    }
  }

/** Puts a guest under HA. */
export const manage =
  (sid: string, more: object = {}, conditions: Conditions = {}): Wrong['make'] =>
  ({state}) => {
    const vmid = Number(sid.split(':')[1])
    state.sections['ha/resources'] = {[sid]: {state: 'started'}}
    // It is to stay as it is.
    state.world.ha = false
    state.ha = {
      services: {[sid]: {state: 'started', node: state.guests[vmid]!.node, uid: 'x', running: true, ...more}},
      nodes: {pve1: 'online', pve2: 'online', pve3: 'online'},
      commands: [],
    }
    state.nodes.pve2!.conditions = {...state.nodes.pve2!.conditions, ...conditions}
  }

/** Does several things. */
export const all =
  (...makes: Wrong['make'][]): Wrong['make'] =>
  async (given) => {
    for (const make of makes) await make(given)
  }

export const snapshot =
  (name: string, ago: number, more = {}): Wrong['make'] =>
  ({state, now}) => {
    const guest = state.guests[100]!
    guest.snapshots[name] = {config: {}, snaptime: now - ago, ...more}
    guest.parent = name
  }

export const user =
  (userid: string, more: object): Wrong['make'] =>
  ({state}) =>
    void (state.users[userid] = {...state.users[userid], userid, enable: 1, expire: 0, groups: [], tokens: {}, ...more})

export const token =
  (userid: string, more: object): Wrong['make'] =>
  ({state}) =>
    void (state.users[userid]!.tokens.ci = {secret: 'x', privsep: 1, expire: 0, ...more})

export const sources =
  (uri: string, suites: string[], ...components: string[]): Wrong['make'] =>
  ({state}) =>
    void (state.nodes.pve1!.sources = [
      source('https://deb.debian.org/debian', ['trixie'], 'main'),
      source(uri, suites, ...components),
    ])

export const subscribed =
  (more: object): Wrong['make'] =>
  ({state, now}) =>
    void (state.nodes.pve1!.subscription = {key: 'pve1c-0123456789', status: 'active', checktime: now, ...more})

export const free = 'http://download.proxmox.com/debian/pve'
export const paid = 'https://enterprise.proxmox.com/debian/pve'

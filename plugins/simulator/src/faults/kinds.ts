import type {Simulation} from '../simulation.js'
import type {TaskFault} from '../tasks/runner.js'
import type {Conditions} from '../state/conditions.js'
import {playEdits, type Edit} from './edits.js'
import {lockText, proxyReasons, quorumText} from './texts.js'

/** When a fault begins and ends, and which requests it concerns. */
export interface Trigger {
  /** Regular expression on the path below /api2/json. */
  path?: string
  /** Only requests with this verb. */
  method?: string
  /** How many requests or tasks it hits; without it, all until it is cleared. */
  times?: number
  /** Begins after so many requests (of `path` and `method`) were answered. */
  after?: number
  /** Begins so many seconds after it was asked for. */
  at?: number
  /** Ends so many seconds after it began. */
  for?: number
}

export interface FaultSpec extends Trigger {
  kind: FaultKind
  status?: number
  reason?: string
  /** Milliseconds. */
  delay?: number
  node?: string
  storage?: string
  /** Type of task, such as `qmstart`; `*` for all. */
  type?: string
  /** What tasks are about, such as a VMID. */
  about?: string
  message?: string
  /** What another administrator sends, for `edits`. */
  calls?: Edit[]
  /** A file that holds `calls`, in JSON or YAML. */
  file?: string
  /** The new certificate comes from another authority. */
  authority?: boolean
  /** What is otherwise with a node, as a map. */
  conditions?: Conditions
}

/** A reply in place of PVE's own. */
export interface FaultReply {
  status: number
  reason: string
  type?: string
  body: string
}

export interface Hit {
  verb: string
  path: string
  /** Milliseconds after which the proxying node gives up. */
  proxyTimeout: number
  wait(milliseconds: number): Promise<void>
  /** Resolves when the client has gone. */
  gone: Promise<void>
  destroy(): void
  /** Sends the head of an answer and a part of its body, then drops the connection. */
  half(): void
}

/** What a kind of fault does, and at which moment. */
export interface Kind {
  summary: string
  /** Options besides those of every fault. */
  options?: (keyof FaultSpec)[]
  /** Options that must be given. */
  needs?: (keyof FaultSpec)[]
  /** Paths it concerns where `path` does not say. */
  paths?(spec: FaultSpec): RegExp
  /** Acts on a request before it is authenticated; `unsent`: it is served, and its answer kept back. */
  onRequest?(hit: Hit, spec: FaultSpec): Promise<FaultReply | 'done' | 'unsent' | undefined>
  /** A text with which the call fails (500) after all checks; undefined lets it pass. */
  onCall?(verb: string, path: string, spec: FaultSpec): string | undefined
  /** What a task does beside its work, or in place of it. */
  onTask?(spec: FaultSpec): TaskFault
  /** What `begin` changes is part of the state. */
  inState?: true
  /** Changes something about the cluster until the returned function is called. @throws when the spec names what is not there */
  begin?(sim: Simulation, spec: FaultSpec): (() => void) | void
}

const html =
  '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n'

function jsonReply(status: number, reason: string): FaultReply {
  const body = JSON.stringify({data: null, message: `${reason}\n`})
  return {status, reason, type: 'application/json;charset=UTF-8', body}
}

const pseudo = (status: number, reason?: string): FaultReply => ({
  status,
  reason: reason ?? proxyReasons[status] ?? 'Connection timed out',
  body: '',
})

/** Waits as a call that takes long does: the proxying node gives up after 30 seconds. */
async function takeLong({wait, proxyTimeout}: Hit, delay: number): Promise<FaultReply | undefined> {
  await wait(Math.min(delay, proxyTimeout))
  return delay > proxyTimeout ? pseudo(596) : undefined
}

function power(sim: Simulation, spec: FaultSpec, value: 'offline' | 'hang'): () => void {
  const node = sim.state.nodes[spec.node!]
  if (!node) throw new Error(`there is no node '${spec.node}'`)
  node.power = value
  return () => void (node.power = 'online')
}

const task =
  (kind: TaskFault['kind']): Kind['onTask'] =>
  ({message}) => ({kind, message: message ?? 'got timeout'})

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Every fault there is; what the command line and the admin port take, and what the README lists. */
export const faultKinds = {
  'node-offline': {
    summary: 'a node is off: calls to it answer 595, its figures expire',
    options: ['node'],
    needs: ['node'],
    inState: true,
    begin: (sim, spec) => power(sim, spec, 'offline'),
  },
  'node-hang': {
    summary: 'a node takes calls and never answers: 596 after 30 s',
    options: ['node'],
    needs: ['node'],
    inState: true,
    begin: (sim, spec) => power(sim, spec, 'hang'),
  },
  'no-quorum': {
    summary: 'writes to /etc/pve fail, reads go on',
    inState: true,
    begin: (sim) => {
      sim.state.quorum = false
      return () => void (sim.state.quorum = true)
    },
  },
  'lock-timeout': {
    summary: 'writes fail because somebody holds the lock of what they change',
    onCall: (verb, path) => lockText(verb, path),
  },
  status: {
    summary: 'requests answer a status of your choice, such as 595, 596, 599 or 500',
    options: ['status', 'reason'],
    onRequest: async (_hit, {status = 500, reason}) =>
      status === 401 || status >= 595 ? pseudo(status, reason) : jsonReply(status, reason ?? 'got timeout'),
  },
  forbidden: {
    summary: 'requests answer 403',
    options: ['reason'],
    onRequest: async (_hit, {reason}) => jsonReply(403, reason ?? 'Permission check failed'),
  },
  latency: {
    summary: 'requests take longer',
    options: ['delay'],
    onRequest: async (hit, {delay = 1000}) => {
      await hit.wait(delay)
      return undefined
    },
  },
  'slow-storage': {
    summary: 'whatever activates a storage takes longer; 596 where that is past 30 s',
    options: ['storage', 'delay'],
    paths: ({storage}) =>
      new RegExp(`^/nodes/[^/]+/storage(/?$|/${storage === undefined ? '[^/]+' : escape(storage)}(/|$))`),
    onRequest: (hit, {delay = 5000}) => takeLong(hit, delay),
  },
  hang: {
    summary: 'requests are taken and never answered',
    onRequest: async ({gone}) => {
      await gone
      return 'done'
    },
  },
  drop: {
    summary: 'the connection is closed instead of an answer',
    onRequest: async (hit) => {
      hit.destroy()
      return 'done'
    },
  },
  lost: {
    summary: 'the call is made, and the connection is closed instead of the answer',
    onRequest: async () => 'unsent',
  },
  half: {
    summary: 'the connection is closed in the middle of an answer',
    onRequest: async (hit) => {
      hit.half()
      return 'done'
    },
  },
  html: {
    summary: 'a page of another server in front comes instead of JSON',
    options: ['status', 'reason'],
    onRequest: async (_hit, {status = 200, reason = 'OK'}) => ({status, reason, type: 'text/html', body: html}),
  },
  'workers-busy': {
    summary: 'all workers of a node (or of all) are taken: calls wait, 596 after 30 s',
    options: ['node'],
    begin: (sim, {node}) => sim.workers.occupy(node),
  },
  'tickets-expire': {
    summary: 'every ticket issued so far is expired',
    begin: (sim) => sim.authentication.expireTickets(),
  },
  certificate: {
    summary: 'the server shows a new certificate, with authority=1 of another authority, and keeps no connection',
    options: ['authority'],
    begin: (sim, {authority}) => void sim.listener.renew(authority ?? false),
  },
  'task-fail': {summary: 'tasks fail with a message', options: ['type', 'about', 'message'], onTask: task('fail')},
  'task-warn': {summary: 'tasks end with a warning', options: ['type', 'about', 'message'], onTask: task('warn')},
  'task-hang': {summary: 'tasks never end', options: ['type', 'about'], onTask: task('hang')},
  'disk-full': {
    summary: 'a storage has no room left',
    options: ['storage'],
    needs: ['storage'],
    inState: true,
    begin: (sim, spec) => {
      const storage = sim.state.storages[spec.storage!]
      if (!storage) throw new Error(`there is no storage '${spec.storage}'`)
      const {used} = storage
      Object.assign(storage, {used: storage.total, full: true})
      return () => {
        storage.used = used
        delete storage.full
      }
    },
  },
  condition: {
    summary: 'something is otherwise with the host of a node, as `conditions` of a seed says it (JSON)',
    options: ['node', 'conditions'],
    needs: ['node', 'conditions'],
    inState: true,
    begin: (sim, spec) => {
      const node = sim.state.nodes[spec.node!]
      if (!node) throw new Error(`there is no node '${spec.node}'`)
      const before = node.conditions
      node.conditions = {...before, ...spec.conditions}
      return () => {
        if (before) node.conditions = before
        else delete node.conditions
      }
    },
  },
  edits: {
    summary: 'another administrator sends API calls meanwhile, one after another',
    options: ['calls', 'file'],
    begin: (sim, {calls}) => void playEdits(sim, calls ?? []),
  },
} as const satisfies Record<string, Kind>

export type FaultKind = keyof typeof faultKinds

export const kindOf = (kind: FaultKind): Kind => faultKinds[kind]

/** A call that fails by the state of the cluster, whatever faults there are. */
export const withoutQuorum = quorumText

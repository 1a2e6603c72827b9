import {expect} from 'chai'
import type {Release} from '../../src/contract/contract.js'
import type {Simulation} from '../../src/simulation.js'
import {restoreSimulation, saveSimulation, type Saved} from '../../src/seeds/save.js'
import {Lab, type Answer, type Sent} from '../support.js'

type Form = Record<string, string | string[]>

/** A request: verb and path, parameters, and who sends it: a token of the seed, or a user, who logs in first. */
export interface Step {
  ask: string
  with?: Form
  as?: string
  /** Its task fails. */
  fails?: true
  /** Its task goes on. */
  runs?: true
}

/** What a statement is about, and where it can be looked up; what was seen holds for hosts of that release. */
const sources = {
  tokens: 'pve-access-control, PVE/AccessControl.pm (verify_token)',
  values: 'pve-common, PVE/JSONSchema.pm (check_prop)',
  'property strings': 'pve-common, PVE/JSONSchema.pm (parse_property_string, print_property_string)',
  errors: 'pve-http-server, PVE/APIServer/AnyEvent.pm; pve-manager, PVE/HTTPServer.pm (rest_handler)',
  tasks: 'pve-manager, PVE/API2/Tasks.pm; pve-common, PVE/UPID.pm',
  'kinds of task': 'the calls of fork_worker in PVE/API2',
  locks: 'pve-guest-common, PVE/AbstractConfig.pm (lock_config); pve-cluster, PVE/Cluster.pm (cfs_lock)',
  configuration:
    'qemu-server, PVE/QemuServer.pm (write_vm_config); pve-container, PVE/LXC/Config.pm (write_pct_config)',
  formats: 'the contracts; qm.conf(5), pct.conf(5)',
  create: 'qemu-server, PVE/API2/Qemu.pm (create_vm); pve-container, PVE/API2/LXC.pm (create_vm)',
  disks: 'qemu-server, PVE/API2/Qemu.pm; pve-storage, PVE/Storage.pm',
  changes: 'qemu-server, PVE/QemuServer.pm (vmconfig_hotplug_pending); pve-guest-common, PVE/AbstractConfig.pm',
  resources: 'pve-manager, PVE/API2/Cluster.pm and PVE/API2Tools.pm; pve-cluster, pmxcfs/status.c',
  permissions: 'pve-access-control, PVE/AccessControl.pm (roles); pveum(1)',
  auditors: 'pve-access-control, PVE/AccessControl.pm (PVEAuditor)',
  privileges: 'the permissions in the contracts; qemu-server, PVE/API2/Qemu.pm (check_vm_modify_config_perm)',
  'root only': 'qemu-server, PVE/API2/Qemu.pm; pve-container, PVE/LXC.pm (check_ct_modify_config_perm)',
  'privileges of 9': 'pve-access-control, PVE/AccessControl.pm of either release',
  releases: 'the contracts of 8.4 and 9.2, and their differences',
  failures: 'the texts stand in the sources of qemu-server, pve-container, pve-storage and pve-cluster',
  'user.cfg':
    'pve-access-control, PVE/AccessControl.pm (write_user_config, parse_user_config); seen on the real daemon',
  'section files': 'pve-common, PVE/SectionConfig.pm (write_config, parse_config); seen on the real daemon',
  descriptions:
    'PVE/LXC/Config.pm, PVE/QemuServer.pm, PVE/NodeConfig.pm, PVE/DataCenterConfig.pm; seen on the real daemon',
  'missing users': 'pve-access-control, PVE/RPCEnvironment.pm (exec_api2_perm_check); seen on the real daemon',
  'keys of backup servers': 'pve-storage, PVE/Storage/PBSPlugin.pm (on_add_hook, on_update_hook)',
  'task locks':
    'pve-guest-common, PVE/AbstractConfig.pm; qemu-server, PVE/QemuMigrate.pm and PVE/QemuServer/RunState.pm; pve-container, PVE/API2/LXC.pm',
  sizes: 'pve-storage, PVE/Storage/*Plugin.pm (alloc_image, list_images); qemu-server, PVE/QemuServer.pm',
  daemon: 'seen on the real daemon of 9.2',
}

/** One statement about PVE: what was done before, what is asked, what has to come. */
export interface Fact extends Step {
  fact: keyof typeof sources
  that: string
  /** Releases it holds for; both unless given. */
  pve?: Release
  seed?: string
  /** What the cluster is like beforehand, where no call makes it so. */
  given?: (sim: Simulation) => unknown
  /** Calls before, which have to succeed, and their tasks. */
  first?: (string | Step)[]
  /** `200`, status and reason phrase, or `task` and its exit status. */
  comes: string | RegExp
  /** `errors` of the answer. */
  errors?: Record<string, string | RegExp>
  /** What the data has to hold, among other things; `undefined` for what must not be there. */
  gives?: unknown
  /** A line of the log of the task that begins. */
  log?: RegExp
  check?: (data: never, answer: Answer) => void
  /** A read afterwards, and what it has to hold. */
  then?: [read: string, gives: unknown]
}

/** Sends statements' requests to simulators that are set back for each of them. */
export class FactLab {
  private readonly labs = new Map<string, {lab: Lab; pristine: Saved}>()

  async stop(): Promise<void> {
    for (const {lab} of this.labs.values()) await lab.stop()
  }

  private async labOf(seed: string, pve: Release): Promise<Lab> {
    const key = `${seed} ${pve}`
    let entry = this.labs.get(key)
    if (!entry) {
      const lab = await Lab.start({seed, pve})
      entry = {lab, pristine: saveSimulation(lab.simulator.simulation)}
      this.labs.set(key, entry)
    }
    restoreSimulation(entry.lab.simulator.simulation, entry.pristine)
    return entry.lab
  }

  async hold(fact: Fact, pve: Release): Promise<void> {
    const lab = await this.labOf(fact.seed ?? 'cluster', pve)
    fact.given?.(lab.simulator.simulation)
    for (const step of fact.first ?? []) {
      const before = typeof step === 'string' ? {ask: step} : step
      const {text} = await outcome(lab, before)
      expect(text, `before: ${before.ask}`).to.match(before.fails ? /^task / : /^(200 OK|task (OK|WARNINGS))/)
    }
    const source = sources[fact.fact]
    const {answer, text: end} = await outcome(lab, fact)
    const text = fact.comes === '200' ? `${answer.status} ${answer.reason}` : end
    if (fact.comes instanceof RegExp) expect(text, source).to.match(fact.comes)
    else expect(text, source).to.equal(fact.comes === '200' ? '200 OK' : fact.comes)
    for (const [key, value] of Object.entries(fact.errors ?? {}))
      if (value instanceof RegExp) expect(answer.body.errors?.[key]).to.match(value)
      else expect(answer.body.errors ?? {}).to.have.property(key, value)
    if ('gives' in fact) expectHolds(answer.body.data, fact.gives)
    if (fact.log) {
      const upid = String(answer.body.data)
      const lines = await lab.get<{t: string}[]>(`/nodes/${upid.split(':')[1]}/tasks/${upid}/log`)
      expect(lines.map(({t}) => t).join('\n')).to.match(new RegExp(fact.log.source, 'm'))
    }
    fact.check?.(answer.body.data, answer)
    if (fact.then) expectHolds(await lab.get(fact.then[0]), fact.then[1])
  }
}

/** Declares a test for each statement, on each release it holds for. */
export function holdFacts(facts: Fact[]): void {
  const lab = new FactLab()
  after(() => lab.stop())
  for (const pve of ['8.4', '9.2'] as const)
    describe(`on ${pve}`, () => {
      for (const fact of facts)
        if (fact.pve === undefined || fact.pve === pve) it(`${fact.fact}: ${fact.that}`, () => lab.hold(fact, pve))
    })
}

/** Every part of what is expected is there; an entry of an expected list is found anywhere in the list. */
function expectHolds(actual: unknown, expected: unknown): void {
  if (expected === undefined || expected === null || typeof expected !== 'object') expect(actual).to.equal(expected)
  else if (expected instanceof RegExp) expect(String(actual)).to.match(expected)
  else if (Array.isArray(expected)) {
    expect(actual).to.be.an('array')
    for (const item of expected)
      if (!(actual as unknown[]).some((one) => holds(one, item)))
        expect.fail(`${JSON.stringify(item)} is not in ${JSON.stringify(actual)}`)
  } else {
    expect(actual, `for ${JSON.stringify(expected)}`).to.be.an('object')
    for (const [key, value] of Object.entries(expected)) {
      const found = (actual as Record<string, unknown>)[key]
      if (!holds(found, value)) expect.fail(`${key} is ${JSON.stringify(found)}, not ${String(value)}`)
    }
  }
}

function holds(actual: unknown, expected: unknown): boolean {
  try {
    expectHolds(actual, expected)
    return true
  } catch {
    return false
  }
}

/** What comes of a call: status and reason, or where it begins a task that is waited for, how that ends. */
async function outcome(lab: Lab, step: Step): Promise<{answer: Answer; text: string}> {
  const [verb, path] = step.ask.split(' ') as [string, string]
  const hasBody = verb === 'POST' || verb === 'PUT'
  const query = hasBody || !step.with ? '' : `?${new URLSearchParams(step.with as Record<string, string>).toString()}`
  const identity = await credentials(lab, step.as)
  const answer = await lab.send(`${path}${query}`, {
    method: verb,
    ...(hasBody && {form: step.with ?? {}}),
    ...identity,
  })
  const upid: unknown = answer.body.data
  if (step.runs || answer.status !== 200 || typeof upid !== 'string' || !upid.startsWith('UPID:'))
    return {answer, text: `${answer.status} ${answer.reason}`}
  for (;;) {
    const task = await lab.get<{status: string; exitstatus?: string}>(
      `/nodes/${upid.split(':')[1]}/tasks/${upid}/status`,
    )
    if (task.status === 'stopped') return {answer, text: `task ${task.exitstatus}`}
  }
}

async function credentials(lab: Lab, as: string | undefined): Promise<Sent> {
  if (as === undefined || as.includes('!')) return as === undefined ? {} : {token: as}
  const {password} = lab.simulator.simulation.state.users[as]!
  const login = await lab.send('/access/ticket', {
    method: 'POST',
    token: false,
    form: {username: as, password: password ?? ''},
  })
  const {ticket, CSRFPreventionToken} = login.body.data as Record<string, string>
  return {
    token: false,
    headers: {
      Cookie: `PVEAuthCookie=${encodeURIComponent(ticket!)}`,
      CSRFPreventionToken: CSRFPreventionToken!,
    },
  }
}

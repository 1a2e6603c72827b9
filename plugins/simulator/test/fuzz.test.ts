import {expect} from 'chai'
import {endpoints} from '../src/endpoints/all.js'
import {ApiError} from '../src/errors.js'
import {ProxyError} from '../src/http/dispatch.js'
import {Answer, Download, printJson} from '../src/calls/print.js'
import {startSimulator} from '../src/index.js'
import type {Simulation} from '../src/simulation.js'
import {Random} from '../src/state/random.js'
import {saveSimulation} from '../src/seeds/save.js'
import {contradictions, visible} from './support/invariants.js'
import {Walker, type Step} from './support/walker.js'

/** What no text of PVE holds: JavaScript shows through. */
const slips = /undefined(?! type)|\bNaN\b|\[object|Cannot read|is not a function|is not iterable|Infinity/

interface Outcome {
  status: number
  text: string
  errors?: Record<string, string>
}

/** Performs a step as the server does, and tells how it ended; a mistake of the simulator's own is status 999. */
async function perform(sim: Simulation, {verb, at, params, auth}: Step): Promise<Outcome> {
  const plain = Object.entries(params).filter(([, value]) => typeof value === 'string')
  const query = verb === 'GET' || verb === 'DELETE' ? Object.fromEntries(plain) : {}
  const body = verb === 'POST' || verb === 'PUT' ? structuredClone(params) : {}
  try {
    const result = await sim.listener.perform({verb, path: at, query, body, auth})
    if (result instanceof Download) return {status: 200, text: result.content}
    return {status: 200, text: printJson(result instanceof Answer ? result.data : result, new Random(1))}
  } catch (error) {
    if (error instanceof ApiError) {
      const {status, message, errors} = error
      return {status, text: `${message} ${JSON.stringify(errors ?? {})}`, ...(errors && {errors})}
    }
    if (error instanceof ProxyError) return {status: error.status, text: error.message}
    return {status: 999, text: String((error as Error).stack)}
  }
}

/** Passwords and secrets that no answer shows again. */
const secretsOf = ({users}: Simulation['state']): string[] =>
  Object.values(users).flatMap(({password = '', tokens, tfa}) => [
    ...(password.length > 8 ? [password] : []),
    ...Object.values(tokens).map(({secret}) => secret),
    ...(tfa?.entries ?? []).flatMap(({totp}) => totp ?? []),
  ])

class Watch {
  readonly problems = new Set<string>()
  readonly counted = {fine: 0, refused: 0}

  constructor(private readonly sim: Simulation) {}

  private async tasksEnd(): Promise<void> {
    const running = (): boolean => this.sim.state.tasks.some(({endtime}) => endtime === undefined)
    for (let round = 0; round < 300 && running(); round++)
      await new Promise((resolve) => (round < 20 ? setImmediate(resolve) : setTimeout(resolve, 5)))
    for (const {type, upid, endtime} of this.sim.state.tasks) {
      if (endtime !== undefined) continue
      this.problems.add(`a task ${type} does not end`)
      this.sim.tasks.interrupt(upid)
    }
  }

  /** Sends a request and looks at what it answers and what it leaves behind. */
  async step(step: Step): Promise<Outcome> {
    const {sim} = this
    const asked = `${step.auth} ${step.verb} ${step.at} ${JSON.stringify(step.params)}`
    sim.ha.settle()
    sim.replication.settle()
    await this.tasksEnd()
    const before = visible(sim.state)
    const secrets = secretsOf(sim.state)
    const outcome = await perform(sim, step)
    const {status, text} = outcome
    this.counted[status === 200 ? 'fine' : 'refused']++
    if (status === 999 || slips.test(text)) this.problems.add(`${asked}: ${text.slice(0, 300)}`)
    if (secrets.some((secret) => text.includes(secret) && !asked.includes(secret)))
      this.problems.add(`${asked} shows a secret`)
    if ((status !== 200 || step.verb === 'GET') && visible(sim.state) !== before)
      this.problems.add(`${asked} changes the state and answers ${status} ${text.slice(0, 100)}`)
    await this.tasksEnd()
    for (const {log} of sim.state.tasks.slice(0, 3))
      for (const line of log) if (slips.test(line)) this.problems.add(`${asked}: a task says ${line}`)
    for (const one of contradictions(sim.state)) this.problems.add(`${asked}: ${one}`)
    return outcome
  }
}

describe('requests that nobody thought of', () => {
  it('may name things as JavaScript names what every object has', async function () {
    this.timeout(30_000)
    const {simulation: sim, stop} = await startSimulator({
      seed: 'cluster',
      authDelay: 0,
      taskTime: 0,
      statusInterval: 0,
    })
    const watch = new Watch(sim)
    // prettier-ignore
    const others: Record<string, string> = {
      node: 'pve1', storage: 'local', userid: 'root@pam', tokenid: 'sim', realm: 'pve', poolid: 'web', roleid: 'PVEAdmin', groupid: 'shop', iface: 'vmbr0',
    }
    try {
      const ask = (verb: string, at: string, params: Record<string, string> = {}): Promise<Outcome> =>
        watch.step({verb, path: at, at, params, auth: 'root@pam'})
      for (const [verb, path] of Object.keys(endpoints).map((one) => one.split(' ') as [string, string])) {
        if (!sim.contract.paths[path]?.[verb] || /\{node\}\/status$|^\/cluster\/config/.test(path)) continue
        for (const [, variable] of path.matchAll(/\{([^}]+)\}/g)) {
          const at = path.replace(/\{([^}]+)\}/g, (_, name: string) =>
            name === variable
              ? 'constructor'
              : name === 'vmid'
                ? path.includes('/lxc/')
                  ? '200'
                  : '100'
                : (others[name] ?? 'x'),
          )
          await ask(verb, at)
        }
      }
      for (const poolid of ['constructor', '__proto__']) {
        expect(await ask('GET', '/pools', {poolid})).to.include({
          status: 500,
          text: `pool '${poolid}' does not exist\n {}`,
        })
        expect((await ask('POST', '/pools', {poolid})).status).to.equal(200)
        expect((await ask('GET', '/pools')).text).to.contain(poolid)
        expect((await ask('DELETE', '/pools', {poolid})).status).to.equal(200)
      }
      await ask('POST', '/cluster/ha/resources', {sid: 'vm:100'})
      const moved = await ask('POST', '/cluster/ha/resources/vm:100/migrate', {node: 'constructor'})
      expect(moved.text).to.not.contain('blocking')
      const unknown = await watch.step({
        verb: 'POST',
        path: '/pools',
        at: '/pools',
        params: {poolid: 'p', constructor: '1'},
        auth: 'root@pam',
      })
      expect(unknown.errors).to.have.all.keys('constructor')
    } finally {
      await stop()
    }
    expect([...watch.problems].join('\n')).to.equal('')
  })

  for (const [seed, pve] of [
    ['cluster', '9.2'],
    ['homelab', '8.4'],
  ] as const) {
    it(`find no mistake of the simulator's own, and a state that holds together (${seed}, ${pve})`, async function () {
      this.timeout(60_000)
      const options = {seed, pve, authDelay: 0, taskTime: 0, statusInterval: 0, proxyTimeout: 5, consoleTime: 50}
      const {simulation: sim, stop} = await startSimulator(options)
      const told: string[] = []
      const write = process.stderr.write
      process.stderr.write = (text: string | Uint8Array) => told.push(String(text)) > 0
      const watch = new Watch(sim)
      try {
        const walker = new Walker(sim, Object.keys(endpoints), 4)
        for (let round = 0; round < 500; round++) {
          let step = walker.next()
          for (let tries = 0; tries < 4; tries++) {
            const {errors} = await watch.step(step)
            if (!errors) break
            step = walker.mended(step, errors)
          }
        }
        const saved = saveSimulation(sim).state
        expect(JSON.parse(JSON.stringify(saved))).to.deep.equal(JSON.parse(JSON.stringify(sim.state)))
      } finally {
        process.stderr.write = write
        await stop()
      }
      expect([...watch.problems, ...told].join('\n')).to.equal('')
      expect(watch.counted.fine).to.be.above(100)
    })
  }
})

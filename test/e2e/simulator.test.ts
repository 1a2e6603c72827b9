import {expect} from 'chai'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {createServer, type AddressInfo} from 'node:net'
import path from 'node:path'
import {sandbox, type Sandbox} from '../support/pmpc.js'
import {assertSchema} from '../support/schemas.js'

interface ErrorJson {
  error: {code: string; message: string; exitCode: number; suggestions: string[]}
}

describe('pmpc simulator', () => {
  let box: Sandbox
  before(() => {
    box = sandbox()
  })
  after(() => box.remove())

  /** Starts it, and sends a signal once it is ready. */
  const startAndEnd = (signal: NodeJS.Signals, ...args: string[]) =>
    box.pmpc(['simulator', 'start', '--port', '0', ...args], {
      started: (child) => void once(child.stdout!, 'data').then(() => child.kill(signal)),
    })

  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    it(`serves until ${signal}, which is no failure`, async () => {
      const {code, stdout} = await startAndEnd(signal, '--json')
      expect(code).to.equal(0)
      assertSchema('simulator-start', JSON.parse(stdout))
      expect(stdout).to.match(/^\{.*\}\n$/)
    })

  it('tells people where it is', async () => {
    const {stdout, stderr} = await startAndEnd('SIGTERM', '--pve', '8.4', '--admin-port', '0')
    expect(stdout)
      .to.match(/^Serving a simulated Proxmox VE 8\.4 at https:\/\/127\.0\.0\.1:\d+$/m)
      .and.to.match(/^ {2}admin +http:/m)
    expect(stderr).to.include('Ctrl-C ends it.')
  })

  it('keeps its state in a file of the folder of -C', async () => {
    const args = ['-C', box.folder, '--state', 'state.json', '--json']
    const first = (await startAndEnd('SIGTERM', ...args)).json<{tokenSecret: string}>()
    const second = (await startAndEnd('SIGTERM', ...args)).json<{tokenSecret: string}>()
    expect(second.tokenSecret).to.equal(first.tokenSecret)
  })

  it('prints what it serves', async () => {
    assertSchema('simulator-coverage', (await box.pmpc(['simulator', 'coverage', '--pve', '9.2', '--json'])).json())
    const both = (await box.pmpc(['simulator', 'coverage', '--json'])).json<Record<string, unknown>>()
    expect(Object.keys(both)).to.deep.equal(['8.4', '9.2'])
    assertSchema('simulator-coverage', both['8.4'])
  })

  it('says what is wrong with a seed, a fault, a port', async () => {
    const seed = path.join(box.folder, 'seed.yaml')
    writeFileSync(seed, 'nodes: [{name: pve1, memmory: 8G}]\n')
    const broken = path.join(box.folder, 'broken.yaml')
    writeFileSync(broken, 'nodes: [\n')
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const {port} = taken.address() as AddressInfo
    const cases: [string[], number, string, RegExp][] = [
      [['--seed', 'clutser'], 64, 'PMPC_SIMULATOR_SEED', /There is no seed and no file clutser/],
      [['--seed', seed], 64, 'PMPC_SIMULATOR_SEED', /nodes\[0\]\.memmory is not known; there are name, /],
      [['--seed', broken], 64, 'PMPC_SIMULATOR_SEED', /broken\.yaml: .*line 2/s],
      [['--fault', 'node-off'], 64, 'PMPC_SIMULATOR_FAULT', /there is no fault 'node-off'/],
      [['--port', String(port)], 1, 'PMPC_PORT_TAKEN', new RegExp(`Port ${port} is taken`)],
      [['--host', '203.0.113.9'], 64, 'PMPC_USAGE', /has no address --host 203\.0\.113\.9/],
      [['--seed', 'cluster', '--nodes', '2'], 64, 'PMPC_USAGE', /--nodes/],
    ]
    for (const [args, exitCode, code, message] of cases) {
      const result = await box.pmpc([
        'simulator',
        'start',
        '--json',
        ...(args[0] === '--port' ? [] : ['--port', '0']),
        ...args,
      ])
      const {error} = result.json<ErrorJson>()
      expect(error, args.join(' ')).to.include({code, exitCode})
      expect(error.message).to.match(message)
      expect(error.suggestions).to.not.be.empty
      expect(result.code).to.equal(exitCode)
    }
    taken.close()
  })
})

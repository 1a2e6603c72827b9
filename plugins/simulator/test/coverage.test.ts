import {expect} from 'chai'
import https from 'node:https'
import {loadContract} from '../src/contract/contract.js'
import type {Endpoints} from '../src/calls/call.js'
import {coverageOf, type Coverage} from '../src/endpoints/coverage.js'
import {endpoints, together} from '../src/endpoints/all.js'
import {startSimulator, type Simulator} from '../src/index.js'
import {bin, sandbox} from '../../../test/support/pmpc.js'

const status = (simulator: Simulator, verb: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = {Authorization: `PVEAPIToken=${simulator.tokenId}=${simulator.tokenSecret}`}
    https
      .request(`${simulator.url}/api2/json${path}`, {method: verb, headers, rejectUnauthorized: false}, (response) => {
        response.resume()
        resolve(response.statusCode!)
      })
      .on('error', reject)
      .end()
  })

describe('simulator coverage', () => {
  for (const release of ['8.4', '9.2'] as const) {
    it(`counts each method of ${release} once, and what it calls missing answers 501`, async () => {
      const {paths} = await loadContract(release)
      const {served, methods, missing} = await coverageOf(release)
      expect(methods).to.equal(Object.values(paths).reduce((sum, verbs) => sum + Object.keys(verbs).length, 0))
      expect(served).to.equal(methods - missing.length)
      expect(served).to.be.above(methods / 2)
      const simulator = await startSimulator({pve: release, authDelay: 0})
      try {
        for (const method of missing.slice(0, 3)) {
          const [verb, path] = method.split(' ')
          expect(await status(simulator, verb!, path!.replaceAll(/\{[^}]+\}/g, 'x')), method).to.equal(501)
        }
      } finally {
        await simulator.stop()
      }
    })
  }

  it('finds the path of every endpoint of the registry in some contract', async () => {
    const contracts = await Promise.all([loadContract('8.4'), loadContract('9.2')])
    const known = new Set(contracts.flatMap(({paths}) => Object.keys(paths)))
    expect(Object.keys(endpoints).filter((method) => !known.has(method.slice(method.indexOf('/'))))).to.deep.equal([])
  })

  it('refuses what two files serve, and names it', () => {
    const nobody = () => null
    const twice: Endpoints[] = [{'GET /version': nobody}, {'GET /nodes': nobody, 'GET /version': nobody}]
    expect(() => together(twice)).to.throw('GET /version is served twice')
    expect(together(twice.slice(1))).to.have.all.keys('GET /nodes', 'GET /version')
  })

  it('is told by the command, by version and for one', async () => {
    const box = sandbox()
    const run = (...args: string[]) => box.exec(process.execPath, [bin, 'simulator', 'coverage', ...args])
    try {
      const both = JSON.parse((await run('--json')).stdout) as Record<string, Coverage>
      expect(both).to.have.all.keys('8.4', '9.2')
      const one = JSON.parse((await run('--pve', '9.2', '--json')).stdout) as Coverage
      expect(one).to.deep.equal(both['9.2'])
      const text = (await run('--pve', '9.2')).stdout
      expect(text).to.match(new RegExp(`^Proxmox VE 9\\.2: ${one.served} of ${one.methods} methods served`))
    } finally {
      box.remove()
    }
  })
})

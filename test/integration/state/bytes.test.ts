import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {ClusterState, Observed} from '../../../src/kit/resources/model.js'
import {writeState} from '../../../src/kit/state/index.js'
import {skipFor} from '../../support/skip.js'

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const model = join(fixtures, 'v1.json')

/** Of the fixture's content in the current schema. It changes only together with the schema's version or the exact version of sql.js. */
const golden = '77eeb9d9963be8fe44d7bb0b2e2795440bd5fe44d50d6b6b305735a50fe82ce7'

describe('state: bytes', () => {
  let folder: string
  let large: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pmpc-bytes-'))
    large = join(folder, 'large.json')
    writeFileSync(large, JSON.stringify(manyGuests(300)))
  })
  after(() => rmSync(folder, {recursive: true, force: true}))

  /** `PMPC_TEST_NODES` names further node binaries, separated as in PATH. */
  const others = (process.env.PMPC_TEST_NODES ?? '').split(delimiter).filter(Boolean)

  it('of a given content never change', async () => {
    expect(sha256(await writeState(read(model)))).to.equal(golden)
  })

  it('do not depend on what the process wrote before', async () => {
    const first = sha256(await writeState(read(large)))
    await writeState(read(model))
    expect(sha256(await writeState(read(large)))).to.equal(first)
  })

  for (const node of [process.execPath, ...others]) {
    it(`are the same from another process: ${node === process.execPath ? 'this node' : node}`, async () => {
      expect(existsSync(node), `${node} exists`).to.equal(true)
      const output = execFileSync(node, ['--import', 'tsx', join(fixtures, 'hash.mts'), model, large], {
        encoding: 'utf8',
      })
      expect(output.trim().split('\n')).to.deep.equal([golden, sha256(await writeState(read(large)))])
    })
  }

  it('are the same on other versions of Node', function () {
    skipFor(this, others.length === 0 && 'no other node: set PMPC_TEST_NODES to paths of node binaries')
  })
})

function read(file: string): ClusterState {
  return JSON.parse(readFileSync(file, 'utf8')) as ClusterState
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function manyGuests(count: number): ClusterState {
  const guest = (i: number): Observed => ({
    kind: i % 3 ? 'vm' : 'container',
    id: 100 + i,
    config: {description: 'ü'.repeat((i * 37) % 3000), memory: 16 * i, tags: [`t${i % 7}`], cpulimit: i / 7},
    facts: {node: `pve${i % 4}`, pool: `pool${i % 5}`, status: i % 2 ? 'running' : 'stopped'},
  })
  return {cluster: 'large', objects: Array.from({length: count}, (_, i) => guest(i))}
}

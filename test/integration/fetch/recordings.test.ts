import path from 'node:path'
import {expect} from 'chai'
import type {Reader} from '../../../src/kit/proxmox/index.js'
import {declaredOf, equalValues, kindOf} from '../../../src/kit/resources/index.js'
import type {Observed} from '../../../src/kit/resources/index.js'
import {wireKinds as kinds, type WireKind as Kind} from '../../../src/kit/resources/kinds/on-wire.js'
import {ignoreOf} from '../../../src/kit/workspace/index.js'
import {readState, writeState} from '../../../src/kit/state/index.js'
import {manifestTools, printManifest} from '../../../src/kit/workspace/index.js'
import {readCluster, type Reading} from '../../../src/kit/fetch/read.js'
import {least, filesIn, readLines, referencePath} from '../../support/reference.js'

interface Exchange {
  method: string
  path: string
  status: number
  query?: unknown
  body: unknown
}

type Entry = Record<string, unknown>

/** What every cluster answers: who asks has a right, and one node is there. */
const others: Record<string, unknown> = {
  '/access/permissions': {'/': {'Sys.Audit': 1}},
  '/nodes': [{node: 'recorded', status: 'online'}],
}

/** A cluster that answers with what is given, and with little else. */
async function readFrom(answers: Record<string, unknown>): Promise<Reading> {
  const get = async (at: string) => answers[at] ?? (Object.hasOwn(others, at) ? others[at] : [])
  const reader = {get} as unknown as Reader
  return readCluster({reader, cluster: 'home', ignore: ignoreOf([])})
}

/** All answers of a list or a configuration in the recordings, each once. */
function recorded(): {source: string; at: string; data: unknown}[] {
  const seen = new Set<string>()
  const found: {source: string; at: string; data: unknown}[] = []
  for (const [folder, ending] of [
    ['recorded', '.json'],
    ['daemon', '.jsonl'],
  ] as const) {
    for (const file of filesIn(referencePath(folder), ending)) {
      for (const {method, path: at, status, body} of readLines<Exchange>(file)) {
        const data = (body as {data?: unknown} | null)?.data
        if (method !== 'GET' || status !== 200 || data === undefined || data === null) continue
        const key = `${at} ${JSON.stringify(data)}`
        if (seen.has(key)) continue
        seen.add(key)
        found.push({source: path.basename(file), at: at.replace(/\?.*/, ''), data})
      }
    }
  }
  return found
}

/** What was read survives the state file and the manifest unchanged. */
async function expectNothingLost(reading: Reading, source: string): Promise<void> {
  const back = await readState(await writeState(reading.state))
  expect(back, source).to.deep.equal(reading.state)
  const {parseManifests} = await manifestTools()
  for (const object of reading.state.objects.filter(({kind}) => kindOf(kind).declared)) {
    const declared = declaredOf(object)
    const parsed = parseManifests(printManifest(declared), 'infra/home/x.yaml', ['home'])
    expect(
      parsed.problems.filter(({severity}) => severity === 'error'),
      source,
    ).to.deep.equal([])
    expect(
      equalValues(parsed.documents[0]!.declared.config, declared.config),
      `${source} ${object.kind}/${object.id}`,
    ).to.equal(true)
  }
}

describe('recordings of real clusters', function () {
  this.timeout(120_000)

  it('configurations: every key is kept, or is one that the registry leaves out with a reason', async () => {
    let count = 0
    for (const {source, at, data} of recorded()) {
      const match = /^\/nodes\/([^/]+)\/(qemu|lxc)\/(\d+)\/config$/.exec(at)
      if (!match || typeof data !== 'object') continue
      count++
      const [, node, type, vmid] = match as unknown as [string, string, string, string]
      const kind = kinds.find((one) => one.guest === type)!
      const reading = await readFrom({
        '/cluster/resources': [{type, vmid: Number(vmid), node, status: 'stopped', id: `${type}/${vmid}`}],
        '/nodes': [{node, status: 'online'}],
        [at]: data,
      })
      const object = reading.state.objects.find((one) => one.kind === kind.name)!
      for (const [key, value] of Object.entries(data as Entry)) {
        if (key in kind.leftOut) expect(object.config, source).not.to.have.property(key)
        else expect(object.config, `${source} ${at}`).to.have.property(key)
        expect(value, source).to.not.equal(undefined)
      }
      await expectNothingLost(reading, source)
    }
    expect(count).to.be.above(least(50, 30))
  })

  it('lists: every entry becomes an object, every key of it is kept or left out with a reason', async () => {
    const lists = new Map<string, number>()
    for (const {source, at, data} of recorded()) {
      if (!Array.isArray(data) || !kinds.some((kind) => kind.list?.path === at)) continue
      if (data.some((entry) => typeof entry !== 'object' || entry === null)) continue
      lists.set(at, (lists.get(at) ?? 0) + 1)
      const reading = await readFrom({[at]: data})
      for (const entry of data as Entry[]) {
        const kind = kinds.find(
          ({list}) => list?.path === at && (!list.where || entry[list.where.key] === list.where.value),
        )
        if (kind) expectKept(kind, entry, reading, source)
      }
      await expectNothingLost(reading, source)
    }
    expect([...lists.keys()]).to.include.members(['/cluster/resources', '/nodes', '/storage', '/pools'])
  })
})

function expectKept(kind: Kind, entry: Entry, {state, stale}: Reading, source: string): void {
  const id = kind.id === 'vmid' ? Number(entry[kind.idKey]) : String(entry[kind.idKey])
  const object: Observed | undefined = state.objects.find((one) => one.kind === kind.name && one.id === id)
  if (!object) {
    // A guest of which this recording has no configuration: named as not read, never left out in silence.
    expect(
      stale.some((one) => one.kind === kind.name && one.id === id),
      `${source} ${kind.name}/${id}`,
    ).to.equal(true)
    return
  }
  for (const [key, value] of Object.entries(entry)) {
    if (value === null || key === kind.idKey || key === kind.list?.where?.key) continue
    const keptIn = [object.config, object.facts, object.extra ?? {}, kind.list?.leftOut ?? {}, kind.leftOut]
    expect(
      keptIn.some((place) => key in place),
      `${source} ${kind.name}/${id} ${key}`,
    ).to.equal(true)
  }
}

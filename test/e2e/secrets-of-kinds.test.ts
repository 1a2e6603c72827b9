import {readdirSync, readFileSync, statSync} from 'node:fs'
import path from 'node:path'
import {gunzipSync} from 'node:zlib'
import {expect} from 'chai'
import {isWithheld} from '../../src/kit/secrets/index.js'
import {wireKinds, type Entry, type WireKind} from '../../src/kit/resources/kinds/on-wire.js'
import {readState} from '../../src/kit/state/index.js'
import {Between} from '../support/between.js'
import {Lab, type Clone} from '../support/lab.js'

/** Values of keys that no contract has: their names say what they are. */
const named: Record<string, string> = {
  x_password: 'unknown-s3cret-01',
  api_token: 'unknown-s3cret-02',
  client_secret: 'unknown-s3cret-03',
  my_credential: 'unknown-s3cret-04',
  private_key: 'unknown-s3cret-05',
  'db-passwd': 'unknown-s3cret-06',
  access_key: 'unknown-s3cret-07',
  kennwort: 'unknown-s3cret-08',
  'x-passphrase': 'unknown-s3cret-09',
}

/** Values in a text that anybody may write, told by their form; the text is a comment, which every kind may have. */
const written: Record<string, string> = {
  'pw: ': 'text-s3cret-10',
  'https://jo:': 'text-s3cret-11',
  'root@pam!ci=': '12345678-1234-4321-8765-0123456789ab',
  'aws ': 'AKIAIOSFODNN7EXAMPLE',
  'github ': 'ghp_0123456789abcdefghij0123456789abcdef',
  'gitlab ': 'glpat-0123456789abcdefghij',
  'slack ': 'xoxb-1234567890-abcdef',
  'jwt ': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN',
  'Authorization: Bearer ': 'bearer0012abcdef',
  '-----BEGIN RSA PRIVATE KEY-----\n': 'MIIEpAIBAAKCAQEAplantedplantedplanted',
}
const comment = Object.entries(written)
  .map(([before, value]) => `${before}${value}${before.includes('://') ? '@nas.example/x' : ''}`)
  .join('\n')

/** The value of a key that the row calls a secret: in clear, as some versions of PVE show it. */
const rowSecret = 'row-s3cret-20'
const planted = [...Object.values(named), ...Object.values(written), rowSecret]

/** An answer in which there is an object, for kinds of which a simulated cluster has none. */
const samples: Record<string, unknown> = {
  'ha-resource': [{sid: 'vm:100', type: 'vm'}],
  'replication-job': [{id: '100-0', guest: 100, type: 'local'}],
  'sdn-vnet': [{vnet: 'v1', zone: 'z1', type: 'vnet'}],
  'sdn-fabric': {fabrics: [{id: 'f1', protocol: 'openfabric'}], nodes: []},
  'sdn-route-map': [{'route-map-id': 'm1', order: 1}],
  'pci-mapping': [{id: 'p1', map: ['node=pve1,path=0000:01:00.0,id=8086:1533']}],
  'usb-mapping': [{id: 'u1', map: ['node=pve1,id=8086:1533']}],
  'dir-mapping': [{id: 'd1', map: ['node=pve1,path=/srv']}],
}

const isMap = (value: unknown): value is Entry => typeof value === 'object' && value !== null && !Array.isArray(value)

function fits(template: string, at: string): boolean {
  const parts = template.split(/\{\w+\}/).map((part) => part.replaceAll(/[.\\]/g, '\\$&'))
  return new RegExp(`^${parts.join(template.startsWith('{base}') ? '.+' : '[^/]+')}$`).test(at)
}

/** A map of PVE's with what is to be found nowhere. */
function plant({secret = {}, shapes}: WireKind, map: Entry): Entry {
  const secrets = Object.keys(secret).map((key): [string, unknown] => [
    key,
    typeof shapes?.[key] === 'object' ? [`name=x,value=${rowSecret}`] : rowSecret,
  ])
  return {...map, ...named, comment, ...Object.fromEntries(secrets)}
}

function plantAll(kind: WireKind, data: unknown): unknown {
  if (Array.isArray(data)) return data.map((one: unknown) => (isMap(one) ? plant(kind, one) : one))
  if (!isMap(data)) return data
  const lists = Object.entries(data).filter(([, value]) => Array.isArray(value) && value.some(isMap))
  // An answer of several lists.
  if (lists.length > 0) return {...data, ...Object.fromEntries(lists.map(([key, list]) => [key, plantAll(kind, list)]))}
  return plant(kind, data)
}

const isEmpty = (data: unknown): boolean => !isMap(data) && (!Array.isArray(data) || data.length === 0)

/** What a cluster would answer on which somebody had put secrets wherever they can be. */
function answered(url: string, data: unknown): unknown {
  const at = url.replace(/\?.*/, '')
  let answer = data
  if (at === '/cluster/notifications/targets') return [...(data as Entry[]), {name: 'w1', type: 'webhook'}]
  for (const kind of wireKinds) {
    const {list, item, parts = []} = kind
    if (list && fits(list.path, at)) {
      const some = isEmpty(answer) || (isMap(answer) && kind.name in samples)
      answer = plantAll(kind, some ? (samples[kind.name] ?? [{[list.idKey]: 'planted'}]) : answer)
    }
    if (item !== undefined && fits(item, at)) answer = plantAll(kind, isMap(answer) ? answer : {type: 'influxdb'})
    for (const part of parts)
      if (part.beside === undefined && fits(part.path, at)) answer = plantAll(kind, answer ?? [])
  }
  return answer
}

/** Kinds that keep nothing of an answer but what the row takes out of it. */
const holdNothing = ['acl']

for (const pve of ['9.2', '8.4'] as const) {
  describe(`secrets in every kind, PVE ${pve}`, function () {
    this.timeout(180_000)
    let lab: Lab
    let between: Between
    let clone: Clone

    before(async () => {
      lab = await Lab.start({pve})
      between = await Between.start(lab.simulator)
      between.edit = (url, data) => {
        const answer = answered(url, data)
        return answer === data ? undefined : {data: answer}
      }
      const {code, stderr} = await lab.init('ws', lab.simulator.tokenId, {simulator: between})
      expect(code, stderr).to.equal(0)
      clone = lab.at('ws')
    })
    after(async () => {
      await between.stop()
      await lab.stop()
    })

    it('are in no object of Git, no file and no output', async () => {
      expect(planted).to.have.length(20)
      const outputs: string[] = []
      const run = async (...args: string[]) => {
        const {stdout, stderr} = await clone.must(...args)
        outputs.push(stdout, stderr)
        return stdout
      }
      await run('sync')
      await run('accept')
      await run('sync', '--json')
      for (const args of [['status'], ['log'], ['diff', 'HEAD~1'], ['state', 'show']]) await run(...args)
      for (const args of [
        ['snapshot', 'take', '-o', 'all.json.gz'],
        ['snapshot', 'diff', 'all.json.gz', '--json'],
      ])
        await run(...args)
      const doctor = await clone.pmpc(['doctor', '--json'])
      outputs.push(doctor.stdout, doctor.stderr)
      const snapshot = gunzipSync(readFileSync(path.join(clone.root, 'all.json.gz'))).toString()
      const packed = [...snapshot.matchAll(/"state": "([^"]+)"/g)].map(([, text]) =>
        Buffer.from(text!, 'base64').toString('latin1'),
      )
      expect(packed).to.have.length(1)
      const state = await readState(readFileSync(path.join(clone.root, '.pmpc/state/home.db')))
      const held = new Set(state.objects.filter(isWithheld).map(({kind}) => kind))
      const absent = wireKinds.filter(({until, since}) => (pve === '8.4' ? since !== undefined : until !== undefined))
      const expected = wireKinds.map(({name}) => name).filter((name) => !holdNothing.includes(name))
      expect([...held]).to.have.members(expected.filter((name) => !absent.some((kind) => kind.name === name)))
      for (const kind of pve === '9.2' ? held : []) {
        const {id} = state.objects.find((object) => object.kind === kind && isWithheld(object))!
        await Promise.all([run('get', kind, '-o', 'json'), run('describe', kind, String(id), '-o', 'json')])
      }
      const {stdout} = await clone.tryGit('cat-file', '--batch', '--batch-all-objects')
      const files = [clone.root, path.join(lab.box.folder, 'home')].flatMap(filesBelow)
      for (const [place, text] of [
        ['Git', stdout],
        ['output', outputs.join('\n')],
        ['snapshot', snapshot + packed.join('')],
        ...files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]),
      ] as const)
        expect(
          planted.filter((secret) => text.includes(secret)),
          place,
        ).to.deep.equal([])
    })

    it('make no change, and no warning, by themselves', async () => {
      const {commit, clusters} = await clone.sync()
      expect(commit).to.equal(null)
      expect(clusters[0]!.withheld.length).to.be.greaterThan(100)
    })
  })
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
}

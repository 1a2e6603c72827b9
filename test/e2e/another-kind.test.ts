import {execFileSync} from 'node:child_process'
import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {Between} from '../support/between.js'
import {Lab, putOnPath} from '../support/lab.js'
import {checkout} from '../support/pmpc.js'

/** The one file that is changed, and what is added to it: a row of names, one for the wire, and one that tells how changes travel. */
const changed = 'src/kit/resources/kinds/mapping.ts'
const names = `  {
    name: 'toaster',
    plural: 'toasters',
    aliases: [],
    declared: true,
    id: 'name',
    idKey: 'toaster',
    file: 'toaster/{id}.yaml',
    facts: ['warm'],
    shapes: {breads: 'set', timer: {map: {}}, slots: {rows: {}, first: ['width']}},
    columns: [
      {heading: 'NAME', field: 'id'},
      {heading: 'HEAT', field: 'config.heat', align: 'right'},
      {heading: 'WARM', field: 'facts.warm'},
    ],
  },
`
const wire = `    {
      name: 'toaster',
      list: {path: '/cluster/toasters', idKey: 'toaster', restIsConfig: true},
      leftOut: {digest: 'covers all toasters'},
      secret: {pin: 'opens the lid'},
      sight: {path: '/', privileges: ['Sys.Audit']},
    },
`
const travels = `    {
      name: 'toaster',
      create: 'POST /cluster/toasters',
      update: 'PUT /cluster/toasters/{toaster}',
      remove: 'DELETE /cluster/toasters/{toaster}',
      unset: 'delete',
      consequence: 'live',
    },
`

/** Puts a row behind the last one of its half of the table. */
function withRow(text: string, end: string, row: string): string {
  const at = text.indexOf(end)
  if (at < 0) throw new Error(`${changed} has no ${end}`)
  return text.slice(0, at) + row + text.slice(at)
}

/** A checkout with a row more, built by its own script; what is installed is this one's. */
function checkoutWithRow(folder: string): string {
  for (const name of ['bin', 'docs', 'plugins', 'scripts', 'src', 'templates', 'package.json', 'tsconfig.json'])
    cpSync(path.join(checkout, name), path.join(folder, name), {
      recursive: true,
      filter: (source) => !/\/(dist|test)(\/|$)/.test(source.slice(checkout.length)),
    })
  const modules = path.join(folder, 'node_modules')
  mkdirSync(path.join(modules, '@pmpc'), {recursive: true})
  for (const name of readdirSync(path.join(checkout, 'node_modules')))
    if (!['pmpc', '@pmpc', '.cache'].includes(name))
      symlinkSync(path.join(checkout, 'node_modules', name), path.join(modules, name))
  symlinkSync('..', path.join(modules, 'pmpc'))
  for (const name of ['apply', 'iac', 'simulator', 'sync'])
    symlinkSync(path.join('../../plugins', name), path.join(modules, '@pmpc', `plugin-${name}`))
  const file = path.join(folder, changed)
  const before = readFileSync(file, 'utf8')
  const named = withRow(before, '] as const satisfies readonly Kind[]', names)
  const read = withRow(named, '  ] as const satisfies readonly KindWire[]', wire)
  writeFileSync(file, withRow(read, '  ] as const satisfies readonly KindTravel[]', travels))
  execFileSync(process.execPath, ['scripts/build.mjs'], {cwd: folder, stdio: 'pipe'})
  return path.join(folder, 'bin', 'run.js')
}

interface Toaster {
  toaster: string
  heat: number
  breads: string
  timer: string
  slots: {width: number; lit?: number}[]
  pin: string
  warm: number
  digest: string
}

describe('a kind more', function () {
  this.timeout(180_000)
  let lab: Lab
  let between: Between

  before(async () => {
    lab = await Lab.start({seed: 'homelab'})
    between = await Between.start(lab.simulator)
  })
  after(async () => {
    await between?.stop()
    await lab?.stop()
  })

  it('is a row in one file: sync, diff, accept, get, describe, schema, state and plan know it', async () => {
    const toasters = new Map<string, Toaster>()
    between.edit = (at) => (at === '/cluster/toasters' ? {data: [...toasters.values()]} : undefined)
    const toaster: Toaster = {
      ...{
        toaster: 'kitchen',
        heat: 3,
        breads: 'white,rye',
        timer: 'seconds=90,beep=1',
        slots: [{width: 30}, {width: 40}],
      },
      ...{pin: 'open-sesame-4711', warm: 0, digest: 'a'},
    }
    toasters.set('kitchen', toaster)
    toasters.set('bar', {...toaster, toaster: 'bar'})

    const built = checkoutWithRow(path.join(lab.box.folder, 'checkout'))
    putOnPath(lab.box, built)
    const made = await lab.init('ws', undefined, {simulator: between, bin: built})
    expect(made.code, made.stderr).to.equal(0)
    const clone = lab.at('ws', built)
    const file = 'infra/home/toaster/kitchen.yaml'

    const synced = await clone.sync()
    expect(synced.counts.toaster).to.deep.equal({added: 2, changed: 0, removed: 0, stale: 0})
    expect(clone.read(file).split('\n')).to.include.members([
      'kind: toaster',
      'id: kitchen',
      '  heat: 3',
      '    - {width: 30}',
      '    - {width: 40}',
    ])
    await clone.must('accept')
    expect(await clone.git('status', '--porcelain')).to.equal('')
    expect((await clone.sync()).commit).to.equal(null)
    expect(await clone.git('log', '-p', '--all')).not.to.contain('open-sesame')

    const schema = JSON.parse(clone.read('.pmpc/schema/toaster.json')) as {properties: Record<string, unknown>}
    expect(schema.properties).to.include.keys('kind', 'id', 'config')

    toaster.heat = 5
    toaster.breads = 'rye,black'
    toaster.digest = 'b'
    toaster.warm = 1
    await clone.sync()
    expect(await clone.git('diff', '--numstat', '--', 'infra')).to.equal(`2\t2\t${file}`)
    // The heat, a bread that is gone and one that is new.
    expect(await clone.open()).to.have.length(3)
    const diff = (await clone.pmpc(['diff', 'toaster/kitchen'])).stdout
    expect(diff).to.contain('heat').and.contain('5')
    await clone.must('accept', 'toaster/kitchen')
    expect((await clone.sync()).open).to.deep.equal({drift: 0, conflicts: 0})

    const listed = (await clone.must('get', 'toasters', '-o', 'json')).json<{id: string}[]>()
    expect(listed.map(({id}) => id)).to.have.members(['kitchen', 'bar'])
    expect((await clone.must('get', 'toasters')).stdout).to.match(/NAME +HEAT +WARM/)
    const described = (await clone.must('describe', 'toaster', 'kitchen', '-o', 'json')).stdout
    expect(JSON.parse(described)).to.nested.include({'config.heat': 5, warm: 1})
    expect((await clone.must('state', 'show', '--json')).stdout).to.contain('toaster')

    clone.edit(file, 'heat: 5', 'heat: 7')
    const plan = (await clone.pmpc(['plan', '--json'])).json<{
      actions: {object: string; fields: unknown[]; requests: {method: string; path: string; parameters: object}[]}[]
    }>()
    expect(plan.actions).to.have.length(1)
    const [{object, fields, requests}] = plan.actions as [(typeof plan.actions)[0]]
    expect(object).to.equal('home/toaster/kitchen')
    expect(fields).to.have.length(1)
    expect(fields[0]).to.deep.include({field: 'config.heat', from: 5, to: 7, consequence: 'live'})
    expect(requests.map(({method, path: at, parameters}) => ({method, at, parameters}))).to.deep.equal([
      {method: 'PUT', at: '/cluster/toasters/kitchen', parameters: {heat: 7}},
    ])
    clone.edit(file, 'heat: 7', 'heat: 5')

    toasters.delete('bar')
    await clone.sync()
    expect(await clone.git('status', '--porcelain')).to.equal(' D infra/home/toaster/bar.yaml')
    await clone.must('accept')
    expect(clone.has('infra/home/toaster/bar.yaml')).to.equal(false)
  })
})

import {build, type Plugin} from 'esbuild'
import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {checkout} from '../../support/pmpc.js'

const row = {
  name: 'fire-door',
  plural: 'fire-doors',
  aliases: [],
  declared: true,
  id: 'name',
  idKey: 'door',
  file: 'fire-door/{id}.yaml',
  facts: [],
  columns: [],
}

/** The table of kinds with one more row. */
const oneMoreKind: Plugin = {
  name: 'one more kind',
  setup(bundle) {
    bundle.onLoad({filter: /resources\/kinds\/index\.ts$/}, ({path}) => {
      const source = readFileSync(path, 'utf8')
      const contents = source.replace('const rows = [', `const rows = [${JSON.stringify(row)},`)
      expect(contents, 'the table of kinds has rows').not.to.equal(source)
      return {contents, loader: 'ts'}
    })
  },
}

/** Writes an object of it, and tells what is read again. */
const program = `
  import {readObject, readState, stateToText, verifyState, writeState} from './src/kit/state/index.js'
  const id = 'cellar/1'
  const object = {kind: 'fire-door', id, config: {open: 1, hinges: [{at: 'left'}]}, facts: {seen: 1}, running: {open: 0}}
  const told = async () => {
    const bytes = await writeState({cluster: 'home', objects: [object]})
    const [found] = (await readState(bytes)).objects
    const one = await readObject(bytes, object)
    const {version, problems} = await verifyState(bytes)
    console.log(JSON.stringify({object, found, one, version, problems, text: await stateToText(bytes)}))
  }
  void told()
`

describe('a kind that is only a row', () => {
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'pmpc-kind-'))))
  after(() => rmSync(folder, {recursive: true, force: true}))

  it('is kept in the state, of which it needs no new version', async () => {
    const file = join(folder, 'program.cjs')
    await build({
      stdin: {contents: program, resolveDir: checkout, loader: 'ts'},
      outfile: file,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
      plugins: [oneMoreKind],
      // From where SQLite's own file is looked for.
      define: {'import.meta.url': JSON.stringify(new URL('../../../package.json', import.meta.url).href)},
    })
    const told = JSON.parse(execFileSync(process.execPath, [file], {encoding: 'utf8'})) as Record<string, unknown>
    expect(told.found).to.deep.equal(told.object)
    expect(told.one).to.deep.equal(told.object)
    expect(told).to.deep.include({version: 4, problems: []})
    expect(told.text).to.contain('fire-door/cellar/1')
  })
})

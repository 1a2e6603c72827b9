import {expect} from 'chai'
import {existsSync, readFileSync, readdirSync, statSync} from 'node:fs'
import path from 'node:path'
import {checkout} from '../support/pmpc.js'

/** What only tests, or programs around pmpc, need; and what was in a bundle once, unseen, with half a megabyte of character sets. */
const NOWHERE = [
  ...['ajv', 'chai', 'esbuild', 'fast-check', 'mocha', 'sinon', 'ts-node', 'tsx', 'typescript'],
  ...['@peculiar/', 'reflect-metadata', 'tsyringe'],
  ...['iconv-lite', 'chardet', '@inquirer/prompts', '@inquirer/editor', '@inquirer/external-editor'],
]
/** What talks to a cluster or to Git, keeps state, asks or draws. */
const WORKING = ['undici', 'simple-git', 'execa', 'sql.js', 'listr2', '@inquirer/', 'yaml']
const TEMPLATES = ['nunjucks']
/** Parameters of all calls of the API: for what sends requests that change something, once there is such a command. */
const CALLS = ['src/kit/values/data/calls.ts']
const KEYS = ['src/kit/values/data/keys.ts']
/** The catalogue of errors: for a bundle of the host's own, which an error that is told asks by a hook, and for what explains. */
const ERRORS = ['src/kit/catalogue/rows/index.ts']

/**
 * Every bundle: what it may weigh, in bytes, and what may not be in it: packages (or a scope, with a slash at the end), and files of ours.
 * A bundle that got lighter by much gets a smaller number. One that must grow gets a larger one in the commit that makes it grow.
 */
const BUDGET: Record<string, {bytes: number; without: string[]}> = {
  'dist/index.cjs': {bytes: 465_000, without: [...ERRORS, ...WORKING, ...TEMPLATES, ...CALLS, ...KEYS]},
  'dist/reading.cjs': {
    bytes: 151_500,
    without: [...ERRORS, '@oclif/core', ...WORKING, ...TEMPLATES, ...CALLS, ...KEYS],
  },
  // What is asked when an error is told: a run that fails keeps no code cache, so that it is the faster the smaller this is.
  'dist/errors.cjs': {bytes: 106_000, without: ['@oclif/core', ...WORKING, ...TEMPLATES, ...CALLS, ...KEYS]},
  'dist/commands.cjs': {bytes: 2_140_000, without: [...ERRORS, '@oclif/core', ...CALLS]},
  // Archives, and what it needs of SQLite, Git and YAML; and the words of eight languages.
  'plugins/anonymize/dist/index.cjs': {
    bytes: 2_400_000,
    without: [...ERRORS, 'undici', 'simple-git', ...TEMPLATES, ...CALLS],
  },
  'plugins/apply/dist/index.cjs': {bytes: 480_000, without: [...ERRORS, ...WORKING, ...TEMPLATES, ...CALLS, ...KEYS]},
  'plugins/apply/dist/commands.cjs': {
    bytes: 2_805_000,
    // A plan reads and judges as a sync does, and is made of requests.
    without: [...ERRORS, '@oclif/core'],
  },
  'plugins/diagnostics/dist/index.cjs': {bytes: 2_580_000, without: [...TEMPLATES, ...CALLS]},
  // It reads a cluster to prove and to test; what HCL's parser is made of lies beside it.
  'plugins/iac/dist/index.cjs': {bytes: 2_500_000, without: [...ERRORS, ...CALLS]},
  'plugins/simulator/dist/index.cjs': {
    bytes: 2_045_000,
    without: [...ERRORS, 'undici', 'simple-git', 'execa', 'sql.js', '@inquirer/', ...TEMPLATES, ...CALLS, ...KEYS],
  },
  'plugins/sync/dist/index.cjs': {bytes: 2_235_000, without: [...ERRORS, ...TEMPLATES, ...CALLS]},
}

interface Metafile {
  inputs: Record<string, {imports: {path: string}[]}>
  outputs: Record<string, {inputs: Record<string, {bytesInOutput: number}>}>
}

/** What esbuild said of a bundle when it was made. */
function contents(bundle: string): Metafile {
  const note = bundle.replace(/dist\/(\w+)\.cjs$/, '$1.json')
  return JSON.parse(readFileSync(path.join(checkout, 'node_modules/.cache/bundles', note), 'utf8')) as Metafile
}

/** `@inquirer/core` of `node_modules/@inquirer/core/dist/index.js`; undefined for a file that is ours. */
const packageOf = (file: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]

const isOf = (file: string, name: string): boolean => {
  const found = packageOf(file) ?? file
  return found === name || (name.endsWith('/') && found.startsWith(name))
}

/** How the entry comes to a file: the shortest chain of imports. */
function wayTo(file: string, {inputs}: Metafile): string {
  const entry = Object.keys(inputs).find((name) => path.basename(name) === 'entry.ts')!
  const ways = new Map([[entry, [entry]]])
  for (const [at, way] of ways)
    for (const next of inputs[at]?.imports ?? []) if (!ways.has(next.path)) ways.set(next.path, [...way, next.path])
  return (ways.get(file) ?? [file]).join('\n    → ')
}

describe('the bundles', () => {
  it('are these, and have a budget each', () => {
    const folders = ['dist', ...readdirSync(path.join(checkout, 'plugins')).map((name) => `plugins/${name}/dist`)]
    const bundles = folders
      .filter((folder) => existsSync(path.join(checkout, folder)))
      .flatMap((folder) => readdirSync(path.join(checkout, folder)).map((name) => `${folder}/${name}`))
      .filter((file) => file.endsWith('.cjs') && !path.basename(file).startsWith('.'))
    expect(bundles.sort()).to.deep.equal(Object.keys(BUDGET).sort())
  })

  for (const [bundle, {bytes, without}] of Object.entries(BUDGET)) {
    it(`${bundle} is no larger than it may be`, () => {
      expect(statSync(path.join(checkout, bundle)).size, 'bytes').to.be.at.most(bytes)
    })

    it(`${bundle} carries nothing that it may not`, () => {
      const metafile = contents(bundle)
      const carried = Object.values(metafile.outputs).flatMap(({inputs}) =>
        Object.keys(inputs).filter((file) => inputs[file]!.bytesInOutput > 0),
      )
      expect(carried.length).to.be.greaterThan(10)
      const wrong = [...NOWHERE, ...without].flatMap((name) => {
        const file = carried.find((one) => isOf(one, name))
        return file === undefined ? [] : [`${name} is in ${bundle}:\n    ${wayTo(file, metafile)}`]
      })
      expect(wrong, wrong.join('\n')).to.deep.equal([])
    })
  }
})

import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {exitCodeOf} from '../../../src/kit/errors/index.js'
import {checkout} from '../../support/pmpc.js'

/** What is written like a code and is none: variables of the environment, and the beginning of codes. */
const NO_CODES = new Set(['PMPC_ANONYMIZE_PASSPHRASE', 'PMPC_WORKSPACE', 'PMPC_TLS'])

/** Every code that a source names, of the host and of the plugins: they are string literals in single quotes. */
function codesInSources(): Set<string> {
  const plugins = readdirSync(path.join(checkout, 'plugins')).map((name) => `plugins/${name}/src`)
  const found = ['src', ...plugins.filter((folder) => folder !== 'plugins/package.json/src')].flatMap((folder) =>
    readdirSync(path.join(checkout, folder), {recursive: true})
      .map(String)
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [...readFileSync(path.join(checkout, folder, file), 'utf8').matchAll(/'(PMPC_[A-Z0-9_]+)'/g)]),
  )
  return new Set(found.map(([, code]) => code!).filter((code) => !NO_CODES.has(code)))
}

describe('docs/errors.md', () => {
  const page = readFileSync(path.join(checkout, 'docs/errors.md'), 'utf8')
  const rows = [...page.matchAll(/^\| `(PMPC_[A-Z0-9_]+)` \| ([\d, ]+) \| (.+) \|$/gm)]
  const documented = rows.map(([, code]) => code!)

  it('lists every code that an error can have, once, and no other', () => {
    const codes = codesInSources()
    expect(codes.size).to.be.greaterThan(100)
    expect(
      [...codes].filter((code) => !documented.includes(code)),
      'add these',
    ).to.deep.equal([])
    expect(
      documented.filter((code) => !codes.has(code)),
      'take these out',
    ).to.deep.equal([])
    expect(documented).to.deep.equal([...new Set(documented)])
  })

  for (const [, code, exits] of rows)
    it(`${code} ends with ${exits}`, () => {
      expect(exits!.split(', ').map(Number)[0]).to.equal(exitCodeOf(code!))
    })
})

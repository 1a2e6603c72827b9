import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {build} from 'esbuild'
import {checkout} from './pmpc.js'

/**
 * A program of the tests that they start often: while the suite runs it is there as one file of JavaScript. Node starts it in a tenth of the
 * processor time that it takes with tsx, and it loads nothing more from the checkout.
 * @param source path of the TypeScript file, from the checkout
 * @returns gives the path of the file
 */
export function program(source: string): () => string {
  let folder: string
  const file = (): string => path.join(folder, 'program.mjs')

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pmpc-program-'))
    await build({
      absWorkingDir: checkout,
      entryPoints: [source],
      outfile: file(),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      logLevel: 'error',
      // The libraries among it that are CommonJS ask for `require`.
      banner: {js: "import {createRequire} from 'node:module'\nconst require = createRequire(import.meta.url)"},
    })
  })
  after(() => rmSync(folder, {recursive: true, force: true}))

  return file
}

import {expect} from 'chai'
import {execFileSync} from 'node:child_process'
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {callsJson} from '../../../src/kit/values/data/calls.js'
import type {Schema} from '../../../src/kit/values/schema.js'
import {contractText} from '../../support/reference.js'

const root = path.join(import.meta.dirname, '../../..')

describe('values: condensed contracts', () => {
  it('are what the generator makes of the contracts', () => {
    const out = mkdtempSync(path.join(tmpdir(), 'pmpc-contracts-'))
    try {
      for (const release of ['8.4', '9.2'] as const)
        writeFileSync(path.join(out, `pve-${release}.json`), contractText(release))
      execFileSync(process.execPath, ['--import', 'tsx', path.join(root, 'scripts/contract-data.mjs'), out, out])
      for (const name of ['keys.ts', 'calls.ts', 'rights.ts']) {
        const committed = readFileSync(path.join(root, 'src/kit/values/data', name), 'utf8')
        expect(readFileSync(path.join(out, name), 'utf8') === committed, `${name} is not up to date`).to.equal(true)
      }
    } finally {
      rmSync(out, {recursive: true})
    }
  })

  it('hold no pattern that JavaScript cannot read', () => {
    const {schemas, formats} = JSON.parse(callsJson) as {
      schemas: Schema[]
      formats: Record<string, Record<string, Record<string, Schema>>>
    }
    let patterns = 0
    const visit = (schema: Schema): void => {
      if (schema.pattern !== undefined) {
        patterns++
        expect(() => new RegExp(schema.pattern!, schema.patternFlags), schema.pattern).not.to.throw()
        expect(schema.pattern).not.to.match(/\{,\d/)
      }
      if (typeof schema.format === 'object') Object.values(schema.format).forEach(visit)
      if (schema.items) visit(schema.items)
      schema.oneOf?.forEach(visit)
    }
    schemas.forEach(visit)
    for (const version of Object.values(formats))
      for (const format of Object.values(version)) Object.values(format).forEach(visit)
    expect(patterns).to.be.greaterThan(100)
  })
})

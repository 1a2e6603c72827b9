import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {expect} from 'chai'
import {checkout} from '../../support/pmpc.js'

/** What asks the machine, the clock or chance, and what waits for an answer. */
const impure =
  /\bfrom 'node:|\bprocess\.(?!getBuiltinModule)|\bDate\b|\bperformance\.|Math\.random|\bawait\b|\basync\b|\bfetch\(|\bset(?:Timeout|Immediate|Interval)\b/

/** What computes steps and checks; the files beside are about saved plans. */
const computing = /^(?!saved).*\.ts$/

describe('what computes the steps of a plan', () => {
  const folder = path.join(checkout, 'src/kit/plan')
  for (const file of readdirSync(folder, {recursive: true, encoding: 'utf8'}).filter((name) => computing.test(name)))
    it(`${file} knows no clock, no chance and no machine`, () => {
      const code = readFileSync(path.join(folder, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      expect(impure.exec(code)?.[0]).to.equal(undefined)
    })
})

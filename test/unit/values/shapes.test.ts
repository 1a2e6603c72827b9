import {expect} from 'chai'
import fc from 'fast-check'
import {kinds, type KindName, type Shape, type Shapes} from '../../../src/kit/resources/kinds/index.js'
import {decode, encode, equivalent, fromManifest, sameValue, toManifest} from '../../../src/kit/values/index.js'
import {keyAt, knownIn} from '../../../src/kit/values/keys.js'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
const scalar = fc.oneof(
  word,
  fc.integer({min: 0, max: 5000}),
  fc.boolean(),
  fc.constantFrom('012', '1e3', 'a=b', ' x ', 'yes'),
)
const name = fc.oneof(
  word,
  fc.constantFrom('10.0.0.0/8', '2001:db8::/64', 'alice@pve', '__proto__', 'constructor', '*', '1'),
)

/** What PVE may answer for a value of this shape. */
function answers(kind: KindName, shape: Shape | undefined, path: readonly string[]): fc.Arbitrary<unknown> {
  if (shape === undefined || shape === 'scalar') return scalar
  if (shape === 'text') return fc.tuple(fc.string(), fc.constantFrom('', '\n', ' \n')).map((parts) => parts.join(''))
  if (shape === 'list') return fc.array(fc.oneof(word, fc.constantFrom('/var/a b', 'x,y')))
  if (shape === 'set') {
    const elements = fc.array(fc.oneof(word, fc.integer({min: 100, max: 120})))
    return fc.oneof(
      elements,
      fc.tuple(elements, fc.constantFrom(',', ';', ' ', '\0')).map(([all, separator]) => all.join(separator)),
    )
  }
  return 'map' in shape ? maps(kind, shape.map, path) : fc.array(maps(kind, shape.rows, path), {maxLength: 3})
}

function maps(kind: KindName, shapes: Shapes, path: readonly string[]): fc.Arbitrary<Record<string, unknown>> {
  const {'*': any, ...named} = shapes
  const told = any === undefined ? (knownIn(keyAt(kind, path)) ?? []).map((key) => key.replace('[n]', '0')) : []
  const fixed = Object.fromEntries([
    ...told.slice(0, 12).map((key): [string, fc.Arbitrary<unknown>] => [key, scalar]),
    ...Object.entries(named).map(([key, shape]): [string, fc.Arbitrary<unknown>] => [
      key,
      answers(kind, shape, [...path, key]),
    ]),
  ])
  const given = fc.dictionary(name, answers(kind, any, [...path, 'any-name']), {maxKeys: 3})
  return fc.tuple(given, fc.record(fixed, {requiredKeys: []})).map(([a, b]) => {
    const all = Object.entries({...a, ...b}).filter(([key]) => Object.hasOwn(b, key) || !Object.hasOwn(fixed, key))
    return Object.fromEntries(all)
  })
}

describe('values: by the shapes of the rows', () => {
  for (const row of kinds) {
    it(`are canonical, and the same after a manifest: ${row.name}`, () => {
      fc.assert(
        fc.property(maps(row.name, row.shapes ?? {}, []), (config) => {
          for (const [key, raw] of Object.entries(config)) {
            const value = decode(row.name, key, raw)
            const told = `${key} ${JSON.stringify(raw)}: ${JSON.stringify(value)}`
            expect(decode(row.name, key, value), told).to.deep.equal(value)
            expect(fromManifest(row.name, key, toManifest(row.name, key, value)).value, told).to.deep.equal(value)
            expect(sameValue(row.name, key, value, decode(row.name, key, structuredClone(raw)))).to.equal(true)
            expect(equivalent(row.name, key, value, structuredClone(value))).to.equal(true)
          }
        }),
        {numRuns: 60},
      )
    })

    it(`never fail and are the same after a manifest, whatever comes: ${row.name}`, () => {
      const keys = [...Object.keys(row.shapes ?? {}).filter((key) => key !== '*'), 'later']
      fc.assert(
        fc.property(fc.constantFrom(...keys), fc.jsonValue({maxDepth: 6}), (key, raw) => {
          fc.pre(raw !== null)
          const value = decode(row.name, key, raw)
          const told = `${key} ${JSON.stringify(raw)}: ${JSON.stringify(value)}`
          expect(decode(row.name, key, value), told).to.deep.equal(value)
          expect(fromManifest(row.name, key, toManifest(row.name, key, value)).value, told).to.deep.equal(value)
          expect(encode(row.name, key, value)).to.be.a('string')
        }),
        {numRuns: 100},
      )
    })
  }
})

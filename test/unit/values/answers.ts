import fc from 'fast-check'
import {kindOf, type KindName, type Shape, type Shapes} from '../../../src/kit/resources/kinds/index.js'
import {below, keyAt, knownIn, type Key} from '../../../src/kit/values/keys.js'

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
/** Scalars of which no contract says anything. */
const scalar = fc.oneof(
  word,
  fc.integer({min: 0, max: 5000}),
  fc.boolean(),
  fc.constantFrom('012', '1e3', 'a=b', ' x ', 'yes', ''),
)
/** Names that people give. */
const name = fc.oneof(
  word,
  fc.constantFrom('10.0.0.0/8', '2001:db8::/64', 'alice@pve', '__proto__', 'constructor', '*', '1', 'token', 'x y'),
)

/** What PVE may answer for the configuration of an object, by the shapes of its kind and by what the contracts say. */
export function configs(kind: KindName): fc.Arbitrary<Record<string, unknown>> {
  return maps(kindOf(kind).shapes ?? {}, keyAt(kind, []))
}

function maps(shapes: Shapes, key: Key): fc.Arbitrary<Record<string, unknown>> {
  const {'*': others, ...named} = shapes
  const told = others === undefined ? (knownIn(key) ?? []).map((one) => one.replace('[n]', '0')) : []
  const fixed = Object.fromEntries(
    [...new Set([...told, ...Object.keys(named)])].map((one) => [one, values(named[one], below(key, one))]),
  )
  const given = fc.dictionary(name, values(others, below(key, 'any name')), {maxKeys: 3})
  return fc.tuple(given, fc.record(fixed, {requiredKeys: []})).map(([others, some]) => {
    const all = [...Object.entries(others).filter(([one]) => !Object.hasOwn(fixed, one)), ...Object.entries(some)]
    return Object.fromEntries(all)
  })
}

function values(shape: Shape | undefined, key: Key): fc.Arbitrary<unknown> {
  if (key.secret) return fc.constantFrom('**********', 'hunter2222')
  if (shape === undefined || shape === 'scalar') return key.known ? typed(key) : scalar
  if (shape === 'text') return fc.tuple(fc.string(), fc.constantFrom('', '\n', ' \n')).map((parts) => parts.join(''))
  if (shape === 'list') return fc.array(fc.oneof(word, fc.constantFrom('/var/a b', 'x,y')))
  if (typeof shape === 'object')
    return 'map' in shape ? maps(shape.map, key) : fc.array(maps(shape.rows, key), {maxLength: 3})
  const elements = fc.array(fc.oneof(word, fc.integer({min: 100, max: 120})))
  const texts = fc.tuple(elements, fc.constantFrom(',', ';', ' ', '\0')).map(([all, between]) => all.join(between))
  return fc.oneof(elements, texts)
}

function typed({schema, format}: Key): fc.Arbitrary<unknown> {
  if (format)
    return fc.dictionary(word, word, {minKeys: 1, maxKeys: 3}).map((map) =>
      Object.entries(map)
        .map((one) => one.join('='))
        .join(','),
    )
  if (schema.type === 'boolean') return fc.constantFrom(0, 1, true, 'yes', '0')
  if (schema.type === 'integer' || schema.type === 'number') {
    const min = Math.ceil(schema.minimum ?? 0)
    return fc.integer({min, max: Math.floor(schema.maximum ?? min + 5000)})
  }
  return schema.enum ? fc.constantFrom(...schema.enum) : fc.oneof(word, fc.integer({min: 0, max: 9}))
}

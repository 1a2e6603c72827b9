import fc from 'fast-check'
import {kinds, type KindName} from '../../../src/kit/resources/kinds/index.js'
import type {ClusterState, Observed} from '../../../src/kit/resources/model.js'
import {identity} from '../../../src/kit/state/index.js'

/** Any string at all: lone surrogates, NULs, control characters, empty, and now and then a long one. */
export const anyText = fc.oneof(
  fc.string({unit: 'grapheme'}),
  fc.string({unit: 'binary'}),
  fc.array(fc.integer({min: 0, max: 0xffff}), {maxLength: 8}).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '',
    '\0',
    'a\0b',
    '\ud800',
    'null',
    '1',
    ' x ',
    '\u2028',
    '\uFEFF',
    '\uFEFFa',
  ),
  fc.string({minLength: 1, maxLength: 3}).map((text) => text.repeat(3000)),
)

const anyNumber = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({noNaN: true, noDefaultInfinity: true}).map((number) => (Object.is(number, -0) ? 0 : number)),
)

const scalar = fc.oneof(anyText, anyNumber)
const record = <T>(value: fc.Arbitrary<T>) => fc.dictionary(anyText, value, {maxKeys: 5, noNullPrototype: true})
const value = fc.oneof(
  scalar,
  record(scalar),
  fc.array(scalar, {maxLength: 4}),
  fc.array(fc.array(scalar, {maxLength: 3}), {maxLength: 3}),
  fc.array(record(fc.oneof(scalar, record(scalar))), {maxLength: 3}),
  record(record(fc.oneof(scalar, fc.array(scalar, {maxLength: 3})))),
)
const json = fc
  .jsonValue({maxDepth: 3, noUnicodeString: false})
  .map((given) => JSON.parse(JSON.stringify(given)) as unknown)
const facts = fc.tuple(
  record(scalar),
  fc.record(
    {node: scalar, pool: scalar, status: scalar, maxcpu: scalar, facts: scalar, config: scalar},
    {requiredKeys: [], noNullPrototype: true},
  ),
)

const name = fc
  .string({unit: 'grapheme', minLength: 1, maxLength: 12})
  .filter((text) => !/^\uFEFF|[\0\p{Surrogate}]/u.test(text))
const snapshot = fc.record(
  {name, parent: anyText, description: anyText, snaptime: anyNumber, vmstate: anyNumber},
  {requiredKeys: ['name'], noNullPrototype: true},
)

const common = {config: record(value), facts: facts.map(([any, known]) => ({...any, ...known})), extra: record(json)}
const guest = fc.record(
  {
    kind: fc.constantFrom('vm' as const, 'container' as const),
    id: fc.integer({min: 1, max: 999_999_999}),
    ...common,
    running: record(fc.oneof(value, fc.constant(null))),
    snapshots: fc.uniqueArray(snapshot, {selector: (each) => each.name, maxLength: 4}),
  },
  {requiredKeys: ['kind', 'id', 'config', 'facts'], noNullPrototype: true},
)
const ofSort = (sort: string, own: boolean): fc.Arbitrary<KindName> =>
  fc.constantFrom(
    ...kinds.filter(({id, table, guest}) => id === sort && !guest && Boolean(table) === own).map((kind) => kind.name),
  )
const runs = {running: record(fc.oneof(value, fc.constant(null)))}
const some = (shape: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(shape, {requiredKeys: ['kind', 'id', 'config', 'facts'], noNullPrototype: true})
const named = some({kind: ofSort('name', true), id: name, ...common})
/** Kinds that share a table: of these some count, some have a name, and some are there once. */
const shared = fc.oneof(
  some({kind: ofSort('name', false), id: fc.oneof(name, fc.constantFrom('100', 'guest/100')), ...common, ...runs}),
  some({kind: ofSort('vmid', false), id: fc.integer({min: 1, max: 999_999_999}), ...common, ...runs}),
  ofSort('single', false).chain((kind) => some({kind: fc.constant(kind), id: fc.constant(kind), ...common})),
)

/** Any object that the model can express. */
export const observed = fc.oneof(guest, named, shared) as fc.Arbitrary<Observed>

/** Any state in which no identity is impossible. */
export const clusterState: fc.Arbitrary<ClusterState> = fc.record({
  cluster: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  objects: fc.uniqueArray(observed, {selector: identity, maxLength: 12}),
})

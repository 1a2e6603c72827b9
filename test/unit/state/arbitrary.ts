import fc from 'fast-check'
import type {ClusterState, Observed} from '../../../src/kit/resources/model.js'

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
const named = fc.record(
  {kind: fc.constantFrom('node' as const, 'storage' as const, 'pool' as const), id: name, ...common},
  {requiredKeys: ['kind', 'id', 'config', 'facts'], noNullPrototype: true},
)

/** Any object that the model can express. */
export const observed = fc.oneof(guest, named) as fc.Arbitrary<Observed>

/** Any state in which no identity is impossible. */
export const clusterState: fc.Arbitrary<ClusterState> = fc.record({
  cluster: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
  objects: fc.uniqueArray(observed, {
    selector: ({kind, id}) => (typeof id === 'number' ? id : `${kind}/${id}`),
    maxLength: 12,
  }),
})

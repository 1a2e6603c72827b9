import fc from 'fast-check'
import {kinds, type Shape, type Shapes} from '../../../src/kit/resources/kinds/index.js'
import {parseId} from '../../../src/kit/resources/index.js'
import type {Config, Declared, KindName, Value} from '../../../src/kit/resources/index.js'
import {anyText} from './support.js'

/** Names that people and PVE give, which are no plain words of YAML or of JavaScript. */
const names = [
  ...['/', '/vms', '/storage/local', '@admins', '@a b', 'alice@pve', 'user@pam!tok', 'a', 'b', 'web', '10', '9', '007'],
  ...[
    '192.0.2.0/24',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::1',
    'on',
    'null',
    '~',
    '1e3',
    '1:20',
    '__proto__',
    'constructor',
  ],
  ...[
    '-',
    '? a',
    'a: b',
    'a #b',
    '#',
    '{',
    '[x]',
    "it's",
    'a,b',
    '<<',
    '=',
    '%',
    '!x',
    '&x',
    '*x',
    '|',
    'config',
    'type',
  ],
]
const keys = ['comment', 'cidr', 'enable', 'dport', 'type', 'gateway', 'privsep', 'zz']

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(0, 1, 22, 8080, 'in', 'ACCEPT', '192.0.2.0/24', 'it is', '"', '+net', '0000:01:00.0'),
  anyText.filter((text) => text !== ''),
)

/** Values that need no quotes anywhere, whatever a contract makes of them. */
export const plain: fc.Arbitrary<Value> = fc.constantFrom<Value>('in', 'ACCEPT', '192.0.2.0/24', 'it is')

/** Any value of a shape, as canonical as can be told without the kind. */
function anyOfShape(shape: Shape | undefined, scalars: fc.Arbitrary<Value>): fc.Arbitrary<Value> {
  if (shape === undefined || shape === 'scalar') return scalars
  if (shape === 'text' && scalars === plain) return fc.constantFrom('in', 'it is')
  if (shape === 'text')
    return fc
      .oneof(anyText, fc.constantFrom('a\nb', 'a\n\n b # c', 'one line'))
      .filter((text) => text.trim() === text && text !== '')
  if (shape === 'set')
    return fc
      .uniqueArray(fc.constantFrom('a', 'b', 'no', 'PVEAdmin:propagate=0', 'pve-1', '-pcid', 'z'), {
        minLength: 1,
        maxLength: 5,
      })
      .map((set) => set.sort())
  if (shape === 'list') return fc.array(fc.constantFrom('/tmp/*', '/var', 'a b'), {minLength: 1, maxLength: 4})
  if ('rows' in shape) return fc.array(anyMap(shape.rows, 1, scalars), {minLength: 1, maxLength: 5})
  return anyMap(shape.map, 0, scalars)
}

function anyMap(shapes: Shapes, least: number, scalars: fc.Arbitrary<Value>): fc.Arbitrary<Config> {
  const named = Object.keys(shapes).filter((key) => key !== '*')
  const key = Object.hasOwn(shapes, '*') ? fc.constantFrom(...names, ...named) : fc.constantFrom(...keys, ...named)
  return fc
    .uniqueArray(key, {minLength: least, maxLength: 5})
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((one) => anyOfShape(own(shapes, one), scalars).map((value): [string, Value] => [one, value])),
      ),
    )
    .map((pairs) => Object.fromEntries(pairs))
}

function own(shapes: Shapes, key: string): Shape | undefined {
  return Object.hasOwn(shapes, key) ? shapes[key] : shapes['*']
}

/** The kinds whose values nest. */
export const shapedKinds: readonly KindName[] = kinds
  .filter(({declared, shapes}) => declared && Object.values(shapes ?? {}).some((shape) => typeof shape === 'object'))
  .map(({name}) => name)

/** Names that can be ids of a kind. */
export function namesOf(kind: KindName): string[] {
  return ['a', 'guest/100', '100-0', 'alice@pve'].filter((name) => parseId(kind, name) !== undefined)
}

/** An object of a kind, with values of all its shapes. @param scalars what is a scalar in them */
export function anyShaped(kind: KindName, scalars = scalar): fc.Arbitrary<Declared> {
  const {id, shapes} = kinds.find(({name}) => name === kind)!
  const ids = id === 'vmid' ? fc.constant(100) : id === 'single' ? fc.constant(kind) : fc.constantFrom(...namesOf(kind))
  return fc.record({kind: fc.constant(kind), id: ids, config: anyMap(shapes ?? {}, 1, scalars)})
}

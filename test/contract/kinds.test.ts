import {expect} from 'chai'
import {kinds, type Shape, type Shapes} from '../../src/kit/resources/index.js'
import {wholeKindOf, type Calls, type WholeKind} from '../../src/kit/resources/kinds/travels.js'
import {callsIn, keysIn, keySourcesOf, ofTheCall, type Contract, type KeySource} from '../../scripts/kind-calls.js'
import {contractText} from '../support/reference.js'

interface Schema {
  readonly type?: string
  readonly optional?: boolean
}

const versions = ['8.4', '9.2'] as const
const contracts = Object.fromEntries(
  versions.map((version) => [version, JSON.parse(contractText(version)) as Contract]),
) as Record<(typeof versions)[number], Contract>

/** All calls that a row names, to read and to change. */
function callsOf(kind: WholeKind): string[] {
  const {list, item, parts = [], joins = [], pending, mentioned, scopes = [], change} = kind
  const paths = [
    list?.path,
    list?.over?.path,
    item,
    mentioned?.path,
    pending && 'path' in pending ? pending.path : undefined,
    ...parts.flatMap(({path, members}) => [path, members?.path]),
    ...joins.map(({path}) => path),
  ]
  const probes = scopes.flatMap(({probe, base}) => (probe ? [probe.path.replace('{base}', base!)] : []))
  const changes = [change, ...Object.values(change.parts ?? {})] as Calls[]
  return [
    ...[...paths, ...probes].flatMap((path) => (path === undefined ? [] : [`GET ${path}`])),
    ...changes.flatMap(({create, update, remove}) => [create, update, remove]),
    change.commit,
  ].filter((call) => call !== undefined)
}

/** A version that the row says has such a kind. */
function hasKind({since, until}: WholeKind, version: (typeof versions)[number]): boolean {
  const number = Number(version)
  return (since === undefined || number >= Number(since)) && (until === undefined || number < Number(until))
}

/** The names of a call's parameters, or of the keys of its answer, that are the object's; of all versions. */
function keysOf(kind: WholeKind, source: KeySource, call: string): Set<string> {
  const names = versions.flatMap((version) =>
    callsIn(contracts[version], kind, call).flatMap((one) =>
      Object.keys(keysIn(contracts[version], one, source.table)),
    ),
  )
  return new Set(names.filter((name) => !name.startsWith('{') && !ofTheCall.has(name)))
}

/** Whether the shapes of a row have a key by its name. */
function isShaped({shapes}: WholeKind, {table}: KeySource, key: string): boolean {
  const below = (shape: Shape | undefined) =>
    typeof shape === 'object' ? ('map' in shape ? shape.map : shape.rows) : {}
  const through = (given: Shapes) => below(given['*'] ?? {map: given})
  const place = table
    .split('.')
    .slice(1)
    .reduce((at, part) => through(below(at[part])), through(shapes ?? {}))
  return Object.hasOwn(place, key)
}

/** Keys that the contracts call optional in a change, and without which the simulator refuses it (of USB devices the contract says so, too). */
const demanded: Record<string, string[]> = {'pci-mapping': ['map'], 'dir-mapping': ['map']}

/** Calls whose `delete` is there in 9.2 only, and for the comment alone. */
const withoutDelete = ['user.tokens']

describe('the rows of the kinds, held against the contracts', () => {
  for (const kind of kinds.map(({name}) => wholeKindOf(name))) {
    it(`${kind.name}: each path and verb is there in the versions that have it`, () => {
      expect(versions.some((version) => hasKind(kind, version))).to.equal(true)
      for (const call of callsOf(kind))
        for (const version of versions) {
          const found = callsIn(contracts[version], kind, call)
          if (hasKind(kind, version)) expect(found, `${call} in ${version}`).to.not.deep.equal([])
          else if (kind.since !== undefined && call !== kind.change.commit)
            expect(found, `${call} in ${version}`).to.deep.equal([])
        }
    })

    for (const source of keySourcesOf(kind)) {
      it(`${source.table}: each key that is told is set as well, or the row names it`, () => {
        // What of guests is told and not set has tests of its own (values, fetch).
        if (kind.guest) return
        const settable = new Set(source.set.flatMap((call) => [...keysOf(kind, source, call)]))
        const told = new Set(source.get.flatMap((call) => [...keysOf(kind, source, call)]))
        const unnamed = [...told].filter(
          (key) =>
            !settable.has(key) &&
            !source.identity.has(key) &&
            !source.leftOut.has(key) &&
            !Object.hasOwn(source.renamed, key) &&
            !Object.hasOwn(kind.secret ?? {}, key) &&
            !isShaped(kind, source, key),
        )
        expect(unnamed).to.deep.equal([])
      })
    }

    it(`${kind.name}: changes travel as the contract has it`, () => {
      const {change, idKey, fixed} = {...kind, fixed: kind.change.fixed ?? {}}
      const all: [string, Calls, KeySource][] = [
        [kind.name, change, keySourcesOf(kind)[0]!],
        ...Object.entries(change.parts ?? {}).map(([name, calls]): [string, Calls, KeySource] => [
          `${kind.name}.${name}`,
          calls,
          keySourcesOf(kind).find(({table}) => table === `${kind.name}.${name}`) ?? keySourcesOf(kind)[0]!,
        ]),
      ]
      for (const [name, calls, source] of all) {
        if (kind.guest || calls.update === undefined) continue
        const given = (call: string | undefined): Record<string, Schema> => {
          const of =
            call === undefined
              ? []
              : versions.flatMap((version) =>
                  callsIn(contracts[version], kind, call).map((one) => keysIn(contracts[version], one, source.table)),
                )
          return Object.assign({}, ...of) as Record<string, Schema>
        }
        const [create, update, remove] = [given(calls.create), given(calls.update), given(calls.remove)]
        const isOwn = (key: string) =>
          !ofTheCall.has(key) &&
          key !== idKey &&
          !source.identity.has(key) &&
          !source.leftOut.has(key) &&
          !(key in fixed) &&
          !(key in (calls.fixed ?? {}))
        if (calls.create !== undefined && calls.create !== calls.update)
          expect(
            Object.keys(create)
              .filter((key) => isOwn(key) && !(key in update))
              .sort(),
            `${name}: only its creation takes`,
          ).to.have.members((calls.createOnly ?? []).filter((key) => key !== kind.list?.over?.key))
        expect('digest' in update, `${name}: its change takes a digest`).to.equal(
          calls.digest?.includes('update') ?? false,
        )
        expect('digest' in remove, `${name}: its removal takes a digest`).to.equal(
          calls.digest?.includes('remove') ?? false,
        )
        // In two calls `delete` says that what is named is to be taken out, and names no key.
        const byName = update.delete !== undefined && update.delete.type !== 'boolean' && !withoutDelete.includes(name)
        expect(byName, `${name}: a key is taken out by its name`).to.equal(calls.unset === 'delete')
        if (calls.resend?.[0] === '*' || calls.valueParameter !== undefined) continue
        const isGiven = (key: string) => ofTheCall.has(key) || key === idKey || source.identity.has(key)
        const required = Object.entries(update).flatMap(([key, {optional}]) => (optional || isGiven(key) ? [] : [key]))
        const wanted = [...new Set([...required, ...(demanded[name] ?? [])])]
        expect([...(calls.resend ?? [])], `${name}: has to be sent again`).to.have.members(wanted)
      }
    })

    it(`${kind.name}: secrets are keys of it`, () => {
      const known = new Set(
        keySourcesOf(kind).flatMap((source) =>
          [...source.set, ...source.get].flatMap((call) => [...keysOf(kind, source, call)]),
        ),
      )
      for (const path of Object.keys(kind.secret ?? {})) expect(known, path).to.include(path.split('.').at(-1))
    })
  }
})

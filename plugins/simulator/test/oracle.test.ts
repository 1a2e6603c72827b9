import {expect} from 'chai'
import {readLines, referencePath} from '../../../test/support/reference.js'
import type {FormatContext} from '../src/contract/formats.js'
import {checkFormat, checkObject, type Errors, type Params} from '../src/contract/schema.js'
import {loadContract, type Contract, type Release} from '../src/contract/contract.js'
import {formatSize, parseBoolean, parseSize, splitList} from '../src/contract/scalars.js'
import {startSimulator, type Simulator} from '../src/index.js'
import {printParts, readParts} from '../src/guests/drives.js'
import {configText} from '../src/state/digest.js'
import type {Config, Guest, GuestType} from '../src/state/model.js'

interface Case {
  op: string
  input: string
  key: string
  format: string
  guest: 'qemu' | 'lxc'
  alloc?: number
  param: Params
  schema_ref: string
  out: never
  'out8.4'?: never
  'out9.2'?: never
}

interface Expected {
  ok?: boolean
  error?: {errors?: Errors; msg: string}
  canonical?: string
  parsed?: Record<string, string | number>
  bytes?: number | null
  formatted?: string | null
  [key: string]: unknown
}

const releases: Release[] = ['8.4', '9.2']

/** What PVE's own code made of a case in a release. */
const expectedOf = (one: Case, release: Release): Expected => one[`out${release}`] ?? one.out

/** Every difference as one line, so that a failure shows them all. */
function compare(cases: Case[], release: Release, answer: (one: Case) => unknown, wanted: (one: Case) => unknown) {
  const differences = cases.flatMap((one) => {
    const [got, expected] = [answer(one), wanted(one)].map((value) => JSON.stringify(value))
    return got === expected
      ? []
      : [
          `${release} ${one.key ?? one.schema_ref ?? one.op} ${JSON.stringify(one.input ?? one.param)}: expected ${expected}, got ${got}`,
        ]
  })
  expect(differences, differences.join('\n')).to.have.length(0)
}

/** Whether a file's keys are ones that the state holds. */
const isStored = (release: Release, {op, input}: Case): boolean =>
  // 8.4 knows no such key of containers, and keeps it as it stands.
  !(release === '8.4' && op === 'lxcconf' && input.startsWith('env:')) &&
  // Done by the calls that change a machine, so that its state holds neither.
  !(op === 'qemuconf' && /^smp:|^unused0: (\S+)\nscsi0: \1,/.test(input))

/** A guest's file as PVE's code parsed it. */
interface Parsed extends Config {
  pending: never
  snapshots: never
  'special-sections': never
  lxc: never
}

function guestOf(type: GuestType, parsed: Parsed): Guest {
  const {
    digest: _,
    pending,
    snapshots,
    lock,
    parent,
    lxc,
    'special-sections': special,
    ...config
  } = parsed as Parsed & Record<'digest' | 'lock' | 'parent', string>
  const {delete: removed, ...waiting} = (pending ?? {}) as Config
  const words = removed === undefined ? [] : splitList(String(removed))
  return {
    vmid: 100,
    type,
    node: 'pve1',
    config,
    pending: waiting,
    pendingDelete: Object.fromEntries(words.map((word) => [word.replace(/^!/, ''), word.startsWith('!') ? 2 : 1])),
    snapshots: Object.fromEntries(
      Object.entries((snapshots ?? {}) as Record<string, Config>).map(([name, one]) => {
        const {snaptime, parent: before, vmstate, description, ...kept} = one
        const rest = {...(before && {parent: String(before)}), ...(vmstate && {vmstate: String(vmstate)})}
        const about = description === undefined ? {} : {description: String(description)}
        return [name, {config: kept, snaptime: Number(snaptime), ...rest, ...about}]
      }),
    ),
    ...(lock !== undefined && {lock}),
    ...(parent !== undefined && {parent}),
    ...(lxc !== undefined && {lxc: lxc as [string, string][]}),
    ...((special as {cloudinit?: Config} | undefined)?.cloudinit && {
      cloudinit: (special as {cloudinit: Config}).cloudinit,
    }),
    running: false,
    startTime: 0,
    pid: 0,
  }
}

const sorted = (errors: Errors): [string, string][] => Object.entries(errors).sort(([a], [b]) => (a < b ? -1 : 1))

describe('oracle: what the official code makes of values', () => {
  const read = (file: string): Case[] => readLines<Case>(referencePath('oracle', file))

  for (const release of releases) {
    describe(release, () => {
      let contract: Contract
      let simulator: Simulator
      before(async () => {
        contract = await loadContract(release)
        simulator = await startSimulator({pve: release})
      })
      after(() => simulator.stop())

      const context = (): FormatContext => simulator.simulation.context

      it('parameters of requests', () => {
        const errorsOf = ({param, schema_ref}: Case): unknown => {
          const [verb, path] = schema_ref.split(' ') as [string, string]
          const errors: Errors = {}
          checkObject(structuredClone(param), contract.paths[path]![verb]!.parameters, '', errors, context())
          return sorted(errors)
        }
        const cases = read('validation.json')
        compare(cases, release, errorsOf, (one) => sorted(expectedOf(one, release).error?.errors ?? {}))
      })

      it('drives, NICs, mount points and other property strings: canonical print', () => {
        const types: Record<string, 'qemu' | 'lxc'> = {drive: 'qemu', net: 'qemu', lxcnet: 'lxc', ctvol: 'lxc'}
        const print = ({op, key, guest, input}: Case): string => {
          const type = types[op] ?? guest
          const name = key ?? 'net0'
          const parts = readParts(simulator.simulation, type, name, input)
          if (!parts) return 'refused'
          if (parts.size !== undefined) parts.size = formatSize(parseSize(String(parts.size))!)
          if (op === 'lxcnet') parts.type ??= 'veth'
          return printParts(simulator.simulation, type, name, parts)
        }
        const cases = read('property-strings.json').filter(({alloc}) => alloc === undefined)
        compare(cases, release, print, (one) => expectedOf(one, release).canonical ?? 'refused')
      })

      it('files of guests: the text of a configuration', () => {
        const types: Record<string, GuestType> = {qemuconf: 'qemu', lxcconf: 'lxc'}
        const cases = read('config-files.json').filter((one) => types[one.op] !== undefined && isStored(release, one))
        compare(
          cases,
          release,
          (one) => configText(guestOf(types[one.op]!, expectedOf(one, release).parsed as Parsed)),
          (one) => expectedOf(one, release).written,
        )
      })

      it('sizes, booleans and lists', () => {
        const cases = read('scalars.json')
        const size = cases.filter(({op}) => op === 'size')
        compare(
          size,
          release,
          ({input}) => parseSize(input, release) ?? null,
          (one) => expectedOf(one, release).bytes ?? null,
        )
        compare(
          size.filter((one) => expectedOf(one, release).bytes !== undefined && expectedOf(one, release).bytes !== null),
          release,
          ({input}) => formatSize(parseSize(input, release)!),
          (one) => expectedOf(one, release).formatted,
        )
        compare(
          cases.filter(({op}) => op === 'bool'),
          release,
          ({input}) => parseBoolean(input) ?? null,
          (one) => expectedOf(one, release).value ?? null,
        )
        compare(
          cases.filter(({op}) => op === 'split'),
          release,
          ({input}) => splitList(input),
          (one) => expectedOf(one, release).list,
        )
      })

      it('descriptions', () => {
        const cases = read('scalars.json')
        const described = (input: string): Guest => guestOf('qemu', {description: input} as unknown as Parsed)
        compare(
          cases.filter(({op, input}) => op === 'encode' && !input.includes('\n')),
          release,
          ({input}) => configText(described(input)),
          (one) => `#${String(expectedOf(one, release).encoded)}\n`,
        )
      })

      it('simple formats', () => {
        const cases = read('scalars.json').filter(({op}) => op === 'format')
        compare(
          cases,
          release,
          ({format, input}) => checkFormat(format, input, '', context()) ?? null,
          (one) => expectedOf(one, release).error?.msg ?? null,
        )
      })
    })
  }
})

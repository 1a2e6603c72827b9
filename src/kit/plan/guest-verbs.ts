// What is done to a guest once: `pmpc reboot`, `pmpc snapshot`, …
import {shellWord} from '../files/inside.js'
import {kindOf, own, type Observed, type Scalar} from '../resources/index.js'
import {verbOf, type VerbNeed, type VerbRow} from '../resources/travels/index.js'
import {guestPath, guestsPath, requestOf} from './guest-requests.js'
import {observedOf, started, stopped, withFacts, worldOf, type GuestWorld} from './guest-world.js'
import type {Effect, Refusal, Step, Verb, Wanted} from './model.js'
import {backedUp, slotsOf, volumeIn} from './volume-names.js'

/** The step of what is asked for once; or why it cannot be; undefined: nothing is. */
export function verbStep(is: Observed | null, {asked}: Wanted): Step | {refused: Refusal} | undefined {
  const verb = asked?.verb
  if (!verb || !is) return undefined
  const row = verbOf(verb.name)
  const world = worldOf(is)
  const refused = refusalOf(world, verb)
  if (refused) return {refused}
  const place = {...world, node: String(is.facts.node)}
  const path = row.path.map((part) => (part === '{snapname}' ? snapshotOf(verb) : part))
  const base = {guest: guestPath(place), node: `/nodes/${place.node}`, guests: guestsPath(place)}[row.of]
  const parameters = parametersOf(row, world, verb)
  const after = {restarted: () => started(stopped(world)), off: () => stopped(world), on: () => on(world)}
  return {
    request: requestOf(row.method, [base, ...path].join('/'), {
      ...parameters,
      ...(row.of !== 'guest' && {vmid: is.id}),
    }),
    effects: [effectOf(verb, world)],
    task: true,
    once: true,
    after: row.leaves === undefined ? is : observedOf(after[row.leaves]()),
  }
}

/** What is given, under the names of the call: what stands in the path is none, and an archive has one of each kind. */
function parametersOf(row: VerbRow, world: GuestWorld, {given}: Verb): Verb['given'] {
  const {parameter, besides} = world.travel.calls.archive
  const {archive, ...rest} = given
  const all =
    archive === undefined ? given : {...rootStorage(world), ...rest, [parameter]: archive, ...besides, force: 1}
  const inPath = row.path.includes('{snapname}')
  return Object.fromEntries(Object.entries(all).filter(([name]) => !inPath || name !== 'snapname'))
}

/** Where nothing is said of it, PVE puts what cannot be left out on `local` (pve-container, PVE/API2/LXC.pm (create_vm)). */
function rootStorage({travel, next}: GuestWorld): {storage?: string} {
  const key = slotsOf(travel, next).find((slot) => travel.volumes.fixed?.test(slot))
  const volume = key === undefined ? undefined : volumeIn(travel, next[key])
  return volume && volume.is !== 'other' ? {storage: volume.storage} : {}
}

const snapshotOf = ({given}: Verb): string => encodeURIComponent(String(given.snapname))

/** What was hibernated is started, and its lock goes. */
function on(world: GuestWorld): GuestWorld {
  return withFacts(world.runs ? world : started(world), {lock: undefined})
}

function effectOf({name, given}: Verb, {runs}: GuestWorld): Effect {
  const {consequence, irreversible, note, graver} = verbOf(name)
  const isGraver = runs && graver !== undefined && own(given, graver.parameter) === graver.value
  return {
    consequence: isGraver ? graver.consequence : consequence,
    ...(irreversible && {irreversible}),
    ...(note !== undefined && {note}),
  }
}

/** Whether what is there tells that it was done; undefined: nothing there would. */
export function isVerbMet(is: Observed | null, {name, given}: Verb): boolean | undefined {
  const {trace, leaves} = verbOf(name)
  if (trace === undefined) return undefined
  if (trace === 'power') return (is?.facts.status === 'running') === (leaves === 'on')
  return hasSnapshot(is, given.snapname) === (trace === 'snapshot')
}

const hasSnapshot = (is: Observed | null, wanted: Scalar | undefined): boolean =>
  (is?.snapshots ?? []).some(({name}) => name === wanted)

function refusalOf(world: GuestWorld, {name: verb, given}: Verb): Refusal | undefined {
  const {needs: all, ofVms = {}} = verbOf(verb)
  const {guest: sort, name} = kindOf(world.kind)
  const guest = `${name}/${world.id}`
  const lacking = sort === 'qemu' ? undefined : Object.keys(given).find((key) => own(ofVms, key))
  if (lacking !== undefined) {
    const {flag, instead} = ofVms[lacking]!
    const typed = instead.replace(/\{(\w+)\}/g, (_, key: string) => String({guest, ...given}[key]))
    return {code: 'PMPC_PLAN_STATE', message: `${guest}: ${flag} is for VMs only`, suggestions: [typed]}
  }
  for (const need of all) {
    const lack = needs[need](world, {name: verb, given})
    if (lack) return {code: 'PMPC_PLAN_STATE', message: `${guest} ${lack.why}`, suggestions: [lack.instead]}
  }
  return undefined
}

type Lack = {why: string; instead: string} | undefined

/** What a guest lacks of what a verb needs, as a sentence that begins with the guest. */
const needs: Readonly<Record<VerbNeed, (world: GuestWorld, verb: Verb) => Lack>> = {
  running: ({runs, kind, id}) => (runs ? undefined : {why: 'does not run', instead: `pmpc start ${kind}/${id}`}),
  stopped: ({runs, kind, id}) => (runs ? {why: 'runs', instead: `pmpc shutdown ${kind}/${id}`} : undefined),
  resumable: ({runs, kind, id, observed}) =>
    runs || observed.facts.lock === 'suspended'
      ? undefined
      : {why: 'is off, and was not suspended', instead: `pmpc start ${kind}/${id}`},
  snapshot: ({kind, id, observed}, {given}) =>
    hasSnapshot(observed, given.snapname)
      ? undefined
      : {why: `has no snapshot ${given.snapname}`, instead: `pmpc get snapshots ${kind}/${id}`},
  noSnapshot: ({kind, id, observed}, {given}) =>
    hasSnapshot(observed, given.snapname)
      ? {
          why: `has a snapshot ${given.snapname} already`,
          instead: `pmpc delsnapshot ${kind}/${id} --name ${given.snapname}`,
        }
      : undefined,
  noTemplate: ({next, kind, id}) =>
    Number(own(next, 'template') ?? 0) === 1
      ? {why: 'is a template, and has no snapshots', instead: `pmpc clone ${kind}/${id} NAME`}
      : undefined,
  itsBackup({kind}, {given}) {
    const archive = String(given.archive)
    const of = backedUp(archive)
    if (of === kindOf(kind).guest) return undefined
    const why = of === undefined ? 'is no backup' : 'is the backup of another kind of guests'
    const instead =
      of === undefined ? 'pmpc get backups' : `pmpc restore --from ${shellWord(archive)} --id next   # a new guest`
    return {why: `cannot be what ${archive} holds, which ${why}`, instead}
  },
  unprotected: ({next, travel}) =>
    Number(own(next, travel.protection) ?? 0) === 1
      ? {why: 'is protected', instead: `Take \`${travel.protection}: 1\` out of its manifest and apply that first.`}
      : undefined,
}

import {count} from 'pmpc/kit/cli'
import {consentsNeeded, type Consequence, type Effect, type Plan, type PlannedField} from 'pmpc/kit/plan'
import {isGuest, parseRef} from 'pmpc/kit/resources'
import {visible} from 'pmpc/kit/text'

/** What a change does, behind a field or on its own. */
const words: Readonly<Record<Consequence, {field: string; whole: string}>> = {
  live: {field: 'at once', whole: 'takes effect at once'},
  'pending-until-reboot': {field: 'at the next restart', whole: 'takes effect at the next restart'},
  grants: {field: 'changes rights', whole: 'changes who may do what'},
  migrate: {field: 'moves to another node', whole: 'moves to another node'},
  'moves-data': {field: 'moves data', whole: 'moves data'},
  restart: {field: 'stopped and started', whole: 'is stopped and started'},
  stops: {field: 'stops', whole: 'is stopped'},
  'cuts-network': {field: 'cuts the network', whole: 'cuts the network'},
  'detaches-data': {field: 'detaches data, which stays', whole: 'detaches data, which stays'},
  'destroys-data': {field: 'destroys data', whole: 'destroys data'},
}

/** How grave a class is, as a colour. */
export const colors: Readonly<Record<Consequence, 'dim' | 'yellow' | 'red'>> = {
  live: 'dim',
  'pending-until-reboot': 'dim',
  grants: 'yellow',
  migrate: 'yellow',
  'moves-data': 'yellow',
  restart: 'yellow',
  stops: 'yellow',
  'cuts-network': 'yellow',
  'detaches-data': 'red',
  'destroys-data': 'red',
}

/** The consequence of a field in words: `at the next restart`, `cuts the network, if the guest lets go; else at the next restart`. */
export function consequenceWords(
  effect: Pick<PlannedField, 'consequence' | 'irreversible' | 'ifGuestLetsGo' | 'note'>,
): string {
  return phrase(
    effect,
    effect.consequence === null ? 'cannot be sent, see the checks' : words[effect.consequence].field,
  )
}

/** What a request does beside the fields that are wished. */
export function effectWords(effect: Effect): string {
  const told = words[effect.consequence]
  return effect.field === undefined ? phrase(effect, told.whole) : `${effect.field}: ${phrase(effect, told.field)}`
}

function phrase({irreversible, ifGuestLetsGo, note}: Omit<Effect, 'field' | 'consequence'>, first: string): string {
  return [
    first,
    ...(irreversible ? ['and nothing brings it back'] : []),
    ...(ifGuestLetsGo ? ['if the guest lets go, else at the next restart'] : []),
    ...(note === undefined ? [] : [note]),
  ].join('; ')
}

/** When what PVE holds already is taken. */
export function pendingWords(object: string): string {
  return isGuest(parseRef(object).kind)
    ? 'waits in Proxmox VE for the next restart'
    : 'waits in Proxmox VE to be applied'
}

/** `1 to create, 2 to change, by 4 requests; 1 undecided; 2 checks failed` */
export function sumText({actions, undecided, checks}: Plan): string {
  const counts = (['create', 'change', 'remove'] as const).map(
    (change) => [actions.filter((action) => action.change === change).length, change] as const,
  )
  const told = counts.filter(([number]) => number > 0).map(([number, change]) => `${number} to ${change}`)
  const requests = actions.reduce((sum, action) => sum + action.requests.length, 0)
  const errors = checks.filter(({severity}) => severity === 'error').length
  const warnings = checks.length - errors
  return [
    told.length === 0 ? 'nothing to do' : `${told.join(', ')}, by ${count(requests, 'request')}`,
    ...(undecided.length > 0 ? [`${undecided.length} undecided`] : []),
    ...(errors > 0 ? [`${count(errors, 'check')} failed`] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join('; ')
}

/** How many objects of one class are named. */
const mostObjects = 5

/** `restart (vm/100, vm/101 and 3 more)`, a line a class. */
export function consentLines(plan: Plan): string[] {
  const name = namer(plan)
  return consentsNeeded(plan.actions).map(({consequence, objects}) => {
    const named = objects.slice(0, mostObjects).map(name).join(', ')
    const more = objects.length > mostObjects ? ` and ${objects.length - mostObjects} more` : ''
    return visible(`${consequence} (${named}${more})`)
  })
}

/** What an object is called: with its cluster only where the plan is about several. */
export function namer({actions, undecided, checks, clusters}: Plan): (object: string) => string {
  const objects = [...actions, ...undecided, ...checks].map(({object}) => object.split('/')[0]!)
  const several = new Set([...Object.keys(clusters), ...objects.filter((each) => each in clusters)]).size > 1
  return (object) => (several ? object : object.replace(/^[^/]*\//, ''))
}

/** The sign of a field: it comes, goes, changes, or another thing takes its place. */
export function signOf({from, to, consequence}: PlannedField): '+' | '-' | '~' | '±' {
  if (from === null) return '+'
  if (to === null) return '-'
  return consequence === 'detaches-data' || consequence === 'destroys-data' ? '±' : '~'
}

export const objectSigns = {create: '+', change: '~', remove: '-'} as const

/** The commit of all wishes of an object; undefined: they come from several. */
export function commitOf(fields: readonly PlannedField[]): string | null | undefined {
  const commits = new Set(fields.map(({commit}) => commit))
  return commits.size === 1 ? [...commits][0] : undefined
}

/** Where a wish comes from. */
export function commitWords(commit: string | null): string {
  return commit === null ? 'the working tree' : commit.slice(0, 10)
}

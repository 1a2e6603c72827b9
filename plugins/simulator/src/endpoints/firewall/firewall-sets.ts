import {badParameter, failure} from '../../errors.js'
import {findAlias, type Rule} from '../../firewall/verify.js'
import {aliasPattern} from '../../contract/firewall-specs.js'
import {cleanNetwork} from '../../contract/net-ip.js'
import {isSet, required, text, type Call, type Endpoints} from '../../calls/call.js'
import type {FirewallState} from '../../state/model.js'
import {checkPart, clusterFirewall, commentOf, firewallOf, withDigest, type Level} from './levels.js'

type Alias = FirewallState['aliases'][string]
type Aliases = FirewallState['aliases']

/** An address as files keep it: one host is written without its length. */
const written = (cidr: string): string => cidr.replace(cidr.includes(':') ? /\/128$/ : /\/32$/, '')

const shownAlias = ({name, cidr, comment}: Alias): Rule => ({
  name,
  cidr,
  ipversion: cidr.includes(':') ? 6 : 4,
  ...commentOf(comment),
})

const aliasList = (aliases: Aliases): Rule[] =>
  Object.keys(aliases)
    .sort()
    .map((key) => shownAlias(aliases[key]!))

/** Endpoints of the aliases of a level. */
export function aliasEndpoints(level: Level): Endpoints {
  const path = `${level.path}/aliases`
  const find = (call: Call): {aliases: Aliases; key: string} => {
    const {aliases} = firewallOf(call, level)
    checkPart(call, aliasList(aliases))
    const key = required(call, 'name').toLowerCase()
    if (!aliases[key]) throw badParameter('name', 'no such alias')
    return {aliases, key}
  }
  const given = (call: Call, name: string): Alias => ({
    name,
    cidr: written(required(call, 'cidr')),
    ...commentOf(text(call, 'comment')),
  })
  return {
    [`GET ${path}`]: (call) => withDigest(aliasList(firewallOf(call, level).aliases)),
    [`POST ${path}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      const name = required(call, 'name')
      if (aliases[name.toLowerCase()]) throw badParameter('name', `alias '${name}' already exists`)
      aliases[name.toLowerCase()] = given(call, name)
      return null
    },
    [`GET ${path}/{name}`]: (call) => {
      const {aliases, key} = find(call)
      return shownAlias(aliases[key]!)
    },
    [`PUT ${path}/{name}`]: (call) => {
      const {aliases, key} = find(call)
      const rename = text(call, 'rename')
      const moved = rename !== undefined && rename.toLowerCase() !== key
      if (moved && aliases[rename.toLowerCase()]) throw badParameter('name', `alias '${rename}' already exists`)
      delete aliases[key]
      aliases[moved ? rename.toLowerCase() : key] = given(call, moved ? rename : required(call, 'name'))
      return null
    },
    [`DELETE ${path}/{name}`]: (call) => {
      const {aliases} = firewallOf(call, level)
      checkPart(call, aliasList(aliases))
      delete aliases[required(call, 'name').toLowerCase()]
      return null
    },
  }
}

type Sets = FirewallState['ipset']

const setList = (ipset: Sets): Rule[] =>
  Object.keys(ipset)
    .sort()
    .map((name) => ({name, ...commentOf(ipset[name]!.comment)}))

/** What is said of a named list and what is in it: a set of addresses, a group of rules. */
interface Named {
  comment?: string
}

/** Texts of what cannot be renamed, by what PVE calls it and the parameter with its name. */
interface Naming {
  what: string
  parameter: 'name' | 'group'
}

/**
 * Creates a named list, or renames one with `rename`; the same name only changes its comment.
 * @throws ApiError 400, 500
 */
export function createOrRename<T extends Named>(
  call: Call,
  lists: Record<string, T>,
  shown: Rule[],
  {what, parameter}: Naming,
  fresh: T,
): null {
  const [name, rename] = [required(call, parameter), text(call, 'rename')]
  const refuse = (problem: string): Error => badParameter(parameter, `${what} ${problem}`)
  if (rename === undefined || rename === '') {
    if (lists[name]) throw refuse(`'${name}' already exists`)
    lists[name] = {...fresh, ...commentOf(text(call, 'comment'))}
    return null
  }
  checkPart(call, shown)
  const old = lists[rename]
  if (!old) throw refuse(`'${rename}' does not exist`)
  if (lists[name] && name !== rename) throw refuse(`'${name}' does already exist`)
  const {comment, ...rest} = old
  delete lists[rename]
  lists[name] = {...rest, ...commentOf(text(call, 'comment') ?? comment)} as T
  return null
}

/** An alias that is not there, as PVE's messages call it; undefined: it is there, or it is an address. */
function missingAlias(call: Call, level: Level, cidr: string): string | undefined {
  const [, , name] = aliasPattern.exec(cidr) ?? []
  const isThere = name === undefined || findAlias([...new Set([firewallOf(call, level), clusterFirewall(call)])], cidr)
  return isThere ? undefined : name
}

/** What PVE finds wrong with an entry as it reads its file. No digest covers it. */
function faultsOf(call: Call, level: Level, cidr: string): {errors?: {cidr: string}} {
  const alias = missingAlias(call, level, cidr)
  return alias === undefined ? {} : {errors: {cidr: `no such alias '${alias}'`}}
}

/** Adds an address to a set. @throws ApiError 400, 500 */
function addEntry(call: Call, level: Level, entries: Rule[]): void {
  const given = required(call, 'cidr')
  const missing = missingAlias(call, level, given)
  if (missing !== undefined) throw failure(`no such alias '${missing}'`)
  const cidr = aliasPattern.test(given) ? given : cleanNetwork(given)
  if (entries.some((entry) => entry.cidr === cidr)) throw badParameter('cidr', `address '${cidr}' already exists`)
  if (/\/0+$/.test(cidr)) throw badParameter('cidr', 'a zero prefix is not allowed in ipset entries')
  entries.push({cidr, ...commentOf(text(call, 'comment')), ...(isSet(call, 'nomatch') && {nomatch: 1})})
  entries.sort((a, b) => (String(a.cidr) < String(b.cidr) ? -1 : 1))
}

/** Endpoints of the sets of addresses of a level. */
export function ipsetEndpoints(level: Level): Endpoints {
  const path = `${level.path}/ipset`
  const find = (call: Call): Sets[string] => {
    const set = firewallOf(call, level).ipset[required(call, 'name')]
    if (!set) throw failure(`no such IPSet '${required(call, 'name')}'`)
    return set
  }
  const entryOf = (call: Call, entries: Rule[]): Rule => {
    const entry = entries.find(({cidr}) => cidr === required(call, 'cidr'))
    if (!entry) throw badParameter('cidr', 'no such IP/Network')
    return entry
  }
  return {
    [`GET ${path}`]: (call) => withDigest(setList(firewallOf(call, level).ipset)),
    [`POST ${path}`]: (call) => {
      const {ipset} = firewallOf(call, level)
      return createOrRename(call, ipset, setList(ipset), {what: 'IPSet', parameter: 'name'}, {entries: []})
    },
    [`DELETE ${path}/{name}`]: (call) => {
      const {entries} = find(call)
      const name = required(call, 'name')
      if (entries.length > 0 && !isSet(call, 'force')) throw failure(`IPSet '${name}' is not empty`)
      delete firewallOf(call, level).ipset[name]
      return null
    },
    [`GET ${path}/{name}`]: (call) =>
      withDigest(find(call).entries).map((entry) => ({...entry, ...faultsOf(call, level, String(entry.cidr))})),
    [`POST ${path}/{name}`]: (call) => {
      addEntry(call, level, find(call).entries)
      return null
    },
    [`GET ${path}/{name}/{cidr}`]: (call) => entryOf(call, withDigest(find(call).entries)),
    [`PUT ${path}/{name}/{cidr}`]: (call) => {
      const {entries} = find(call)
      checkPart(call, entries)
      const entry = entryOf(call, entries)
      // What is not sent goes.
      for (const key of ['comment', 'nomatch']) delete entry[key]
      Object.assign(entry, commentOf(text(call, 'comment')), isSet(call, 'nomatch') && {nomatch: 1})
      return null
    },
    [`DELETE ${path}/{name}/{cidr}`]: (call) => {
      const set = find(call)
      checkPart(call, set.entries)
      set.entries = set.entries.filter(({cidr}) => cidr !== required(call, 'cidr'))
      return null
    },
  }
}

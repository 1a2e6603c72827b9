import {lower} from '../bytes.js'
import {commonWords} from '../common-words.js'
import type {ByteString} from '../model.js'
import {isTechnical, systemUsers} from '../words.js'
import {loggedAccounts, loggedAhead, loggedHosts, ownNames, realms} from './accounts.js'
import {namedAhead, namedHosts, namedThings, toldAhead, toldHosts} from './estate.js'
import {firms, firmsAhead, snmpHosts, snmpUsers} from './firms.js'
import {accounts, accountsAhead, owners, people, peopleAhead, peopleSaid} from './folk.js'
import {netAhead, netAliases, netDomains, netHosts, netNames, netNamesAhead, netUsers, netUsersAhead} from './net.js'
import {type Row, saidAhead, saidHosts, saidNames} from './rows.js'
import {beside, doing, lists, sentences, sentencesAhead} from './sentences.js'
import {isOdd} from './odd.js'
import {thingHosts, things, thingsAhead, thingUsers} from './things.js'
import {at, type Context, lineEnd, lineStart, none, type Placed, placed} from './values.js'

type Kind = 'host' | 'user' | 'name' | 'person' | 'realm' | 'domain'

/** Where hosts stand by themselves in what Proxmox VE and the programs around it say and are told: expressions from the word on. */
const hostsBehind: readonly Row[] = [
  ['linux', /Linux ([A-Za-z][\w-]*) \d+\.\d+\.\d/],
  ['lrm master', /(?:lrm|master) ([a-z][\w-]*) \((?:active|idle|old|wait|lost|maintenance)/],
  ['node', /node ([A-Za-z][\w-]*)(?=: (?:online|offline|unknown|maint|gone|fence))/],
  ['node', /(?<=(?:to|on|from|of|for|cluster) )node ['"]?([A-Za-z][\w-]*)/],
  ['router switch firewall knoten', /\w+ \(([a-z][\w-]*)\)/i],
  [
    'node nodo knoten host hypervisor hyperviseur server serveur rechner maschine machine vm ct container box nas',
    /\w+ (?:is |called |named |namens |ist |est )?((?!(?:re|pre|non|self|auto|cross|multi|single|full|half|sub|un|semi|high|low|read|write|on|off|up|down|in|out|by|to|is|was|has|at|no|all|one|two|same|long|short|well|over|per|built|vm|ct|disk|base)-)[a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?=[\s.,;:)!?"'`]|$)/,
  ],
  ['service', /service (?:vm|ct):\d+ \(([a-z][\w-]*), \w+\)/],
  [
    'to',
    /(?<=(?:migrat(?:e|ing|ion)|replicat(?:e|ing|ion)|relocat(?:e|ing)|moved?|moving|failover|fail over) )to ([A-Za-z][\w-]*)(?=[\s.,;:)]|$)/,
  ],
  ['connect', /connect to (?:host )?([A-Za-z][\w-]*) port/],
  ['resolve reach contact lookup', /\w+ (?:node |host )?["']([A-Za-z][\w-]*)["']/],
  ['ping', /ping: ([A-Za-z][\w-]*): (?:Name|Temporary|Unknown)/],
  ['ssh', /(?<=(?:^|\n|[$#;&|`'"(] ?|sudo |exec ))ssh (?:-\w+(?: [\w./@:=-]+)? )*([A-Za-z][\w-]*)(?=[\s'"]|$)/],
  ['scp rsync', /\w+ [^\n|;]{0,400}? (?:[\w.-]+@)?([a-z][\w-]*):(?=[~.\s]|\/(?!\/))/],
  ['qm pct', /\w+ migrate \d+ ([A-Za-z][\w-]*)/],
  ['ha-manager', /ha-manager crm-command (?:migrate|relocate|node-maintenance) \S+ ([A-Za-z][\w-]*)/],
  ['pvecm', /pvecm (?:add|delnode|addnode) ([A-Za-z][\w-]*)/],
  [
    'on',
    /(?<=(?:osd\.\d+|running|[Bb]ackup|VM \d+|CT \d+|started|failed|finished|Environment [\d.]+|job|node|active|hosted) )on ([A-Za-z][\w-]*)(?=[\s.,;:)]|$)/,
  ],
  ['mon mons', /(?<=HEALTH_\w+ )mons? ([a-z][\w-]*)(?:,([a-z][\w-]*))?(?:,([a-z][\w-]*))?/],
  ['instance exported_instance', /\w+="([A-Za-z][\w-]*)(?=[":])/],
  ['subject', /Subject: \[([a-z][\w-]*)\]/],
  ['status', /(?<=backup )status \(([a-z][\w-]*)\)/],
  ['sysname', /SysName:? +([A-Za-z][\w-]*)/i],
  ['system', /System ?Name:? +([A-Za-z][\w-]*)/i],
  ['neighbor neighbour', /Neighbou?r:? ([a-z][\w-]*)/i],
  ['host', /host\/([A-Za-z][\w-]*)(?=[/\s"',)]|$)/],
  ['remote', /(?<=from )remote ['"]?([a-z][\w-]*)/],
  ['target source', /(?<=(?:^|\n)[ \t]+|=> \d+ )(?:target|source) ([A-Za-z][\w-]*)(?=\s*$)/m],
  ['local', /(?<![/\w])local\/([a-z][\w-]*)(?=\s+\d{4}-|\s*$)/m],
  ['running stopped', /(?<=(?:^|\n)\d{3,9} +)(?:running|stopped) +(?:\w+ +)?([A-Za-z][\w.-]*)(?=\s*$)/m],
]

/** Likewise where the host stands before the word: expressions that end there. */
const hostsAhead: readonly Row[] = [
  ['ok', /^([A-Za-z][\w-]*)\s+: $/],
  ['running stopped paused suspended', /^\s*\d{3,9}\s+([A-Za-z][\w-]*)\s+$/],
  [
    'online offline',
    /(?:^|[\s|]|\u00e2\u0094\u0082|\u00e2\u0094\u0080)([a-z][\w-]*)(?:\s{2,}|\s*(?:\||(?:\u00e2\u0094[\u0080-\u00bf])+)\s*)$/,
  ],
  ['local', /\s([A-Za-z][\w-]*) \($/],
]

/** Where the names of accounts stand by themselves. */
const usersBehind: readonly Row[] = [
  ['usermod', /usermod (?:-\w+ (?:[\w,]+ )?)*([a-z][\w.-]*)(?=\s*$)/m],
  ['su', /(?<=(?:^|\n|[$#;&|] ?))su (?:- |-l )?([a-z][\w.-]*)(?=\s*$| -c)/m],
  ['sudo runuser crontab', /\w+ (?:-\w+ )*?-u ([a-z][\w.-]*)/],
  ['chown', /chown (?:-\w+ )*([a-z][\w.-]*)(?::([a-z][\w.-]*))?(?= )/],
  ['login', /login as: ([a-z][\w.-]*)/],
  ['invalid', /Invalid user ([a-z][\w.-]*)(?= from)/],
  // Whom a comment in a program names, after the word for what is left to do.
  ['todo fixme', /[A-Z]{4,5}\(([a-z][\w.-]*)\)/],
  ['slice', /Slice of UID \d+ \(([a-z][\w.-]*)\)/],
  [
    'author created_by created-by reported-by updated_by modified_by changed_by',
    /[\w-]+["']?[ \t]*[:=][ \t]*["']?([a-z][\w.-]*)(?=["'\s,]|$)/i,
  ],
  ['assigned approved requested reviewed merged', /\w+ (?:to|by) @?([a-z][\w.-]*\w)(?=[\s.,;:)]|$)/],
  ['memberuid samaccountname', /\w+: ?([a-z][\w.-]*)/i],
  ['allowusers', /AllowUsers ([a-z][\w.-]*)(?: ([a-z][\w.-]*))?(?: ([a-z][\w.-]*))?/],
  ['enable-linger', /enable-linger ([a-z][\w.-]*)/],
  ['smbpasswd', /smbpasswd (?:-\w+ )+([a-z][\w.-]*)/],
  ['user', /user=<([\w.-]+)/],
  ['user', /[Uu]ser ["'`]([a-z][\w.-]*\w)["'`@]/],
  [
    'user',
    /user ([a-z][\w.-]*\w)(?= (?:logged|failed|not|is|was|has|from|via|at|authenticated|added|removed|created|deleted|locked|does)\b)/i,
  ],
  ['uid', /uid=([a-z][\w.-]*)(?=[\s,]|$)/],
  ['mail crontabs', /(?<=\/var\/(?:spool\/)?(?:cron\/)?)\w+\/([a-z][\w.-]*)/],
]

/** Likewise before the word. */
const usersAhead: readonly Row[] = [
  ['logged', /(?:^|[\s"'])([a-z][\w.-]*)["']? $/],
  ['wrote', /^> ?([a-z][\w.-]*) $/],
]

const isMeant = (kind: Kind, name: string): boolean =>
  !isTechnical(name) && !commonWords.has(name) && (kind !== 'user' || !systemUsers.has(name))

function named(kind: Kind, text: ByteString, start: number, value: string): readonly Placed[] {
  return isMeant(kind, lower(value)) ? placed(kind, text, {start, end: start + value.length, isQuoted: true}) : none
}

function behind(kind: Kind, expression: RegExp): Context {
  const [quick, exact] = [
    new RegExp(expression, `${expression.flags}y`),
    new RegExp(expression, `${expression.flags}dy`),
  ]
  return (text, start) =>
    at(quick, text, start)
      ? at(exact, text, start)!
          .indices!.slice(1)
          .flatMap((range) => (range ? named(kind, text, range[0], text.slice(...range)) : none))
      : none
}

function ahead(kind: Kind, expression: RegExp, next?: RegExp): Context {
  return (text, start) => {
    if (next && !at(next, text, start)) return none
    // ZFS tells the state of its devices in capitals.
    if (at(/(?:ONLINE|OFFLINE|OK|LOCAL)\b/y, text, start)) return none
    const from = lineStart(text, start)
    // No line begins so far before.
    const match = start - from > 120 ? null : expression.exec(text.slice(from, start))
    return match ? named(kind, text, from + match.index + match[0].lastIndexOf(match[1]!), match[1]!) : none
  }
}

const odd =
  (context: Context): Context =>
  (text, start, end) =>
    context(text, start, end).filter((one) => isOdd(lower(text.slice(one.start, one.end))))

/** All of them are named so, or none. */
function list(expression: RegExp): Context {
  const names = behind('host', expression)
  return (text, start, end) => {
    const found = names(text, start, end)
    return found.every((one) => isOdd(lower(text.slice(one.start, one.end)))) ? found : none
  }
}

/** What a machine does, and which. */
function doer(expression: RegExp): Context {
  const before = odd(ahead('host', expression))
  return (text, start, end) => (at(doing, text, start) ? before(text, start, end) : none)
}

/** The hosts of an inventory of Ansible: keys below `hosts:`, as deep as the first of them. */
const inventory: Context = (text, _start, end) => {
  if (!/^:[ \t]*(?:#[^\n]*)?\r?\n/.test(text.slice(end, lineEnd(text, end) + 2))) return none
  const found: Placed[] = []
  let from = text.indexOf('\n', end) + 1
  const depth = /^ */.exec(text.slice(from, from + 80))![0].length
  for (let line = 0; line < 1000 && depth > 0 && from > 0; line++) {
    const [, blanks = '', name] = /^( *)([A-Za-z][\w-]*)?/.exec(text.slice(from, from + 160))!
    if (blanks.length < depth) break
    if (blanks.length === depth && name !== undefined && /^[\w.-]*:/.test(text.slice(from + depth, from + 200)))
      found.push(...named('host', text, from + depth, name))
    from = text.indexOf('\n', from) + 1
  }
  return found
}

/** What stands behind words, or before them: of which kind it is, and whether it may be a word of a language. */
const groups: readonly (readonly [kind: Kind, rows: readonly Row[], side: 'behind' | 'ahead', isOdd?: 'odd'])[] = [
  ...[hostsBehind, saidHosts, snmpHosts, loggedHosts, toldHosts, netHosts, thingHosts].map(
    (rows) => ['host', rows, 'behind'] as const,
  ),
  ...[hostsAhead, saidAhead, toldAhead, netAhead].map((rows) => ['host', rows, 'ahead'] as const),
  ...[sentences, namedHosts, netNames].map((rows) => ['host', rows, 'behind', 'odd'] as const),
  ...[beside, namedAhead, netNamesAhead].map((rows) => ['host', rows, 'ahead', 'odd'] as const),
  ...[usersBehind, snmpUsers, loggedAccounts, netUsers, thingUsers, accounts].map(
    (rows) => ['user', rows, 'behind'] as const,
  ),
  ...[usersAhead, accountsAhead, loggedAhead, netUsersAhead].map((rows) => ['user', rows, 'ahead'] as const),
  ['user', netAliases, 'behind', 'odd'],
  ['person', people, 'behind'],
  ['person', peopleSaid, 'behind', 'odd'],
  ['person', peopleAhead, 'ahead', 'odd'],
  ['name', saidNames, 'behind'],
  ['name', owners, 'behind'],
  ...[firms, ownNames, namedThings, things].map((rows) => ['name', rows, 'behind', 'odd'] as const),
  ...[firmsAhead, thingsAhead].map((rows) => ['name', rows, 'ahead', 'odd'] as const),
  ['realm', realms, 'behind'],
  ['domain', netDomains, 'behind', 'odd'],
]

/** All places by the words that tell them. */
export const places: readonly (readonly [words: string, context: Context])[] = [
  ...groups.flatMap(([kind, rows, side, isOdd]) =>
    rows.map(([words, expression, next]) => {
      const context = side === 'behind' ? behind(kind, expression) : ahead(kind, expression, next)
      return [words, isOdd ? odd(context) : context] as const
    }),
  ),
  ...lists.map(([words, expression]) => [words, list(expression)] as const),
  ...sentencesAhead.map(([words, expression]) => [words, doer(expression)] as const),
  ['hosts', inventory],
]

import {lower} from './bytes.js'
import {isOdd} from './contexts/odd.js'
import type {Form} from './forms.js'
import {loose, numbered, publicDomains, technical, topLevel} from './words.js'

const [sure, likely] = ['sure', 'likely'] as const

export const fullName =
  /^(?:[A-Za-z0-9_\u0080-\u00ff](?:[\w\u0080-\u00ff-]{0,61}[A-Za-z0-9_\u0080-\u00ff])?\.)+[A-Za-z][A-Za-z0-9-]{0,30}$/

/** Names that only machines have: what they are for, and where or which they are. */
export function machine(word: string, at: number, found: Form[]): boolean {
  if (/^(?:debian|ubuntu|pve|proxmox)-|^hv-vendor-id$/.test(word)) return false
  if (!machines.test(word) && !labelled.test(word)) {
    const last = /^[a-z]{3,}(?:-[a-z]{2,})*-([a-z]{2,})\d{1,2}$/.exec(word)?.[1]
    if (last === undefined || numbered.has(last) || technical.has(last)) return false
  }
  found.push({kind: 'host', start: at, end: at + word.length, confidence: likely, isName: true})
  return false
}

const machines =
  /^(?!(?:remote|local|default|next|peer|the|set|get|is|has|no|use|allow|static|dynamic|primary|dhcp|dns|nat|ip|ipv\d|via|link|my)-)(?:(?:srv|hyp|esxi?|nas|hv|kvm|mx|dc)-?[a-z]{2,}[a-z-]*\d{0,3}$(?<!-(?:nfs|iso|backup|type|name|disk|pool|vol|data|bulk|fast|slow|archive|ssd|hdd))(?<=-.*)|[a-z]{2,}[a-z-]*-(?:srv|hv|hyp|nas|esxi?|pve|pbs|gw|fw|dc|(?:core|edge|sw|db|web|app|mail|node|host|lb|vpn|rt|ap)(?=-?\d))-?\d{0,3}$)$/

/** Numbered by a company's scheme, or called by what they are: HBF-0417-A, OLA-WS-014, DESKTOP-7QK2M9A, adas-iPad. */
const labelled =
  /^(?:(?!(?:ISO|RFC|CVE|UTF|SHA|AES|DSA|ESA|PSA|TLS|SSL|IEC|IEEE|EN|DIN|ATA|DDR|BCP|STD|PCI)-)[A-Z]{2,5}-(?:\d{3,5}-[A-Z]{1,2}|(?:WS|PC|NB|LT|VM|SRV|DC|APP|DB|FS|ESX|HV)-?\d{1,4})|(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{7,11}|[A-Za-z0-9]+-(?:MBP|MBA|PC|NB|iPad|iPhone|MacBook|Laptop|LAPTOP))$/

/** Accounts of services, as many call them. */
export function service(word: string, at: number, found: Form[]): boolean {
  if (!/^svc[-_][A-Za-z]\w+/.test(word)) return false
  found.push({kind: 'user', start: at, end: at + word.length, confidence: likely, isName: true})
  return false
}

/** Daemons of Ceph, which are called by their node: mon.node1. */
export function daemon(word: string, at: number, found: Form[]): boolean {
  if (!/^[cmr]/.test(word)) return false
  const match = /^(?:client\.)?(?:mon|mgr|mds|rgw|crash|rbd-mirror)\.([A-Za-z][\w-]*)$/.exec(word)
  if (match && match[1] !== 'admin')
    found.push({
      kind: 'host',
      start: at + word.length - match[1]!.length,
      end: at + word.length,
      confidence: sure,
      isName: true,
    })
  return false
}

/** A domain the other way round, as code has it: `de.example.billing.Invoice`. */
export function reversedDomain(word: string, at: number, found: Form[]): boolean {
  const match =
    /^((?:com|de|fr|it|nl|at|ch|eu|es|pl|se|dk|no|be|cz|ca|co|gov|edu)\.)([a-z][a-z0-9_]+)\.[a-z]\w*(?:\.[\w$]+)*$/.exec(
      word,
    )
  if (!match || topLevel.has(word.slice(word.lastIndexOf('.') + 1)) || everybodys.has(match[2]!) || !isOdd(match[2]!))
    return false
  const start = at + match[1]!.length
  found.push({kind: 'domain', start, end: start + match[2]!.length, confidence: likely, isName: true})
  return true
}

/** Whose code everybody uses. */
const everybodys: ReadonlySet<string> = new Set(
  'sun oracle google amazonaws azure fasterxml mysql zaxxer squareup lightbend mongodb datastax netflix github gitlab ubuntu redhat canonical apple microsoft android facebook thoughtworks typesafe jcraft hazelcast rabbitmq ibm sap vmware bea esotericsoftware'.split(
    ' ',
  ),
)

/** The full name of a host, or a domain: label by label, so that what two of them share they share afterwards. */
export function names(word: string, at: number, found: Form[]): boolean {
  if (!fullName.test(word)) return false
  const parts = word.split('.')
  const top = lower(parts.at(-1)!)
  // No host has a `_` in its name: an address of Terraform's has.
  if (/^localhost\.|[A-Za-z0-9]_/.test(word)) return true
  if (!topLevel.has(top) || isPublic(lower(word))) return !/^\d/.test(word) && !word.includes('-')
  if (loose.has(top) && !isMeant(parts, top)) return true
  labels(word, at, found)
  return true
}

/**
 * Under a top that programs use as a word, too (`task.id`, `log.info`): with digits or dashes, with as many labels as no expression of a program has,
 * or in a country, written as people write it.
 */

function isMeant(parts: readonly string[], top: string): boolean {
  const before = parts.slice(0, -1)
  if (top.length < 7 && before.some((part) => programs.has(part))) return false
  if (/[\d-]/.test(before.join('.')) || parts.length > 3 || services.test(parts[0]!)) return true
  if (before.some((part) => /[A-Z_]/.test(part) || programs.has(part))) return false
  if (parts.length === 3) return !/^(?:id|is|in|to|my|by|so|name|test|info)$/.test(top)
  return (
    /^(?:io|local|internal|home|private|lab|box|at|it|be|no|us|app|dev|cloud|online|site|shop|tech|systems|eu)$/.test(
      top,
    ) && before[0]!.length > 4
  )
}

/** What expressions of programs begin with. */
const programs: ReadonlySet<string> = new Set(
  'self this var module data local config console process window document math object array string task user item result response request state event error log node os sys path url value values each count resource provider settings options props args kwargs super foo bar runtime members nodelist totem'.split(
    ' ',
  ),
)

/** The labels of a full name, but for its top: the first is a host's, unless the name is a domain by itself. */
export function labels(word: string, at: number, found: Form[]): void {
  const all = (/\.home\.arpa$/i.test(word) ? word.slice(0, -5) : word).split('.')
  const isLong = all.length > 2 || isInternal(lower(all.at(-1)!))
  let start = at
  for (const [i, label] of all.slice(0, -1).entries()) {
    if (!isCountrysOwn(all, i) && !label.startsWith('_') && !(i === 0 && services.test(label) && all.length > 2))
      found.push({
        kind: i === 0 && isLong ? 'host' : 'domain',
        start,
        end: start + label.length,
        confidence: sure,
        isName: true,
      })
    start += label.length + 1
  }
}

/** Names of services, which say nothing of a machine. */
const services = /^(?:www\d?|mail|smtp|imap|pop3?|api|cdn|static|autodiscover|_\w+)$/i

/** co.uk, com.au: registered by nobody. */
const isCountrysOwn = (labels: readonly string[], i: number): boolean =>
  i > 0 &&
  i === labels.length - 2 &&
  labels.at(-1)!.length === 2 &&
  /^(?:co|com|org|net|ac|gov|edu|ne|or)$/i.test(labels[i]!)

const isInternal = (top: string) =>
  /^(?:lan|local|internal|intranet|intra|corp|home|localdomain|private|lab|box|office|priv)$/.test(top)

export function isPublic(name: string): boolean {
  for (let from = 0; from >= 0; from = name.indexOf('.', from) + 1 || -1)
    if (publicDomains.has(name.slice(from))) return true
  return false
}

import {isDeepStrictEqual} from 'node:util'
import {localKey} from 'pmpc/kit/resources'
import type {ClusterState, Observed} from 'pmpc/kit/resources'

/** Free text that looks as if it held a secret. */
export interface Suspect {
  object: string
  field: string
  /** What it looks like; never the text itself. */
  looksLike: string
  /** The key that an ignore rule would leave out; absent where none can. */
  key?: string
}

const patterns: [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, 'an AWS access key'],
  [/\bgh[pousr]_[A-Za-z0-9]{30,}\b|\bgithub_pat_\w{20,}/, 'a GitHub token'],
  [/\bglpat-[\w-]{20,}/, 'a GitLab token'],
  [/\bxox[abprs]-[\w-]{10,}/, 'a Slack token'],
  [/\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{5,}/, 'a JSON Web Token'],
  [/PVEAPIToken=\S+|\b[\w.-]+@\w+![\w.-]+=[0-9a-f-]{36}\b/i, 'a Proxmox VE API token'],
  [/\b\w+:\/\/[^\s/:@]+:[^\s/@]+@/, 'a password in a URL'],
  [
    /(?:^|[^a-z])(?:pass(?:wor[dt]|wd|phrase)?|pwd?|secret|token|api[_-]?key|kennwort|credentials?)["']?\s*[:=]\s*["']?(?![*x•]{3,}|<|\$|see\b|none\b|n\/a\b)\S{4,}/i,
    'a password',
  ],
]

/** Text that looks like a secret and is about to be committed for the first time. */
export function suspects(before: ClusterState | undefined, after: ClusterState): Suspect[] {
  const known = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  return after.objects.flatMap((object) => {
    const earlier = known.get(localKey(object))
    if (isDeepStrictEqual(earlier, object)) return []
    const was = new Set(earlier ? textsOf(earlier).map(({text}) => text) : [])
    return textsOf(object).flatMap(({text, ...place}) => {
      const looksLike = was.has(text) ? undefined : secretIn(text)
      return looksLike ? [{object: localKey(object), ...place, looksLike}] : []
    })
  })
}

/**
 * Every text of an object. Not only the keys that are made for free text: a container's `env` (PVE 9.1), raw `lxc.*` lines and a
 * storage's mount `options` hold passwords as easily as a description or `args` do.
 */
function textsOf({config, running, snapshots}: Observed): {field: string; key?: string; text: string}[] {
  const texts = (part: string, values: Record<string, unknown>) =>
    Object.entries(values).flatMap(([key, value]) =>
      stringsIn(value).map((text) => ({field: `${part}.${key}`, key, text})),
    )
  const descriptions = (snapshots ?? []).flatMap(({name, description}) =>
    typeof description === 'string' ? [{field: `snapshots.${name}`, text: description}] : [],
  )
  return [...texts('config', config), ...texts('running', running ?? {}), ...descriptions]
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : []
}

/** What kind of secret a text seems to hold, or undefined. */
export function secretIn(text: string): string | undefined {
  return patterns.find(([pattern]) => pattern.test(text))?.[1]
}

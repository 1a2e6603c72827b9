import {localKey} from 'pmpc/kit/resources'
import type {ClusterState} from 'pmpc/kit/resources'

/** Free text that looks as if it held a secret. */
export interface Suspect {
  object: string
  field: string
  /** What it looks like; never the text itself. */
  looksLike: string
}

/** Keys whose text people write freely (contract: `description`, `args`, `comment`). */
const freeText = ['description', 'args', 'comment']

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
    /(?:^|[^a-z])(?:pass(?:wor[dt]|wd|phrase)?|pwd|secret|token|api[_-]?key|kennwort|credentials?)["']?\s*[:=]\s*["']?(?![*x•]{3,}|<|\$|see\b|none\b|n\/a\b)\S{4,}/i,
    'a password',
  ],
]

/** Text that looks like a secret and is about to be committed for the first time. */
export function suspects(before: ClusterState | undefined, after: ClusterState): Suspect[] {
  const known = new Map((before?.objects ?? []).map((object) => [localKey(object), object]))
  return after.objects.flatMap((object) => {
    const texts = freeText.map((key): [string, unknown] => [`config.${key}`, object.config[key]])
    const earlier = known.get(localKey(object))
    const was = new Set<unknown>(freeText.map((key) => earlier?.config[key]))
    for (const snapshot of earlier?.snapshots ?? []) was.add(snapshot.description)
    for (const snapshot of object.snapshots ?? []) texts.push([`snapshots.${snapshot.name}`, snapshot.description])
    return texts.flatMap(([field, text]) => {
      const looksLike = typeof text === 'string' && !was.has(text) ? secretIn(text) : undefined
      return looksLike ? [{object: localKey(object), field, looksLike}] : []
    })
  })
}

/** What kind of secret a text seems to hold, or undefined. */
export function secretIn(text: string): string | undefined {
  return patterns.find(([pattern]) => pattern.test(text))?.[1]
}

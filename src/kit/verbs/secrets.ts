import {PmpcError} from '../errors/index.js'
import {CONFIG_PATH} from '../files/names.js'
import type {Secret, Withheld} from '../fetch/index.js'

/** How many secrets a message spells out. */
const spelledOut = 20

/** `home/vm/100 description: a password` */
export function describeSecret(cluster: string, {object, field, looksLike}: Secret): string {
  return `${cluster}/${object} ${field}: ${looksLike}`
}

/** What is said of secrets that were not there before, one line each. */
export function withheldWarnings(cluster: string, withheld: Withheld[]): string[] {
  const fresh = withheld.filter(({isNew}) => isNew)
  const lines = fresh
    .slice(0, spelledOut)
    .map(
      (secret) =>
        `${describeSecret(cluster, secret)}, withheld. To have it in Git as it is: ${ruleOf(cluster, secret)}`,
    )
  if (fresh.length > lines.length)
    lines.push(`… and ${fresh.length - lines.length} more are withheld: pmpc sync --json`)
  return lines
}

/** The error of `--fail-on-secrets`. */
export function secretsFound(cluster: string, found: Secret[]): PmpcError {
  const lines = found.slice(0, spelledOut).map((secret) => describeSecret(cluster, secret))
  if (found.length > lines.length) lines.push(`… and ${found.length - lines.length} more`)
  return new PmpcError(
    'PMPC_SECRET_FOUND',
    `what looks like a secret was found; nothing was written:\n  ${lines.join('\n  ')}`,
    {
      suggestions: [
        'pmpc sync --fail-on-secrets   # once it is taken out in Proxmox VE',
        'pmpc sync   # records all but the secrets',
        `have it in Git as it is: ${ruleOf(cluster, found[0]!)}`,
      ],
      data: {secrets: found.map(({object, key, looksLike}) => ({object: `${cluster}/${object}`, key, looksLike}))},
    },
  )
}

function ruleOf(cluster: string, {object, key}: Secret): string {
  return `- {object: ${cluster}/${object}, key: ${key}} below allow: in ${CONFIG_PATH}`
}

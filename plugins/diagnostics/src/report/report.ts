import {gzipSync} from 'node:zlib'
import type {AnonymizedFiles, HandedFile} from 'pmpc/kit/anonymize'
import {isPmpcError, PmpcError} from 'pmpc/kit/errors'
import {packTar, replaceFile} from 'pmpc/kit/files'
import {mapTexts, redactText} from 'pmpc/kit/secrets'
import {step} from 'pmpc/kit/runs'
import {collect} from './collect.js'
import {lastFailed} from './failed.js'
import type {Asked, Collected, ReportFile} from './model.js'
import {withOwnWords} from './own-words.js'
import {promptOf, summaryOf} from './summary.js'

/** Takes out of files what tells whose they are; undefined where nobody can: the plugin is not installed. */
export type Anonymize = (files: readonly HandedFile[]) => Promise<AnonymizedFiles | undefined>

/** A bundle before it is written. */
export interface Bundle {
  files: HandedFile[]
  missing: Collected['missing']
  /** undefined: raw. */
  anonymized: Omit<AnonymizedFiles, 'files'> | undefined
}

/**
 * Collects a report, without secrets, and without what tells whose estate it is unless that is to stay. Nothing is written.
 * @throws PMPC_REPORT_RAW where nobody can anonymize it, and others of docs/errors.md
 */
export async function makeBundle(asked: Asked & {isRaw: boolean}, anonymize: Anonymize): Promise<Bundle> {
  const {isRaw, caller, root, runs} = asked
  // Asked with nothing first: whoever cannot go on should not have waited.
  if (!isRaw && (await anonymize([])) === undefined) throw notAnonymized()
  const files = await step(caller, 'Collecting what there is', async () => {
    const collected = await collect(asked)
    const failed = root === undefined ? undefined : lastFailed(root, {runs, but: caller.run.id})
    const summary = summaryOf(collected, {failed, made: new Date().toISOString(), isRaw})
    return {...collected, files: [summary, promptOf(failed, isRaw), ...collected.files]}
  })
  const clean = files.files.map((file) => withoutSecrets(file, caller.run.secrets))
  if (isRaw) return {files: clean, missing: files.missing, anonymized: undefined}
  return safely(clean, files.missing, anonymize)
}

/**
 * Anonymizes what there is. A file in which something is left is not handed out, and the others are: that is told.
 * @throws as the plugin, where that does not help
 */
async function safely(
  all: readonly HandedFile[],
  missing: Collected['missing'],
  anonymize: Anonymize,
): Promise<Bundle> {
  const left: Collected['missing'] = []
  for (let files = [...all]; ;) {
    try {
      const made = await anonymize(files)
      if (made === undefined) throw notAnonymized()
      const {files: safe, ...anonymized} = made
      return {files: withOwnWords(files, safe), missing: [...missing, ...left], anonymized}
    } catch (error) {
      const at = isPmpcError(error) && error.code === 'PMPC_ANONYMIZE_LEFT' ? error.data?.path : undefined
      const others = files.filter(({name}) => name !== at)
      if (others.length === files.length) throw error
      left.push({what: String(at), why: 'not all in it that tells whose it is was found: it is left out'})
      files = others
    }
  }
}

function notAnonymized(): PmpcError {
  return new PmpcError(
    'PMPC_REPORT_RAW',
    'A report tells of your estate, and nothing here can take that out: the plugin anonymize is not installed.',
    {suggestions: ['pmpc plugins install anonymize', 'pmpc report-issue --raw   # with all names and addresses in it']},
  )
}

/** Secrets are in no log and no state; what still looks like one is blotted out, in JSON value by value, so that it stays JSON. */
function withoutSecrets({name, text}: ReportFile, known: ReadonlySet<string>): HandedFile {
  // What is for people was taken from the logs, and a word too many would make it useless.
  const use = name.endsWith('.md') ? 'message' : 'log'
  const clean = (one: string): string => redactText(one, known, use)
  const parsed = (one: string, space?: number): string => {
    try {
      return JSON.stringify(mapTexts(JSON.parse(one) as unknown, clean), null, space)
    } catch {
      return clean(one)
    }
  }
  const lines = (): string =>
    text
      .split('\n')
      .map((line) => (line === '' ? '' : parsed(line)))
      .join('\n')
  const made = name.endsWith('.json') ? `${parsed(text, 2)}\n` : name.endsWith('.jsonl') ? lines() : clean(text)
  return {name, bytes: Buffer.from(made)}
}

/** Writes the bundle whole or not at all, for its owner alone. @returns its size in bytes */
export function writeBundle(path: string, {files}: Bundle): number {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  const bytes = gzipSync(packTar(sorted, Math.floor(Date.now() / 1000)))
  replaceFile(path, bytes, {permissions: 0o600})
  return bytes.length
}

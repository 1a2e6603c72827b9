import {explainText} from 'pmpc/kit/catalogue'
import type {Collected, FailedRun, ReportFile} from './model.js'

/** The page that a bundle begins with. */
export function summaryOf(
  {files, missing}: Collected,
  {failed, made, isRaw}: {failed: FailedRun | undefined; made: string; isRaw: boolean},
): ReportFile {
  const versions = JSON.parse(files.find(({name}) => name === 'versions.json')?.text ?? '{}') as Record<string, unknown>
  const sections = [
    '# A report of pmpc',
    `Made ${made}. ${isRaw ? 'It is not anonymized: names and addresses are those of the estate.' : 'Names, addresses and what else tells whose estate it is are pseudonyms; the same value has the same one everywhere.'} No secrets are in it.`,
    '## What failed',
    failedText(failed),
    '## Versions',
    Object.entries(versions)
      .map(([name, value]) => `- ${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join('\n'),
    ...healthText(files),
    '## What is in it',
    files.map(({name}) => `- \`${name}\``).join('\n'),
    ...(missing.length > 0 ? ['## What is not', missing.map(({what, why}) => `- ${what}: ${why}`).join('\n')] : []),
    '## How to look at it',
    [
      '- `logs/` has a file a run, a line of JSON an event; `traces/` has the same as trees with times',
      '- `states/` is what was last read of each cluster',
      '- `pmpc simulator start --replay FILE` serves the estate of `estates/` as a simulated cluster',
      '- `PROMPT.md` is a text to begin with, for an assistant',
    ].join('\n'),
  ]
  return {name: 'SUMMARY.md', text: `${sections.join('\n\n')}\n`}
}

function failedText(failed: FailedRun | undefined): string {
  if (!failed?.error) return 'None of the runs in it ended with an error.'
  const {id, command, time, exitCode, error} = failed
  const {code, message, cause = [], recovery = []} = error
  const known = explainText([message, ...cause].join('\n'))
  return [
    fenced(command),
    `Run \`${id}\`, ${time}${exitCode === undefined ? '' : `, exit code ${exitCode}`}, \`${code}\`:`,
    fenced([message, ...cause.map((one) => `from: ${one}`)].join('\n')),
    ...(recovery.length > 0 ? ['What pmpc said to type:', fenced(recovery.join('\n'))] : []),
    ...known.map(({id: row, meaning, causes, steps}) =>
      [`**${row}**: ${meaning}`, causes.map((one) => `- ${one}`).join('\n'), fenced(steps.join('\n'))].join('\n\n'),
    ),
  ].join('\n\n')
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

/** What is wrong with the clusters, where they were asked; of what could not be read only how much it is, and why first. */
function healthText(files: readonly ReportFile[]): string[] {
  const text = files.find(({name}) => name === 'health.json')?.text
  if (text === undefined) return []
  const {checks} = JSON.parse(text) as {checks: {id: string; result: string; message: string}[]}
  const of = (...results: string[]) => checks.filter(({result}) => results.includes(result))
  const line = (message: string): string => message.replaceAll(/\s+/g, ' ')
  const unread = of('unknown')
  const lines = [
    // No colon behind the id: `root-token: …` would read as a token.
    ...of('critical', 'warning').map(({id, result, message}) => `- ${result} (\`${id}\`) ${line(message)}`),
    ...(unread.length > 0
      ? [`- ${unread.length} of ${checks.length} checks could not be made; the first: ${line(unread[0]!.message)}`]
      : []),
  ]
  return ['## How the clusters are', lines.length === 0 ? `All of ${checks.length} checks are well.` : lines.join('\n')]
}

/** What may be asked of an assistant that is given the bundle. */
export function promptOf(failed: FailedRun | undefined, isRaw: boolean): ReportFile {
  const what = failed
    ? `the command in SUMMARY.md failed (run ${failed.id})`
    : 'something is wrong with my cluster: I say below what'
  const names = isRaw
    ? 'Names and addresses are real: repeat none of them where others can read it.'
    : 'Names, addresses and ids of people are pseudonyms. Use them as they are in your answer: I turn it back with `pmpc anonymize restore`.'
  const text = `You help me with a Proxmox VE cluster that I run with pmpc, a command line tool that keeps it in a Git repository. Attached is a report of it: ${what}.

Read SUMMARY.md first, then the log of the run that failed, then what else you need: states/ is what the cluster is, health.json how it is, config/ and iac/ what is wished.
${names}

Tell me, in this order:

1. What happened, in two sentences, with the lines of the files that show it.
2. The most likely cause, and what speaks against it. Say so where the report does not suffice, and which command would tell.
3. What to type, one step after the other, the harmless ones first. Mark each one that changes the cluster, and say how to undo it.

Make nothing up: no options that you are not sure of, no values that are not in the report.
`
  return {name: 'PROMPT.md', text}
}

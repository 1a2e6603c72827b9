import {count, plain} from 'pmpc/kit/cli'
import type {Plan, PlannedAction} from 'pmpc/kit/plan'
import {visible} from 'pmpc/kit/text'
import {actionLines, checkLines, undecidedLines, type Telling} from './text.js'
import {consentLines, namer, objectSigns, sumText} from './words.js'

/**
 * Bytes of a comment that every forge takes, with room for what a pipeline puts around it: GitHub takes 65,536 characters, GitLab 1,000,000;
 * Forgejo keeps a comment in a text column, which MySQL cuts at 65,535 bytes.
 */
const mostBytes = 64_000

/** Bytes of what stands beside the objects: of the checks, and of what is undecided. */
const mostBeside = 12_000

const telling: Telling = {paint: (_, text) => text, signs: 'first'}

/**
 * A plan for a comment on a pull request: the same plan is the same text. All that comes from manifests and clusters stands in code, where forges
 * mention nobody, close nothing and follow no command; objects that would make it too long are left out whole, and counted.
 */
export function planMarkdown(plan: Plan, {verbose = false}: {verbose?: boolean} = {}): string {
  const name = namer(plan)
  const consents = consentLines(plan)
  const before = [
    `### pmpc plan: ${sumText(plan)}`,
    ...(consents.length > 0 ? [`**Needs consent**\n\n${block(consents, mostBeside)}`] : []),
    ...(plan.checks.length > 0 ? [`**Checks**\n\n${block(checkLines(plan, name, telling), mostBeside)}`] : []),
  ]
  const after = [
    ...(plan.undecided.length > 0
      ? [details(`<b>${plan.undecided.length} undecided</b>`, undecidedLines(plan, name, telling).slice(1), mostBeside)]
      : []),
    `Plan \`${plan.digest}\``,
  ]
  const objects = plan.actions.map((action) => ({
    text: details(summaryOf(action, name), actionLines(action, name, {...telling, verbose}).slice(1)),
    name: name(action.object),
  }))
  return `${[...before, ...fitting(objects, mostBytes - bytes([...before, ...after].join('\n\n'))), ...after].join('\n\n')}\n`
}

/** Whole objects as far as there is room, and what was left out. */
function fitting(objects: readonly {text: string; name: string}[], room: number): string[] {
  // What is left out is told in fewer bytes than these.
  let left = room - 1000
  const shown: string[] = []
  const missing: string[] = []
  for (const {text, name} of objects) {
    const size = bytes(text) + 2
    if (size > left) missing.push(name)
    else {
      left -= size
      shown.push(text)
    }
  }
  if (missing.length === 0) return shown
  const named = missing.slice(0, 5).map((name) => visible(name.slice(0, 100)))
  const more = missing.length > named.length ? [`… and ${missing.length - named.length} more`] : []
  return [
    ...shown,
    `**${count(missing.length, 'object')} left out**, as a comment can be no longer. The output of \`pmpc plan\` has all of them, and so has that of \`pmpc plan show FILE\` where the plan was saved.\n\n${block([...named, ...more])}`,
  ]
}

function summaryOf(action: PlannedAction, name: (object: string) => string): string {
  const called = action.name === undefined ? '' : ` ${action.name}`
  const told = action.consequence === null ? 'cannot be sent' : [...action.consents].reverse().join(', ')
  const title = visible(`${objectSigns[action.change]} ${name(action.object)}${called}`)
  return `<code>${html(title)}</code>${told === '' ? '' : `: <b>${told}</b>`}`
}

/** What can be opened. The blank lines end the HTML, so that a forge reads the code as such. */
function details(summary: string, lines: readonly string[], most?: number): string {
  return `<details><summary>${summary}</summary>\n\n${block(lines, most)}\n\n</details>`
}

/** Lines as code, below a fence that is longer than any within; cut by whole lines. */
function block(lines: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const kept: string[] = []
  let size = 0
  for (const line of lines.map(plain)) {
    size += bytes(line) + 1
    if (size > most) break
    kept.push(line)
  }
  if (kept.length < lines.length) kept.push(`… and ${lines.length - kept.length} more lines`)
  // No line begins with a slash: some releases of GitLab do not see that a command stands in code where a fence stands in there, too.
  const text = kept.map((line) => (line.startsWith('/') ? ` ${line}` : line)).join('\n')
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}diff\n${text}\n${fence}`
}

/** Text within HTML. An `@` is written so that who looks through the source for names finds none. */
function html(text: string): string {
  return visible(text).replaceAll(/[&<>"'@#`*_[\]\\|~!:$/]/g, (character) => `&#${character.charCodeAt(0)};`)
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}

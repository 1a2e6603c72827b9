// Written by pmpc ci init, and yours to change. Tells a pull request, or an issue, what pmpc found: one comment and one issue, updated in place.
//
//   node forge.mjs comment PLAN.md CODE      CODE: what pmpc plan ended with
//   node forge.mjs issue DRIFT.json CODE     CODE: what pmpc sync ended with
//
// Node's own modules only. The forge tells by its variables where its API is; FORGE_TOKEN may write comments and issues, and nothing else.
import {readFileSync} from 'node:fs'

const {env} = process
/** Characters of a comment: GitHub and Forgejo take 65,536. */
const LONGEST = 65_000
const DIFFERS = 2
const PARTIAL = 3

const forges = {
  github: {
    run: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`,
    headers: {authorization: `Bearer ${env.FORGE_TOKEN}`, accept: 'application/json'},
    base: `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}`,
    page: (number) => `per_page=50&limit=50&page=${number}`,
    text: 'body',
    comments: () => `/issues/${numberOfRequest()}/comments`,
    comment: ({id}) => ['PATCH', `/issues/comments/${id}`],
    issues: '/issues?state=open&',
    issue: ({number}) => ['PATCH', `/issues/${number}`],
    isIssue: (one) => !one.pull_request,
    closed: {state: 'closed'},
  },
  gitlab: {
    run: env.CI_JOB_URL,
    headers: {'private-token': env.FORGE_TOKEN},
    base: `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}`,
    page: (number) => `per_page=50&page=${number}`,
    text: 'description',
    comments: () => `/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`,
    comment: ({id}) => ['PUT', `/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes/${id}`],
    issues: '/issues?state=opened&',
    issue: ({iid}) => ['PUT', `/issues/${iid}`],
    isIssue: () => true,
    closed: {state_event: 'close'},
  },
}
const forge = env.GITLAB_CI ? forges.gitlab : forges.github

/** GitHub and Forgejo write what happened into a file. */
function numberOfRequest() {
  return JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, 'utf8')).pull_request.number
}

async function call(method, path, body) {
  const response = await fetch(forge.base + path, {
    method,
    headers: {...forge.headers, 'content-type': 'application/json'},
    signal: AbortSignal.timeout(30_000),
    ...(body && {body: JSON.stringify(body)}),
  })
  if (response.ok) return response.json()
  const error = new Error(`${method} ${forge.base}${path}: ${response.status} ${(await response.text()).slice(0, 500)}`)
  throw Object.assign(error, {status: response.status})
}

/** What begins with the mark, of all pages; it is looked for among what others wrote, too. */
async function marked(path, mark, textOf) {
  const found = []
  for (let number = 1; ; number++) {
    const page = await call('GET', `${path}${path.includes('?') ? '' : '?'}${forge.page(number)}`)
    found.push(...page.filter((one) => textOf(one)?.startsWith(mark)))
    if (page.length === 0) return found
  }
}

/** Changes the first of these that may be changed: anybody may write a mark. */
async function change(candidates, requestOf, body) {
  for (const candidate of candidates)
    try {
      return await call(...requestOf(candidate), body)
    } catch (error) {
      if (![403, 404].includes(error.status)) throw error
    }
  return undefined
}

async function comment(file, code) {
  const mark = '<!-- pmpc plan -->'
  const plan = readFileSync(file, 'utf8').trim()
  const text = plan === '' ? `No plan: pmpc ended with ${code}. [The log](${forge.run}) says why.` : plan
  const body = {body: shortened(`${mark}\n${text}\n`)}
  const mine = await marked(forge.comments(), mark, (one) => one.body)
  const changed = await change(mine, forge.comment, body)
  if (!changed) await call('POST', forge.comments(), body)
  console.log(changed ? 'The comment was updated.' : 'The comment was written.')
}

async function issue(file, code) {
  // What could not be read says nothing: the issue stays as it is.
  if (![0, DIFFERS, PARTIAL].includes(code)) return console.log(`pmpc ended with ${code}: the issue stays as it is.`)
  const mark = '<!-- pmpc drift -->'
  const mine = (await marked(forge.issues, mark, (one) => one[forge.text])).filter(forge.isIssue)
  const text = shortened(`${mark}\n${driftText(JSON.parse(readFileSync(file, 'utf8')))}`)
  if (code === 0) {
    for (const one of mine) await change([one], forge.issue, forge.closed)
    return console.log(mine.length > 0 ? 'Nothing is open: the issue is closed.' : 'Nothing is open.')
  }
  if (code === PARTIAL && mine.length === 0) return console.log('Nothing is open in what could be read.')
  const [same] = mine.filter((one) => one[forge.text].trim() === text.trim())
  if (same) return console.log('The issue says so already.')
  const changed = await change(mine, forge.issue, {[forge.text]: text})
  if (!changed) await call('POST', forge.issues.replace(/\?.*/, ''), {title: 'The cluster differs from what was agreed on', [forge.text]: text})
  return console.log(changed ? 'The issue was updated.' : 'The issue was opened.')
}

function driftText({clusters = [], stale = []}) {
  const value = (one) => (one === undefined || one === null ? 'nothing' : JSON.stringify(one))
  const lines = clusters.flatMap(({open}) =>
    open.map(({object, field, base, offer, state, by}) => {
      const what = field === undefined ? object : `${object} ${field}: ${value(base)} → ${value(offer)}`
      return `${state.padEnd(8)}  ${what}${by ? ` (${by})` : ''}`
    }),
  )
  const unread = stale.map(({object, why}) => `unread    ${object}: ${why}`)
  return [
    'Changed in the cluster, and not agreed on by anybody yet:',
    '',
    fenced([...lines, ...unread].join('\n')),
    '',
    'In a clone: `pmpc sync && git diff`, then `pmpc accept` or `pmpc reject`. This issue follows, and closes by itself.',
    '',
  ].join('\n')
}

/** Nothing in the text ends the block, mentions anybody or is a command. */
function fenced(text) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text.slice(0, LONGEST - 2000)}\n${fence}`
}

function shortened(text) {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}\n\n… cut here; [the log](${forge.run}) has all of it.\n`
}

const [what, file, code] = process.argv.slice(2)
const work = {comment, issue}[what]
if (!work || !file || !/^\d+$/.test(code ?? '')) throw new Error('usage: node forge.mjs comment|issue FILE CODE')
await work(file, Number(code))

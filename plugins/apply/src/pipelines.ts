import {readFileSync} from 'node:fs'
import {PmpcError} from 'pmpc/kit/errors'
import {assetPath, readInside, shellWord} from 'pmpc/kit/files'
import {commitMessage, prefixOf, type Repository} from 'pmpc/kit/git'
import {tokenVariable} from 'pmpc/kit/proxmox'
import {exclusively, type Caller} from 'pmpc/kit/runs'
import type {Workspace} from 'pmpc/kit/workspace'

/** Node that pmpc runs with in containers; Git is in the image. */
const IMAGE = 'node:22-bookworm'
const GITLAB_FILE = '.gitlab-ci.yml'

interface Forge {
  /** Of the files, in the repository; `forge.mjs` is what all of them call. */
  files: Readonly<Record<string, string>>
  /** Where jobs run: those that need no secret, and those that have to reach a cluster. */
  runner: {open: string; own: string; image?: string}
}

const workflows = (folder: string): Forge['files'] => ({
  [`${folder}/workflows/pmpc-plan.yaml`]: 'plan.yaml.njk',
  [`${folder}/workflows/pmpc-drift.yaml`]: 'drift.yaml.njk',
  [`${folder}/pmpc.mjs`]: 'forge.mjs',
})

/** Forges for which there are pipelines. */
export const forges = {
  github: {
    files: workflows('.github'),
    // GitHub's own runners do not reach a cluster that is not on the internet.
    runner: {open: 'ubuntu-latest', own: "${{ vars.PMPC_RUNNER || 'self-hosted' }}"},
  },
  gitlab: {
    files: {'.gitlab/pmpc.yml': 'gitlab.yml.njk', '.gitlab/pmpc.mjs': 'forge.mjs'},
    runner: {open: '', own: '', image: IMAGE},
  },
  forgejo: {files: workflows('.forgejo'), runner: {open: 'docker', own: 'docker', image: IMAGE}},
} as const satisfies Readonly<Record<string, Forge>>

export type ForgeName = keyof typeof forges

/** What was written. */
export interface PipelineFiles {
  forge: ForgeName
  /** All files, as the repository calls them; also those that were so before. */
  files: string[]
  /** The commit, or null where all of it was committed before. */
  commit: string | null
}

export interface PipelineRequest {
  forge: ForgeName
  /** Write over files that are otherwise. */
  force: boolean
  /** Of pmpc: the pipelines install this one. */
  version: string
}

/**
 * Writes the pipelines of a forge into the repository, at its top, and commits them.
 * @throws PMPC_FILE_DIFFERS where a file is there with another text, and as `exclusively` and `commitFiles`; nothing was written then
 */
export async function writePipelines(
  {root, clusters}: Workspace,
  {forge, force, version}: PipelineRequest,
  caller: Caller,
): Promise<PipelineFiles> {
  return exclusively(root, caller, async (repository) => {
    const {oid: parent} = await repository.head()
    const wanted = await textsOf(forge, {clusters, version, workspace: prefixOf(repository, root).replace(/\/$/, '')})
    if (forge === 'gitlab' && !readInside(repository.root, GITLAB_FILE))
      wanted.set(GITLAB_FILE, 'include:\n  - local: .gitlab/pmpc.yml\n')
    const files = await Promise.all(
      [...wanted].map(async ([path, text]) => ({
        path,
        content: Buffer.from(text),
        before: readInside(repository.root, path) ?? null,
        committed: parent === null ? null : await repository.readBlob(parent, path),
      })),
    )
    const others = files.filter(({content, before}) => before && !content.equals(before)).map(({path}) => path)
    if (others.length > 0 && !force) throw differing(forge, others)
    const changed = files.filter(({content, before, committed}) => !same(content, before) || !same(content, committed))
    const commit = changed.length === 0 ? null : await commitAll(repository, parent, changed, messageOf(forge, caller))
    return {forge, files: files.map(({path}) => path).sort(), commit}
  })
}

interface Written {
  path: string
  content: Buffer
  before: Buffer | null
}

async function commitAll(
  repository: Repository,
  parent: string | null,
  files: Written[],
  message: string,
): Promise<string | null> {
  const {commit} = await repository.commitFiles({
    parent,
    message,
    files: files.map(({path, content}) => ({path, content})),
    worktree: files.map(({path, content, before}) => ({
      path,
      content,
      expect: before && repository.hashBlob(before),
    })),
  })
  return commit
}

const same = (content: Buffer, other: Uint8Array | null): boolean => other !== null && content.equals(other)

function messageOf(forge: ForgeName, {run, command}: Caller): string {
  return commitMessage(
    `ci: pipelines of pmpc for ${forge}`,
    ['They plan on pull requests, and open an issue where a cluster drifts.'],
    [
      ['run', run.id],
      ['command', command.replace(/^pmpc /, '')],
    ],
  )
}

function differing(forge: ForgeName, paths: string[]): PmpcError {
  const [first] = paths as [string]
  return new PmpcError('PMPC_FILE_DIFFERS', `${paths.join(', ')}: there already, with another text`, {
    suggestions: [`git log --oneline -- ${shellWord(first)}`, `pmpc ci init ${forge} --force   # writes over it`],
    data: {paths},
  })
}

/** The texts of a forge's files, by their paths. */
async function textsOf(
  name: ForgeName,
  {clusters, version, workspace}: {clusters: string[]; version: string; workspace: string},
): Promise<Map<string, string>> {
  const {default: nunjucks} = await import('nunjucks')
  // GitHub has braces of its own.
  const tags = {variableStart: '<$', variableEnd: '$>', blockStart: '<%', blockEnd: '%>'}
  const environment = new nunjucks.Environment(null, {
    autoescape: false,
    throwOnUndefined: true,
    tags,
    trimBlocks: true,
  })
  const textOf = (template: string) => readFileSync(assetPath(`templates/ci/${template}`), 'utf8')
  const {files, runner}: Forge = forges[name]
  const [script] = Object.keys(files).filter((path) => path.endsWith('.mjs'))
  const [self] = Object.keys(files)
  const variables = clusters.flatMap((cluster) => {
    const token = tokenVariable(cluster)
    return [token, token.replace('TOKEN', 'ENDPOINT')]
  })
  const context = {
    ...{version, script, self, image: IMAGE, runner: {image: null, ...runner}},
    workspace: workspace === '' ? null : JSON.stringify(workspace),
    variables: variables.join(', '),
    access: variables
      .map((each) => `          ${each}: \${{ ${each.includes('_TOKEN_') ? 'secrets' : 'vars'}.${each} }}`)
      .join('\n'),
  }
  const part = (template: string) => environment.renderString(textOf(template), context).trimEnd()
  const steps = name === 'gitlab' ? {} : {checkout: part('checkout.njk'), install: part('install.njk')}
  return new Map(
    Object.entries(files).map(([path, template]): [string, string] => [
      path,
      template.endsWith('.njk') ? environment.renderString(textOf(template), {...context, steps}) : textOf(template),
    ]),
  )
}

import {PmpcError, isPmpcError} from 'pmpc/kit/errors'
import {LOCAL_FOLDER, programOn, shellWord} from 'pmpc/kit/files'
import {attributeLines, readGit, type Repository} from 'pmpc/kit/git'
import {critical, fine, nothing, unseen, warning, type LocalRow, type Seen} from '../model.js'
import type {Surroundings} from '../surroundings.js'
import {isAtLeast} from '../versions.js'
import {isWritable} from '../writable.js'

/** The first Git with `git hook run`; src/kit/git refuses older ones. */
const leastGit = '2.36'
/** Days after which commits that only this machine has are spoken of. */
const mostDays = 7

/** Git, and the repository of the workspace. */
export const git: LocalRow[] = [
  {
    id: 'git.version',
    looksAt: 'the version of Git',
    severity: 'critical',
    async look({folder}) {
      const text = await said(folder, ['version'])
      if (typeof text !== 'string') return refused(text)
      const version = /\d+\.\d+[\d.]*/.exec(text)?.[0] ?? ''
      if (isAtLeast(version, leastGit)) return fine(`Git ${version}`)
      return critical(`Git ${version} is too old: pmpc needs ${leastGit} or newer.`, {
        fix: 'apt install git   # or as this system installs a newer one',
      })
    },
  },
  {
    id: 'git.identity',
    looksAt: 'who commits: user.name, user.email',
    severity: 'critical',
    async look({folder}) {
      const text = await said(folder, ['var', 'GIT_COMMITTER_IDENT'])
      if (typeof text === 'string') return fine(text.replace(/ \d+ [+-]\d+$/, ''))
      if (text.code === 'PMPC_GIT_MISSING') return unseen('Git is not there')
      return critical('Git does not know who commits: every command that records fails.', {
        fix: 'git config --global user.name "Your Name" && git config --global user.email you@example.com',
      })
    },
  },
  {
    id: 'git.signing',
    looksAt: 'the program that signs commits, where they are to be signed: commit.gpgSign',
    severity: 'critical',
    async look({folder, env}) {
      const setting = async (...words: string[]) => said(folder, ['config', '--get', ...words])
      const isAsked = await setting('--type=bool', 'commit.gpgSign')
      if (isAsked !== 'true') return nothing('commits are not signed')
      const format = await setting('gpg.format')
      const [key, usual] = format === 'ssh' ? ['gpg.ssh.program', 'ssh-keygen'] : ['gpg.program', 'gpg']
      const named = await setting(key!)
      const program = typeof named === 'string' && named !== '' ? named : usual!
      if (program.includes('/') || programOn(env, program) !== undefined) return fine(program)
      return critical(`commit.gpgSign is set, and ${program} is not installed: no commit can be made.`, {
        ...{
          objects: [program],
          fix: `apt install ${format === 'ssh' ? 'openssh-client' : 'gnupg'}   # or: git config commit.gpgSign false`,
        },
      })
    },
  },
  {
    id: 'repository.found',
    looksAt: 'whether the workspace is in a Git repository that may be used',
    severity: 'critical',
    needs: 'workspace',
    async look(at) {
      const repository = await at.repository()
      if (!repository) return nothing('no workspace')
      return 'value' in repository ? fine(repository.value.root) : refused(repository.error)
    },
  },
  {
    id: 'repository.writable',
    looksAt: 'whether the working tree and the Git folder can be written',
    severity: 'critical',
    needs: 'repository',
    async look(at) {
      const {root, gitDir, commonDir} = await opened(at)
      const shut = [...new Set([root, gitDir, `${commonDir}/objects`])].filter((folder) => !isWritable(folder))
      if (shut.length === 0) return fine(root)
      return critical(`${shut.join(', ')} cannot be written: nothing can be recorded.`, {
        ...{objects: shut, fix: `ls -ld ${shut.map(shellWord).join(' ')}`},
      })
    },
  },
  {
    id: 'repository.whole',
    looksAt: 'whether the clone has all of its history',
    severity: 'warning',
    needs: 'repository',
    async look(at) {
      const {isShallow} = await opened(at)
      if (!isShallow) return fine('all history is there')
      return warning('This clone is shallow: what was agreed before its end cannot be told from a wish.', {
        fix: 'git fetch --unshallow',
      })
    },
  },
  {
    id: 'repository.pushed',
    looksAt: `commits that only this machine has for more than ${mostDays} days`,
    severity: 'warning',
    needs: 'repository',
    look: async (at) => unpushed(await opened(at)),
  },
  {
    id: 'repository.local',
    looksAt: `whether ${LOCAL_FOLDER}, which belongs to this machine alone, is left out of Git`,
    severity: 'critical',
    needs: 'repository',
    async look(at) {
      const repository = await opened(at)
      const [tracked] = await repository.tracked(at.root!, LOCAL_FOLDER)
      if (tracked !== undefined)
        return critical(`${tracked} is in Git's index: pmpc uses nothing there that somebody committed.`, {
          ...{objects: [tracked], fix: `git rm -r --cached --quiet ${LOCAL_FOLDER}`},
        })
      // It takes no paths that are meant literally.
      const env = {GIT_LITERAL_PATHSPECS: undefined}
      const {code} = await readGit(at.root!, ['check-ignore', '-q', `${LOCAL_FOLDER}/x`], {accept: [0, 1], env})
      if (code === 0) return fine('it is ignored')
      return warning(`Git does not ignore ${LOCAL_FOLDER}: logs of this machine may be committed.`, {
        fix: `echo '${LOCAL_FOLDER}/' >> .gitignore`,
      })
    },
  },
  {
    id: 'drivers.installed',
    looksAt: 'the drivers by which Git shows and merges state files',
    severity: 'warning',
    needs: 'repository',
    mends: "writes the drivers into the repository's own configuration",
    async look(at) {
      const state = await (await opened(at)).driversInstalled()
      if (state === 'yes') return fine('diff and merge drivers are set up')
      const why = state === 'no' ? 'are not set up' : 'are of another version, or find no pmpc'
      return warning(`Git's drivers for state files ${why}: it shows them as binary, and merges end in conflicts.`, {
        ...{fix: 'pmpc init', isMendable: true},
      })
    },
    async mend(at) {
      await (await opened(at)).installDrivers()
      return "set up Git's drivers for state files in .git/config"
    },
  },
  {
    id: 'drivers.attributes',
    looksAt: 'whether .gitattributes has Git use the drivers, and merge what is open line by line',
    severity: 'warning',
    needs: 'repository',
    async look(at) {
      const wanted = [
        {path: '.pmpc/state/x.db', attributes: {diff: 'pmpc', merge: 'pmpc'}, line: attributeLines[0]},
        {path: '.pmpc/agreed.yaml', attributes: {merge: 'union'}, line: attributeLines[1]},
        {path: '.pmpc/open.yaml', attributes: {merge: 'union'}, line: attributeLines[2]},
      ]
      const paths = wanted.map(({path}) => path)
      const {stdout} = await readGit(at.root!, ['check-attr', '-z', 'diff', 'merge', '--', ...paths])
      const words = stdout.toString().split('\0')
      const is = (path: string, name: string, value: string) =>
        words.some((word, i) => word === path && words[i + 1] === name && words[i + 2] === value)
      const lost = wanted.filter(({path, attributes}) =>
        Object.entries(attributes).some(([name, value]) => !is(path, name, value)),
      )
      if (lost.length === 0) return fine('.gitattributes is as pmpc writes it')
      return warning(
        `.gitattributes does not name the drivers for ${lost.map(({path}) => path).join(', ')}: a merge may tear them.`,
        {
          ...{
            objects: lost.map(({path}) => path),
            fix: `printf '%s\\n' ${lost.map(({line}) => `'${line}'`).join(' ')} >> .gitattributes`,
          },
        },
      )
    },
  },
]

/** The repository; rows that need it are not asked where there is none. */
export async function opened(at: Surroundings): Promise<Repository> {
  const repository = await at.repository()
  if (repository && 'value' in repository) return repository.value
  throw (
    repository?.error ?? new PmpcError('PMPC_NOT_A_REPOSITORY', 'there is no repository', {suggestions: ['pmpc init']})
  )
}

/** Why Git refuses, with the first thing that it advises. */
function refused({message, suggestions}: PmpcError): Seen {
  return critical(message, {fix: suggestions[0]})
}

/** What Git prints, without the line's end; or why it fails. */
async function said(folder: string, words: string[]): Promise<string | PmpcError> {
  try {
    return (await readGit(folder, words)).stdout.toString().trim()
  } catch (error) {
    if (isPmpcError(error)) return error
    throw error
  }
}

async function unpushed(repository: Repository): Promise<Seen> {
  const {branch, oid} = await repository.head()
  if (branch === null || oid === null) return nothing('HEAD is on no branch, or has no commit')
  const upstream = await said(repository.root, ['rev-parse', '--abbrev-ref', '--symbolic-full-name', '@{upstream}'])
  if (typeof upstream !== 'string')
    return nothing(`${branch} is pushed nowhere: this is the only copy`, `git push -u origin ${shellWord(branch)}`)
  const times = await said(repository.root, ['log', '--format=%ct', `${upstream}..HEAD`])
  const ages = typeof times === 'string' ? times.split('\n').filter(Boolean).map(Number) : []
  const oldest = Math.min(...ages) * 1000
  const days = Math.floor((Date.now() - oldest) / 86_400_000)
  if (ages.length === 0 || days <= mostDays)
    return fine(ages.length === 0 ? `${upstream} has all of it` : `${ages.length} commits are newer than ${upstream}`)
  return warning(`${ages.length} commits are on this machine only, the oldest for ${days} days.`, {
    ...{objects: [upstream], fix: 'git push'},
  })
}

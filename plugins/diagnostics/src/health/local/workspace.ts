import {accessSync, constants, existsSync, statfsSync} from 'node:fs'
import path from 'node:path'
import {readGit} from 'pmpc/kit/git'
import {below, critical, finding, warning} from '../checks/grade.js'
import {bytesText, GIB} from '../values.js'
import type {LocalCheck} from './model.js'

/** The oldest Git that pmpc works with; README. */
const LEAST_GIT = [2, 36] as const

/** Whether a program is on PATH; nothing is run. */
function isOnPath(name: string, env: Record<string, string | undefined>): boolean {
  return (env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK)
      return folder !== ''
    } catch {
      return false
    }
  })
}

/** What is written in iac/, and by which program it is used: one of several is enough. */
const codeTools: readonly {folder: string; programs: readonly string[]}[] = [
  {folder: 'iac/terraform', programs: ['terraform', 'tofu']},
  {folder: 'iac/ansible', programs: ['ansible-playbook']},
]

/** The workspace, and the tools that it needs. */
export const localChecks: readonly LocalCheck[] = [
  {
    id: 'workspace.git',
    severity: 'warning',
    about: 'Nothing is half done in the repository',
    why: 'In the middle of a merge or a rebase pmpc commits nothing, so that nothing is recorded.',
    fix: 'git status, then go on with it or abort it.',
    find: ({standing: {operation, head}}) => [
      ...(operation ? [warning('workspace', `Git is in the middle of a ${operation}`)] : []),
      ...(head.branch === null && head.oid !== null
        ? [warning('workspace', 'HEAD is detached: commits belong to no branch')]
        : []),
    ],
  },
  {
    id: 'workspace.drivers',
    severity: 'warning',
    about: 'Git shows and merges states',
    why: 'Without the drivers a state is a binary file to Git, and two of them a conflict.',
    fix: 'pmpc init',
    find: ({standing: {drivers}}) =>
      drivers === 'yes'
        ? []
        : [warning('workspace', `the drivers for state files are ${drivers === 'no' ? 'missing' : drivers}`)],
  },
  {
    id: 'workspace.manifests',
    severity: 'warning',
    about: 'The manifests can be read',
    why: 'Nothing of a manifest that cannot be read is planned, applied or compared.',
    fix: 'Mend the line that is named; pmpc validate tells more.',
    find: ({standing}) =>
      standing.status.problems
        .filter(({severity}) => severity === 'error')
        .map(({path: file, line, message}) => warning(`${file}:${line}`, message)),
  },
  {
    id: 'workspace.apply',
    severity: 'warning',
    about: 'Every apply is at its end',
    why: 'One that was interrupted has changed a part of what was wanted, and nothing else is applied before it.',
    fix: 'pmpc apply --resume',
    find: ({standing: {unfinished}}) =>
      unfinished && !unfinished.running
        ? [
            warning(
              'workspace',
              `${unfinished.command} (run ${unfinished.run}) was interrupted: ${unfinished.ended} of ${unfinished.objects} objects at the end`,
            ),
          ]
        : [],
  },
  {
    id: 'workspace.room',
    severity: 'critical',
    about: 'There is room where the workspace lies',
    why: 'A commit that finds no room fails in the middle; pmpc mends it at the next start, if there is room then.',
    fix: 'Free some: git gc, and what else lies on that disk.',
    limits: {
      warning: {default: 1, is: 'GiB free'},
      critical: {default: 0.1, is: 'GiB free'},
    },
    find: ({workspace}, limits) => {
      const {bavail, bsize} = statfsSync(workspace.root)
      const free = bavail * bsize
      return finding('workspace', below(free / GIB, limits), `${bytesText(free)} are free`)
    },
  },
  {
    id: 'tools.git',
    severity: 'critical',
    about: 'Git is new enough',
    why: 'Older ones lack what pmpc commits with.',
    fix: 'Install Git 2.36 or newer.',
    find: async ({workspace}) => {
      const text = (await readGit(workspace.root, ['--version'])).stdout.toString()
      const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(text)?.slice(1) ?? []).map(Number)
      const isOld = major < LEAST_GIT[0] || (major === LEAST_GIT[0] && minor < LEAST_GIT[1])
      return isOld ? [critical('git', `it is ${text.trim()}`)] : []
    },
  },
  {
    id: 'tools.code',
    severity: 'warning',
    about: 'What uses the code in iac/ is installed',
    why: 'Without it nothing there is proved, tested or used from here.',
    fix: 'Install it, or leave that check out on machines that do not need it: health.exceptions in pmpc.yaml.',
    find: ({workspace, caller}) =>
      codeTools
        .filter(({folder}) => existsSync(path.join(workspace.root, folder)))
        .filter(({programs}) => !programs.some((name) => isOnPath(name, caller.env)))
        .map(({folder, programs}) => warning(folder, `${programs.join(' or ')} is not on PATH`)),
  },
]

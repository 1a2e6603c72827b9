import {unfinishedRun, isAtWork} from 'pmpc/kit/apply'
import {isPmpcError, type PmpcError} from 'pmpc/kit/errors'
import {CONFIG_PATH, clusterOf, listInside, readInside, shellWord, STATE_FOLDER, statePath} from 'pmpc/kit/files'
import {exclusively, foundLock, acquireLock} from 'pmpc/kit/runs'
import {schemaVersion, verifyState} from 'pmpc/kit/state'
import {existsSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {critical, fine, nothing, unseen, warning, type LocalRow, type Seen} from '../model.js'
import type {Surroundings} from '../surroundings.js'
import {opened} from './git.js'

/** Minutes for which a Git command may hold the index. */
const patience = 10

/** pmpc.yaml, the recorded states, and what commands left that were ended in their middle. */
export const workspace: LocalRow[] = [
  {
    id: 'config.valid',
    looksAt: `whether ${CONFIG_PATH} can be read`,
    severity: 'critical',
    needs: 'workspace',
    async look(at) {
      const config = await at.config()
      if (!config) return nothing('no workspace')
      if ('value' in config) return fine(`${join(at.root!, CONFIG_PATH)}`)
      const {message, data} = config.error
      const [first] = (data?.problems ?? []) as {line: number}[]
      const line = first === undefined ? '' : `+${first.line} `
      return critical(message, {
        objects: [CONFIG_PATH],
        fix: `\${EDITOR:-vi} ${line}${shellWord(join(at.root!, CONFIG_PATH))}`,
      })
    },
  },
  {
    id: 'config.clusters',
    looksAt: `whether ${CONFIG_PATH} names a cluster`,
    severity: 'warning',
    needs: 'config',
    async look(at) {
      const names = await clustersIn(at)
      return names.length > 0
        ? fine(names.join(', '), names)
        : warning(`${CONFIG_PATH} names no cluster.`, {fix: 'pmpc init --cluster NAME --endpoint https://HOST:8006'})
    },
  },
  {
    id: 'state.readable',
    looksAt: 'whether the recorded state of each cluster is whole',
    severity: 'critical',
    needs: 'config',
    look: async (at) => statesSeen(at),
  },
  {
    id: 'state.known',
    looksAt: `states of clusters that ${CONFIG_PATH} does not name`,
    severity: 'warning',
    needs: 'config',
    async look(at) {
      const names = await clustersIn(at)
      const files = listInside(at.root!, STATE_FOLDER).flatMap(({name}) => clusterOf(name) ?? [])
      const lost = files.filter((name) => !names.includes(name))
      if (lost.length === 0) return fine(count(files.length, 'state'), files)
      return warning(`${CONFIG_PATH} does not name ${lost.join(', ')}: nothing reads what was recorded there.`, {
        ...{
          objects: lost,
          fix: `git rm ${lost.map((name) => shellWord(statePath(name))).join(' ')}   # or name it in ${CONFIG_PATH}`,
        },
      })
    },
  },
  {
    id: 'leftovers.lock',
    looksAt: 'the lock that one command at a time holds',
    severity: 'warning',
    needs: 'repository',
    mends: 'takes away a lock whose process runs no more',
    async look(at) {
      const lock = foundLock((await opened(at)).commonDir)
      if (!lock) return fine('it is free')
      const {path, holder, isLeft} = lock
      if (holder === null)
        return warning(`The workspace is locked, and ${path} does not say by whom.`, {
          objects: [path],
          fix: `rm ${shellWord(path)}   # if no pmpc runs`,
        })
      const {command, pid, host, since} = holder
      if (isLeft)
        return warning(`\`${command}\` was ended in its middle and left its lock (process ${pid}, ${since}).`, {
          ...{objects: [path], fix: `rm ${shellWord(path)}`, isMendable: true},
        })
      return fine(`\`${command}\` works here, process ${pid} on ${host}, since ${since}`, [path])
    },
    async mend(at) {
      const {commonDir} = await opened(at)
      const {run, command} = at.asked.caller
      // A lock that is left is taken over by whoever asks for it next.
      const lock = await acquireLock(commonDir, {run: run.id, command})
      lock.release()
      return `took away the lock ${lock.path}`
    },
  },
  {
    id: 'leftovers.index',
    looksAt: `a lock of Git's own that is older than ${patience} minutes`,
    severity: 'warning',
    needs: 'repository',
    async look(at) {
      const {gitDir} = await opened(at)
      const lock = join(gitDir, 'index.lock')
      if (!existsSync(lock)) return fine('there is none')
      const minutes = Math.floor((Date.now() - statSync(lock).mtimeMs) / 60_000)
      if (minutes < patience) return fine('a Git command is at work', [lock])
      return warning(`${lock} is ${minutes} minutes old: no command can commit.`, {
        objects: [lock],
        fix: `rm ${shellWord(lock)}   # if no Git runs`,
      })
    },
  },
  {
    id: 'leftovers.commit',
    looksAt: 'steps of a commit, and files, that a command left which was ended in its middle',
    severity: 'warning',
    needs: 'repository',
    mends: 'does the steps that are missing, as the next command that writes would, and removes the files',
    async look(at) {
      const repository = await opened(at)
      const lock = foundLock(repository.commonDir)
      const left = [...(repository.needsRecovery() ? ['pmpc-journal.json'] : []), ...repository.leftovers()]
      if (left.length === 0) return fine('nothing is left')
      if (lock?.holder && !lock.isLeft) return fine(`\`${lock.holder.command}\` is at work`)
      return warning(`A command was ended in its middle and left ${left.join(', ')} in ${repository.gitDir}.`, {
        ...{objects: left, fix: 'pmpc doctor leftovers.commit --fix', isMendable: true},
      })
    },
    async mend(at) {
      let done = 'removed temporary files in the Git folder'
      await exclusively(at.root!, at.asked.caller, async () => undefined, {
        onRecovered: ({action, written}) => {
          done =
            action === 'finished'
              ? `finished the commit that was cut off (${count(written.length, 'file')} written)`
              : 'dropped a commit that was never made'
        },
      })
      return done
    },
  },
  {
    id: 'leftovers.apply',
    looksAt: 'an apply that was ended in its middle',
    severity: 'warning',
    needs: 'repository',
    look(at) {
      const recorded = unfinishedRun(at.root!)
      if (!recorded) return fine('all are at their end')
      const {command, run, by, at: since} = recorded.head
      if (isAtWork(recorded)) return fine(`\`${command}\` is at work (run ${run})`)
      return warning(`\`${command}\` (run ${run}, by ${by}, ${since}) was ended in its middle.`, {
        ...{objects: [run], fix: 'pmpc apply --resume'},
      })
    },
  },
]

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`

async function clustersIn(at: Surroundings): Promise<string[]> {
  const config = await at.config()
  return config && 'value' in config ? Object.keys(config.value.clusters) : []
}

async function statesSeen(at: Surroundings): Promise<Seen[]> {
  const names = await clustersIn(at)
  if (names.length === 0) return [nothing('no cluster is named')]
  return Promise.all(names.map(async (name) => stateSeen(at.root!, name)))
}

async function stateSeen(root: string, cluster: string): Promise<Seen> {
  const path = statePath(cluster)
  const objects = [cluster]
  try {
    const bytes = readInside(root, path)
    if (!bytes) return nothing(`${cluster} was never recorded`, 'pmpc sync')
    const {version, objects: number, problems} = await verifyState(bytes, path)
    if (version < schemaVersion) return warning(`${path}: ${problems[0]!}.`, {objects, fix: 'pmpc state migrate'})
    if (problems.length > 0)
      return critical(`${path} is damaged: ${problems[0]!}.`, {
        objects,
        fix: `git restore -- ${shellWord(path)}   # then: pmpc sync`,
      })
    return fine(`${cluster}: ${count(number, 'object')}`, objects)
  } catch (error) {
    if (!isPmpcError(error)) throw error
    return unreadable(error, path, objects)
  }
}

function unreadable({code, message}: PmpcError, path: string, objects: string[]): Seen {
  if (code === 'PMPC_STATE_NEWER')
    return critical(message, {objects, fix: 'pmpc --version   # of a newer pmpc: install that'})
  if (code === 'PMPC_STATE_CORRUPT')
    return critical(message, {objects, fix: `git restore -- ${shellWord(path)}   # then: pmpc sync`})
  return unseen(message, objects, `pmpc state verify`)
}

// What is typed of a new guest that is made at once.
import {PmpcError} from 'pmpc/kit/errors'
import {shellWord} from 'pmpc/kit/files'
import {assignmentsIn, type MakeRequest} from 'pmpc/kit/verbs'
import type {Typed} from './acts.js'

/** What is to be made, as far as it was typed. */
export type Making = Pick<
  MakeRequest,
  'make' | 'from' | 'name' | 'id' | 'node' | 'storage' | 'isFull' | 'isUnique' | 'assignments' | 'command'
>

/** `pmpc clone GUEST NAME FIELD=VALUE…`. @throws PMPC_USAGE */
export function cloning(words: readonly string[], flags: Typed): Making {
  const {others, assignments} = assignmentsIn(words)
  const [from, name, ...more] = others
  const command = `pmpc clone ${shellWord(from ?? 'GUEST')}`
  if (from === undefined)
    throw new PmpcError('PMPC_USAGE', 'no guest is named of which the new one is made', {
      suggestions: [`pmpc clone 9000 web02 ${words.map(shellWord).join(' ')}`.trim(), 'pmpc get templates'],
    })
  if (more.length > 0)
    throw new PmpcError('PMPC_USAGE', `one guest and one name are taken, and these are more: ${others.join(' ')}`, {
      suggestions: [`${command} ${shellWord(name!)} memory=4096   # what it is to have stands behind a =`],
    })
  return {make: 'clone', from, name, isFull: flags.full === true, assignments, command, ...placed(flags, command)}
}

/** `pmpc restore --from VOLUME --id VMID`; undefined: it takes the place of a guest. @throws PMPC_USAGE where neither or both are said */
export function restoring(words: readonly string[], flags: Typed): Making | undefined {
  const {others, assignments} = assignmentsIn(words)
  const from = String(flags.from)
  const command = `pmpc restore --from ${shellWord(from)}`
  const isOfGuests = others.length > 0 || ['tag', 'pool', 'status', 'label'].some((name) => flags[name] !== undefined)
  if (flags.id !== undefined && !isOfGuests)
    return {
      ...{make: 'restore', from, name: flags.name as string | undefined, isUnique: flags.unique === true},
      ...{assignments, command, ...placed(flags, command)},
    }
  const ofNew = [...(flags.name !== undefined ? ['--name'] : []), ...(flags.unique === true ? ['--unique'] : [])]
  const [odd] = [...ofNew, ...assignments.map(({name, text}) => `${name}=${text}`)]
  const why =
    flags.id !== undefined
      ? 'a guest is named in whose place it goes, and --id makes a new one: one of them is meant'
      : !isOfGuests
        ? 'nothing says what becomes of the backup: it takes the place of a guest, or a new one is made of it'
        : odd !== undefined
          ? `${odd} is of a new guest: what takes the place of another one is as the backup has it`
          : undefined
  if (why === undefined) return undefined
  throw new PmpcError('PMPC_USAGE', why, {
    suggestions: [
      `${command} --id next   # a new guest`,
      `pmpc restore ${shellWord(others[0] ?? 'vm/100')} --from ${shellWord(from)}   # in its place`,
    ],
  })
}

function placed(flags: Typed, command: string): Pick<Making, 'id' | 'node' | 'storage'> {
  const {id, node, storage} = flags as Record<string, string | undefined>
  if (id !== undefined && id !== 'next' && !/^[1-9]\d{2,8}$/.test(id))
    throw new PmpcError('PMPC_USAGE', `${JSON.stringify(id)} is no VMID: those are numbers of 100 and more, or next`, {
      suggestions: [`${command} --id next`],
    })
  return {id: id === undefined || id === 'next' ? undefined : Number(id), node, storage}
}

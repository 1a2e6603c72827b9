import type {ByteString} from 'pmpc/kit/anonymize'
import type {Look, Pass, Rewriting, Source, Write} from './model.js'
import {bytesSource} from './source.js'

/** What archives, folders and histories do with each of what they hold. */

/** Looks through a source of any form. */
export async function lookThrough(source: Source, look: Look): Promise<void> {
  const format = await look.formatOf(source, look.depth)
  await format.look(source, look)
}

/** Rewrites one. */
export async function rewriteSource(source: Source, rewriting: Rewriting, write: Write): Promise<void> {
  const format = await rewriting.formatOf(source, rewriting.depth)
  await format.rewrite(source, rewriting, write)
}

/** Looks through an entry of an archive; what cannot be looked through is left out. */
export async function lookInto(name: ByteString, bytes: Buffer, look: Look): Promise<void> {
  const shown = look.shown(name)
  const inner = {...look, depth: look.depth + 1}
  await orLeftOut(look, shown, async () => lookThrough(bytesSource(shown, bytes), inner))
}

/** The bytes of an entry, rewritten; undefined where it is left out. */
export async function rewritten(name: ByteString, bytes: Buffer, rewriting: Rewriting): Promise<Buffer | undefined> {
  const shown = rewriting.shown(name)
  const inner = {...rewriting, depth: rewriting.depth + 1}
  return orLeftOut(rewriting, shown, async () => {
    const parts: Buffer[] = []
    await rewriteSource(bytesSource(shown, bytes), inner, async (part) => void parts.push(part))
    return Buffer.concat(parts)
  })
}

/** Does something with what a folder or an archive holds; where its form is refused it is left out. @returns undefined then */
export async function orLeftOut<T>(
  pass: Pick<Pass, 'leaveOut'>,
  shown: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    const {code, data, message} = error as {code?: string; data?: {what?: string}; message: string}
    if (!LEFT_OUT.has(code ?? '')) throw error
    pass.leaveOut(shown, data?.what ?? message.replace(`${shown} cannot be read: `, '').replace(`${shown} `, ''))
    return undefined
  }
}

/** What is refused by itself, and left out of what holds it. */
const LEFT_OUT = new Set(['PMPC_ANONYMIZE_BINARY', 'PMPC_ANONYMIZE_BROKEN', 'PMPC_TOO_LARGE'])

/** Why an entry must not be put where its name says; undefined where it may. */
export function unsafeName(name: ByteString): string | undefined {
  if (name.includes('\0')) return 'its name holds a zero'
  if (/^(?:[/\\]|[A-Za-z]:)/.test(name)) return 'its name leads out of the archive'
  return name.split(/[/\\]/).includes('..') ? 'its name leads out of the archive' : undefined
}

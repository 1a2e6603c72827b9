import {textOf, leftovers, type FindKind} from 'pmpc/kit/anonymize'
import type {Caller} from 'pmpc/kit/runs'
import {placesOf} from '../content/places.js'
import {working} from './anonymize.js'
import {openInput} from './input.js'
import {lookAt, type LeftOut} from './passes.js'
import {openStore, type Where} from './session.js'

/** Where something is left. */
export interface FoundPlace {
  kind: FindKind
  line: number
  column: number
  /** Which file of a folder or an archive. */
  file?: string
}

/** What is left, and what could not be looked at. */
export interface Verified {
  found: FoundPlace[]
  leftOut: LeftOut[]
}

/** Looks for what is left in something that was anonymized, by other means than those that anonymized it. */
export async function verify(wanted: Where & {input: string}, caller: Caller): Promise<Verified> {
  const input = await openInput(wanted.input, wanted.folder)
  return working(input, `Looking at ${wanted.input}`, caller, async (passing) => {
    const {pairs} = await openStore(wanted, false, caller)
    const left = leftovers(pairs)
    const found: FoundPlace[] = []
    const single = input.isFolder ? undefined : input.files[0]?.source.name
    const leftOut = await lookAt(
      input,
      passing,
      (text, at) => {
        for (const {kind, line, column, file} of placesOf(text, left(text), at))
          found.push({kind, line, column, ...(file !== single && {file})})
      },
      textOf,
    )
    return {found, leftOut}
  })
}

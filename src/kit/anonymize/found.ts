import type {Placed} from './contexts/index.js'
import type {Form} from './forms.js'
import type {FindKind} from './model.js'

/** What is known of a part of a word wherever the word stands, and what was done about it. */
export interface Piece extends Form {
  isFirm?: boolean | undefined
  /** What stands for it in this run. */
  met?: Met | undefined
  /** It was learnt from. */
  isLearnt?: boolean
}

/** A find, with how it is spelled. */
export interface Located extends Placed {
  spelled?: 'reverse' | undefined
  /** What it is of its word, where it is as long as that. */
  piece?: Piece | undefined
}

/** A text that was replaced. */
export interface Met {
  kind: FindKind
  pseudonym: string
  found: number
  likely: number
}

/** All of them have the same fields in one order: what differs in those is slow to read. */
export const pieceOf = (form: Omit<Form, 'isNumber'> & Pick<Piece, 'isNumber' | 'isFirm'>): Piece => ({
  kind: form.kind,
  start: form.start,
  end: form.end,
  confidence: form.confidence,
  isName: form.isName,
  isFirm: form.isFirm,
  isNumber: form.isNumber,
  spelled: form.spelled,
  met: undefined,
  isLearnt: false,
})

/** A piece of a word that begins at a place. */
export const pieceAt = (piece: Piece, by: number): Located => ({
  kind: piece.kind,
  start: piece.start + by,
  end: piece.end + by,
  confidence: piece.confidence,
  isName: piece.isName,
  isFirm: piece.isFirm,
  spelled: piece.spelled,
  piece,
})

export function placedAt({kind, start, end, confidence, isName, isFirm, spelled}: Located, by: number): Located {
  return {kind, start: start + by, end: end + by, confidence, isName, isFirm, spelled}
}

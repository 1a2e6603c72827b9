import {isGuest} from '../resources/index.js'
import {nextOfGuest} from './guests.js'
import type {Next} from './model.js'
import {nextOfRow} from './rows.js'

/** The one step that brings an object nearer to what is wanted, whatever it is. */
export const next: Next = (is, wanted, around) =>
  isGuest(wanted.ref.kind) ? nextOfGuest(is, wanted, around) : nextOfRow(is, wanted, around)

/** A calendar event, taken apart: each field is the set of numbers it takes, or undefined for any. */
interface Event {
  weekdays?: Set<number>
  years?: Set<number>
  months?: Set<number>
  days?: Set<number>
  hours?: Set<number>
  minutes?: Set<number>
  seconds?: Set<number>
}

/** Words for common events. Fact: pve-common and systemd, calendar events. */
const words: Record<string, string> = {
  minutely: '*:*',
  hourly: '*:00',
  daily: '00:00',
  weekly: 'mon 00:00',
  monthly: '*-*-1 00:00',
  quarterly: '*-1,4,7,10-1 00:00',
  semiannually: '*-1,7-1 00:00',
  'semi-annually': '*-1,7-1 00:00',
  yearly: '*-1-1 00:00',
  annually: '*-1-1 00:00',
}

const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

function weekdaysOf(text: string): Set<number> {
  const days = new Set<number>()
  const numberOf = (name: string): number => dayNames.indexOf(name.slice(0, 3).toLowerCase())
  for (const part of text.split(',')) {
    const [first, last] = part.split(/\.\.|-/)
    const end = numberOf(last ?? first!)
    for (let day = numberOf(first!); ; day = (day + 1) % 7) {
      days.add(day)
      if (day === end) break
    }
  }
  return days
}

/** Numbers of one field, such as `5`, `1,3`, `8..18` or `0/15`; undefined for any. */
function numbersOf(text: string, top: number): Set<number> | undefined {
  if (text === '*') return undefined
  const numbers = new Set<number>()
  for (const part of text.split(',')) {
    const [span, step] = part.split('/')
    const [first, last] = span === '*' ? ['0', undefined] : span!.split(/\.\.|-/)
    const from = Number(first)
    const to = last !== undefined ? Number(last) : step !== undefined ? top : from
    for (let number = from; number <= to; number += Number(step ?? 1)) numbers.add(number)
  }
  return numbers
}

function parse(event: string): Event {
  const parsed: Event = {}
  const parts = (words[event.trim()] ?? event).trim().split(/\s+/)
  let timed = false
  for (const part of parts) {
    if (part === 'UTC') continue
    if (/^[a-z]/i.test(part)) parsed.weekdays = weekdaysOf(part)
    else if (/^[\d*,./]+-[\d*,./]+(?:-[\d*,./]+)?$/.test(part) && !part.includes(':')) {
      const fields = part.split('-')
      const [day, month, year] = fields.reverse()
      parsed.days = numbersOf(day!, 31)
      parsed.months = numbersOf(month!, 12)
      if (year !== undefined) parsed.years = numbersOf(year, 2200)
    } else {
      timed = true
      const fields = part.split(':')
      // A lone number or step is one of minutes, of every hour.
      const [hours, minutes, seconds] =
        fields.length === 1 ? ['*', fields[0]!, '0'] : [fields[0]!, fields[1]!, fields[2] ?? '0']
      parsed.hours = numbersOf(hours, 23)
      parsed.minutes = numbersOf(minutes, 59)
      parsed.seconds = numbersOf(seconds, 59)
    }
  }
  if (!timed) Object.assign(parsed, {hours: new Set([0]), minutes: new Set([0]), seconds: new Set([0])})
  return parsed
}

const takes = (numbers: Set<number> | undefined, number: number): boolean => numbers?.has(number) ?? true

const takesDay = (event: Event, date: Date): boolean =>
  takes(event.weekdays, date.getUTCDay()) &&
  takes(event.years, date.getUTCFullYear()) &&
  takes(event.months, date.getUTCMonth() + 1) &&
  takes(event.days, date.getUTCDate())

const day = 86_400
/** Events that do not come within so many days never come: leap days return after eight years at most. */
const horizon = 366 * 9

/** The first time on a day, not before a moment of it, in seconds of the day. */
function firstOf(event: Event, from: number): number | undefined {
  for (let hour = Math.floor(from / 3600); hour < 24; hour++) {
    if (!takes(event.hours, hour)) continue
    const begin = Math.max(from, hour * 3600)
    for (let minute = Math.floor((begin % 3600) / 60); minute < 60; minute++) {
      if (!takes(event.minutes, minute)) continue
      const at = hour * 3600 + minute * 60
      for (let second = Math.max(0, begin - at); second < 60; second++)
        if (takes(event.seconds, second)) return at + second
    }
  }
  return undefined
}

/**
 * When a calendar event comes next after a moment, in UTC; both in seconds since the epoch.
 * Undefined for one that never comes.
 */
export function nextEvent(event: string, after: number): number | undefined {
  const parsed = parse(event)
  let midnight = Math.floor((after + 1) / day) * day
  let from = after + 1 - midnight
  for (let days = 0; days < horizon; days++, midnight += day, from = 0) {
    if (!takesDay(parsed, new Date(midnight * 1000))) continue
    const second = firstOf(parsed, from)
    if (second !== undefined) return midnight + second
  }
  return undefined
}

/** Whether an event comes in a span of time, its end included. */
export function comesBetween(event: string, after: number, until: number): boolean {
  const next = nextEvent(event, after)
  return next !== undefined && next <= until
}

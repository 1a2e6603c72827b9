import {DAY, HOUR} from './values.js'

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/**
 * How long it is between two times of a schedule at most, in seconds, told from how it is written (pve-common, PVE/CalendarEvent.pm; a calendar event of
 * systemd): by the minute, the hour, the day, days of the week, or dates. Of what it does not know it says a day.
 */
export function intervalOf(schedule: string): number {
  const text = schedule.trim().toLowerCase()
  const named: Record<string, number> = {
    minutely: 60,
    hourly: HOUR,
    daily: DAY,
    weekly: 7 * DAY,
    monthly: 31 * DAY,
    yearly: 366 * DAY,
  }
  if (named[text] !== undefined) return named[text]
  const minutes = /^\*\/(\d+)$/.exec(text)?.[1]
  if (minutes !== undefined) return Number(minutes) * 60
  const date = /(?:^|\s)(?:\S+-)?(\S+)-(\S+)(?:\s|$)/.exec(text)
  if (date && !/^[a-z.,]+$/.test(text.split(/\s/)[0]!)) return date[1] === '*' ? 31 * DAY : 366 * DAY
  const hours = /(?:^|\s)\*\/(\d+):/.exec(text)?.[1]
  const within = hours === undefined ? (/(?:^|\s)\*:/.test(text) ? HOUR : DAY) : Number(hours) * HOUR
  const gap = gapOfDays(text.split(/\s/)[0]!)
  return gap === undefined ? within : gap * DAY
}

/** Most days from one weekday of a list to the next: `mon..fri` is 3, `sat` 7; undefined for what is no such list, or for every day. */
function gapOfDays(list: string): number | undefined {
  if (!/^[a-z]{3}/.test(list)) return undefined
  const named = list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('..').map((word) => days.indexOf(word.slice(0, 3)))
    if (from === undefined || to === undefined || from < 0 || to < 0) return []
    return Array.from({length: ((to - from + 7) % 7) + 1}, (_, index) => (from + index) % 7)
  })
  const sorted = [...new Set(named)].toSorted((a, b) => a - b)
  if (sorted.length === 0 || sorted.length === 7) return undefined
  return Math.max(...sorted.map((day, index) => (sorted[index + 1] ?? sorted[0]! + 7) - day))
}

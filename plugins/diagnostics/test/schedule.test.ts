import {expect} from 'chai'
import {intervalOf} from '../src/health/schedule.js'

const HOUR = 3600
const DAY = 86_400

describe('the interval of a schedule', () => {
  for (const [schedule, seconds] of [
    ['*/15', 900],
    ['hourly', HOUR],
    ['*/2:00', 2 * HOUR],
    ['*:30', HOUR],
    ['daily', DAY],
    ['21:00', DAY],
    ['mon..sun 02:30', DAY],
    ['sat 02:00', 7 * DAY],
    ['mon,thu 02:00', 4 * DAY],
    ['mon..fri 21:00', 3 * DAY],
    ['Sat,Sun 01:00', 6 * DAY],
    ['weekly', 7 * DAY],
    ['monthly', 31 * DAY],
    ['*-*-01 03:00', 31 * DAY],
    ['*-01-01', 366 * DAY],
    ['what is this', DAY],
  ] as const)
    it(`${schedule} is ${seconds / HOUR} hours`, () => {
      expect(intervalOf(schedule)).to.equal(seconds)
    })
})

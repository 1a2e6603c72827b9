'use strict'
// As mocha's own, and leaves the counts for .ci/run in the file that PMPC_TEST_SUMMARY names: passed, failed, skipped.
const fs = require('node:fs')
const {reporters, Runner} = require('mocha')

module.exports = class Reporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const {passes, failures, pending} = this.stats
      const file = process.env.PMPC_TEST_SUMMARY
      if (file) fs.writeFileSync(file, `${passes} ${failures} ${pending}\n`)
    })
  }
}

import {expect} from 'chai'
import fc from 'fast-check'
import {casesIn, junitOf} from '../src/suites/junit.js'
import {failed, passed, resultOf, skipped, skippedSuite, suiteOf} from '../src/suites/suites.js'

/** Characters that XML 1.0 can hold (§2.2, Char). */
const legal = (text: string) => text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')

describe('a report in the form of JUnit', () => {
  it('has a suite of each, and one test of a suite that did not run', () => {
    const suites = [
      suiteOf('static', [passed('fmt'), skipped('validate', 'no provider')]),
      skippedSuite('guest', 'pytest is not on PATH'),
      suiteOf('api', [failed('memory', '8192 is expected, 512 was found', 'home/vm/100')]),
    ]
    expect(junitOf(resultOf(suites)).split('\n')).to.deep.equal([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="pmpc test">',
      '  <testsuite name="static" tests="2" failures="0" errors="0" skipped="1">',
      '    <testcase classname="static" name="fmt"/>',
      '    <testcase classname="static" name="validate"><skipped message="no provider"/></testcase>',
      '  </testsuite>',
      '  <testsuite name="guest" tests="1" failures="0" errors="0" skipped="1">',
      '    <testcase classname="guest" name="guest"><skipped message="pytest is not on PATH"/></testcase>',
      '  </testsuite>',
      '  <testsuite name="api" tests="1" failures="1" errors="0" skipped="0">',
      '    <testcase classname="home/vm/100" name="memory"><failure message="8192 is expected, 512 was found"/></testcase>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ])
  })

  it('holds any text, and gives it back', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), fc.string({unit: 'grapheme'}), (name, message) => {
        const tests = [failed(name, message, 'home/vm/100'), skipped(name, message), passed(name)]
        const text = junitOf(resultOf([suiteOf('api', tests)]))
        expect(casesIn(text)).to.deep.equal([
          {classname: 'home/vm/100', name: legal(name), result: 'failed', message: legal(message)},
          {classname: 'api', name: legal(name), result: 'skipped', message: legal(message)},
          {classname: 'api', name: legal(name), result: 'passed', message: null},
        ])
      }),
    )
  })

  it('is read as pytest writes it', () => {
    const report = `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.1">
<testcase classname="test_guests" name="test_os[home-vm-100-web01]" time="0.01" />
<testcase classname="test_guests" name="test_cpus[home-vm-100-web01]" time="0.01"><failure message="AssertionError: &lt;4&gt; is expected&#10;assert 2 == 4">def test_cpus</failure></testcase>
<testcase classname="test_guests" name="test_disks[x]" time="0.01"><skipped type="pytest.skip" message="it&#x27;s &quot;stopped&quot;">here</skipped></testcase>
<testcase classname="" name="custom.test_own" time="0.000"><error message="collection failure">test_own.py:1: in &lt;module&gt;
E   ModuleNotFoundError: No module named &apos;x&apos;</error></testcase></testsuite></testsuites>`
    expect(casesIn(report).map(({name, result, message}) => [name, result, message])).to.deep.equal([
      ['test_os[home-vm-100-web01]', 'passed', null],
      ['test_cpus[home-vm-100-web01]', 'failed', 'AssertionError: <4> is expected\nassert 2 == 4'],
      ['test_disks[x]', 'skipped', `it's "stopped"`],
      ['custom.test_own', 'failed', "E   ModuleNotFoundError: No module named 'x'"],
    ])
  })
})

describe('what came of a suite', () => {
  it('is failed with one that failed, and skipped where nothing else is left', () => {
    expect(suiteOf('api', [passed('a'), failed('b', 'x')]).result).to.equal('failed')
    expect(suiteOf('api', [passed('a'), skipped('b', 'x')])).to.deep.include({result: 'passed', why: null})
    expect(suiteOf('api', [skipped('a', 'x'), skipped('b', 'y')])).to.deep.include({result: 'skipped', why: 'x'})
  })
})

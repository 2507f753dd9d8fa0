import assert from 'node:assert/strict';
import { mask, maskNumbers } from '../src/mask';

describe('a text that may be logged', () => {
  for (const [text, shown] of [
    ['to 573001110001, now', 'to 57…01, now'],
    ['to +57 300 111 0001', 'to +57…01'],
    ['to (57) 300.111-0001', 'to (57…01'],
    ['to 3001110', 'to 30…10'],
    ['to US.13491208655302741918', 'to US…18'],
    ['to CO.ENT.AbCdEfGhIj', 'to CO…Ij'],
    [
      'WhatsApp said: HTTP.example is NOT.available',
      'WhatsApp said: HTTP.example is NOT.available',
    ],
    ['{"phone":"573001110001","waId":"573001110002"}', '{"phone":"57…01","waId":"57…02"}'],
    ['message wamid.HBgMNTczMDAxMTEwMDAx failed', 'message wa…Ax failed'],
    ['error 138006 (HTTP 401) after 10000 ms', 'error 138006 (HTTP 401) after 10000 ms'],
    ['', ''],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as ${JSON.stringify(shown)}`, () => {
      assert.equal(maskNumbers(text), shown);
      assert.equal(maskNumbers(shown), shown);
    });
  }

  it('shows of a name no more than its ends, and nothing of a long one beyond its beginning', () => {
    assert.equal(mask('573001110001'), '57…01');
    assert.equal(mask('12'), '12');
    assert.equal(mask(`573001110001${'0'.repeat(100)}`).length, 5);
  });
});

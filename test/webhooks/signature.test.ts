import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { verifySignature } from '../../src/webhooks';

const BODY = Buffer.from('{"name":"Jos\\u00e9","path":"a\\/b"}');
const sign = (body: Buffer, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

describe('the signature of a webhook', () => {
  it('is an HMAC-SHA256 over the raw bytes', () => {
    assert.equal(verifySignature(BODY, sign(BODY, 'secret'), ['secret']), true);
  });

  it('does not match JSON that was written again', () => {
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(BODY.toString())));
    assert.equal(verifySignature(rewritten, sign(BODY, 'secret'), ['secret']), false);
  });

  it('may come from any of several secrets while one is being replaced', () => {
    assert.equal(verifySignature(BODY, sign(BODY, 'old'), ['new', 'old']), true);
    assert.equal(verifySignature(BODY, sign(BODY, 'older'), ['new', 'old']), false);
  });

  it('is never valid without a secret', () => {
    assert.equal(verifySignature(BODY, sign(BODY, ''), []), false);
    assert.equal(verifySignature(BODY, sign(BODY, ''), ['']), false);
  });

  it('may be written in capitals', () => {
    const capitals = `sha256=${sign(BODY, 'secret').slice(7).toUpperCase()}`;
    assert.equal(verifySignature(BODY, capitals, ['secret']), true);
  });

  const right = sign(BODY, 'secret');
  const wrong: [string, string | string[] | undefined][] = [
    ['missing', undefined],
    ['empty', ''],
    ['given twice', [right, right]],
    ['too short', right.slice(0, -2)],
    ['too long', `${right}00`],
    ['without its prefix', right.slice(7)],
    ['of another algorithm', right.replace('sha256', 'sha1')],
    ['not hexadecimal', `sha256=${'z'.repeat(64)}`],
    ['of another body', sign(Buffer.from('{}'), 'secret')],
  ];
  for (const [how, header] of wrong) {
    it(`is refused where it is ${how}`, () => {
      assert.equal(verifySignature(BODY, header, ['secret']), false);
    });
  }
});

import assert from 'node:assert/strict';
import { parseWebhook } from '../../src/webhooks';
import {
  bodyOf,
  callsBody,
  callStatus,
  callStatusBody,
  connect,
  DISPLAY_NUMBER,
  HEARD,
  PHONE_NUMBER_ID,
  SESSION,
  T,
  terminate,
  unanswered,
  valueOf,
  type Body,
} from './fixtures';
import { readContact, readOne, typesIn } from './read';

const ABOUT = { id: 'wacid.SIMAAA=', direction: 'business', key: 'flow42:msg9', heard: HEARD };

describe('webhooks about calls', () => {
  describe('become facts', () => {
    const ENDED = { ...ABOUT, type: 'ended', at: (T + 65) * 1000, failed: false };
    const NOBODY = { startedAt: null, durationSeconds: null };
    const ANSWERED = { startedAt: (T + 10) * 1000, durationSeconds: 55 };
    const error = { code: 138021, message: 'Media receive timeout' };
    const noTimes = { start_time: undefined, end_time: undefined };
    const table: [string, Body, object][] = [
      [
        'connect is connecting, not answered',
        callsBody(connect()),
        { ...ABOUT, type: 'connecting', at: T * 1000 },
      ],
      [
        'RINGING is ringing',
        callStatusBody(callStatus('RINGING')),
        { ...ABOUT, type: 'ringing', at: (T + 3) * 1000 },
      ],
      [
        'ACCEPTED is answered',
        callStatusBody(callStatus('ACCEPTED')),
        { ...ABOUT, type: 'answered', at: (T + 3) * 1000 },
      ],
      [
        'REJECTED is rejected',
        callStatusBody(callStatus('REJECTED')),
        { ...ABOUT, type: 'rejected', at: (T + 3) * 1000 },
      ],
      [
        'terminate with times is the end of an answered call',
        callsBody(terminate()),
        { ...ENDED, ...ANSWERED },
      ],
      [
        'COMPLETED without times was not answered',
        callsBody(unanswered()),
        { ...ENDED, ...NOBODY },
      ],
      [
        'a duration alone gives the start',
        callsBody(unanswered({ duration: '20' })),
        { ...ENDED, startedAt: (T + 45) * 1000, durationSeconds: 20 },
      ],
      [
        'a duration of 0 is no answer',
        callsBody(unanswered({ duration: 0 })),
        { ...ENDED, ...NOBODY },
      ],
      [
        'an end time alone is no answer',
        callsBody(unanswered({ end_time: String(T + 65) })),
        { ...ENDED, ...NOBODY },
      ],
      [
        'a start alone was answered',
        callsBody(terminate({ duration: undefined })),
        { ...ENDED, ...ANSWERED },
      ],
      [
        'numbers may be numbers',
        callsBody(terminate({ timestamp: T + 65, start_time: T + 10, end_time: T + 65 })),
        { ...ENDED, ...ANSWERED },
      ],
      [
        'times in milliseconds are not believed',
        callsBody(terminate({ start_time: (T + 10) * 1000, duration: -1, end_time: null })),
        { ...ENDED, ...NOBODY },
      ],
      [
        'Failed is failed, whatever its case',
        callsBody(unanswered({ status: 'Failed' })),
        { ...ENDED, ...NOBODY, failed: true },
      ],
      [
        'errors inside the call are read too',
        callsBody(unanswered({ errors: [{ code: '138021', title: error.message }] })),
        { ...ENDED, ...NOBODY, failed: true, error },
      ],
      [
        'errors stand beside the call',
        bodyOf(
          'calls',
          valueOf({
            calls: [terminate(noTimes)],
            errors: [{ ...error, href: 'https://example.org' }],
          }),
        ),
        { ...ENDED, ...ANSWERED, failed: true, error },
      ],
    ];
    for (const [rule, body, fact] of table) {
      it(rule, () => assert.deepEqual(readContact(body).fact, fact));
    }
  });

  it('bring the account, the id, the session and our key', () => {
    const change = readContact(callsBody(connect()));
    assert.equal(change.phoneNumberId, PHONE_NUMBER_ID);
    assert.equal(change.displayNumber, DISPLAY_NUMBER);
    assert.equal(change.id, 'wacid.SIMAAA=');
    assert.equal(change.at, T * 1000);
    assert.deepEqual(change.call, {
      id: 'wacid.SIMAAA=',
      direction: 'business',
      session: SESSION,
      key: 'flow42:msg9',
    });
    assert.deepEqual(change.raw, connect());
  });

  it('never take the legacy `connection` for a session', () => {
    const legacy = connect({
      session: undefined,
      connection: { webrtc: { sdp: '{"sdp":"v=0"}' } },
    });
    assert.equal(readContact(callsBody(legacy)).call?.session, null);
  });

  describe('tell their time', () => {
    const late = String(HEARD / 1000 + 100);
    for (const timestamp of [undefined, 'yesterday', '', {}, -5, 0, late, 1e300]) {
      it(`as the moment they were heard where it reads ${JSON.stringify(timestamp)}`, () => {
        const { fact } = readContact(callsBody(connect({ timestamp })));
        assert.equal(fact.at, HEARD);
      });
    }
  });

  describe('in batches', () => {
    it('are all read: every entry, change, call and status, in order', () => {
      const value = valueOf({
        calls: [connect(), unanswered()],
        statuses: [callStatus('REJECTED')],
      });
      const change = { field: 'calls', value };
      const body = { entry: [{ changes: [change, change] }, { changes: [change] }] };
      const once = ['connecting', 'ended', 'rejected'];
      assert.deepEqual(typesIn(body), [...once, ...once, ...once]);
    });

    it('give an error to the call that failed', () => {
      const calls = [terminate(), unanswered({ id: 'wacid.B', status: 'FAILED' })];
      const body = bodyOf('calls', valueOf({ calls, errors: [{ code: 138020, message: 'x' }] }));
      const failed = parseWebhook(body, HEARD).map(
        (it) => it.kind === 'contact' && it.fact.type === 'ended' && it.fact.failed,
      );
      assert.deepEqual(failed, [false, true]);
    });
  });

  describe('that say nothing about the call itself are passed on', () => {
    const table: [string, Body][] = [
      ['call_created', { event: 'call_created', session: undefined }],
      [
        'a recording',
        { event: 'call_recording_available', call_recording: { audio: { id: '1' } } },
      ],
      ['an event to come', { event: 'hologram' }],
      ['an event named like a built-in', { event: 'constructor' }],
    ];
    for (const [what, over] of table) {
      it(what, () => {
        const change = readOne(callsBody(connect(over)));
        assert.equal(change.kind, 'other');
        assert.equal(change.id, 'wacid.SIMAAA=');
      });
    }

    it('a status to come', () => {
      assert.equal(readOne(callStatusBody(callStatus('TRANSFERRED'))).kind, 'other');
    });

    it('a call without an id', () => {
      assert.equal(readOne(callsBody(connect({ id: undefined }))).kind, 'other');
    });
  });
});

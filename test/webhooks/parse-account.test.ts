import assert from 'node:assert/strict';
import { parseWebhook } from '../../src/webhooks';
import {
  accountUpdateBody,
  bodyOf,
  DISPLAY_NUMBER,
  HEARD,
  PHONE_NUMBER_ID,
  settingsBody,
  T,
  WABA,
  type Body,
} from './fixtures';
import { readOne, typesIn } from './read';

const SPELLINGS = ['RESTRICTED_BUSINESS_INITIATED_CALLING', 'RESTRICTED_BIZ_INITIATED_CALLING'];
const at = T * 1000;
const WEEK_LATER = T + 604_800;
const restriction = (...restriction_info: Body[]): Body =>
  accountUpdateBody({ event: 'ACCOUNT_RESTRICTION', restriction_info });
const ban = (waba_ban_state: unknown, value: Body = {}): Body =>
  accountUpdateBody({ event: 'DISABLED_UPDATE', ban_info: { waba_ban_state }, ...value });

const restricted = (until: number | null): object => ({
  type: 'account-blocked',
  at,
  reason: 'account-restricted',
  until,
});
const banned = { ...restricted(null), reason: 'account-banned' };
const notEligible = { type: 'account-blocked', at, reason: 'account-not-eligible', until: null };
const eligible = { type: 'account-freed', at, reason: 'account-not-eligible' };

describe('webhooks about the account', () => {
  describe('become facts', () => {
    const on = { status: 'ENABLED', sip: { status: 'DISABLED' } };
    const listed = { type: SPELLINGS[0], reason: '…', expiration: WEEK_LATER };
    const table: [string, Body, object[]][] = [
      ...SPELLINGS.map((restriction_type): [string, Body, object[]] => [
        `${restriction_type} blocks until it expires`,
        restriction({ restriction_type, expiration: WEEK_LATER }),
        [restricted(WEEK_LATER * 1000)],
      ]),
      [
        'a restriction without an end lasts for 7 days',
        restriction({ restriction_type: SPELLINGS[0] }),
        [restricted((T + 7 * 86_400) * 1000)],
      ],
      [
        'of several restrictions the last end counts',
        restriction(
          { restriction_type: SPELLINGS[0], expiration: String(WEEK_LATER) },
          { restriction_type: SPELLINGS[0], expiration: T + 5 },
        ),
        [restricted(WEEK_LATER * 1000)],
      ],
      [
        'no restriction any more frees',
        accountUpdateBody({ event: 'ACCOUNT_RESTRICTION', restriction_info: [] }),
        [{ ...eligible, reason: 'account-restricted' }],
      ],
      ['a ban blocks for good', ban('DISABLE'), [banned]],
      ['a ban in a word to come blocks', ban('OBLITERATE'), [banned]],
      ['its end frees', ban('REINSTATE'), [{ ...eligible, reason: 'account-banned' }]],
      [
        'calling switched off blocks, and WhatsApp answers nothing until it is over',
        settingsBody({ status: 'DISABLED' }),
        [{ ...notEligible, answersNothing: true }],
      ],
      [
        'SIP switched on blocks',
        settingsBody({ ...on, sip: { status: 'ENABLED' } }),
        [notEligible],
      ],
      ['calling switched on frees', settingsBody(on), [eligible]],
      [
        'calling switched on without a word on SIP frees',
        settingsBody({ status: 'enabled' }),
        [eligible],
      ],
      [
        'a restriction among the settings blocks',
        settingsBody({ ...on, restrictions: { restrictions_list: [listed] } }),
        [eligible, restricted(WEEK_LATER * 1000)],
      ],
    ];
    for (const [rule, body, facts] of table) {
      it(rule, () => {
        const read = parseWebhook(body, HEARD).map((it) =>
          it.kind === 'account' ? it.fact : it.kind,
        );
        assert.deepEqual(read, facts);
      });
    }
  });

  it('name the display number only, in an account_update', () => {
    const change = readOne(restriction({ restriction_type: SPELLINGS[0] }));
    assert.equal(change.phoneNumberId, null);
    assert.equal(change.displayNumber, DISPLAY_NUMBER);
    assert.equal(change.businessAccountId, null);
  });

  it('name the phone number id, in the settings', () => {
    assert.equal(readOne(settingsBody({ status: 'ENABLED' })).phoneNumberId, PHONE_NUMBER_ID);
  });

  it('name nothing but the business account, in a ban', () => {
    const value = { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } };
    const change = readOne(bodyOf('account_update', value));
    assert.equal(change.displayNumber, null);
    assert.equal(change.businessAccountId, WABA);
  });

  it('never carry the SIP password on', () => {
    const sip = { status: 'ENABLED', servers: [{ hostname: 'a', sip_user_password: 'hunter2' }] };
    const { raw } = readOne(settingsBody({ sip }));
    assert.match(JSON.stringify(raw), /"hostname":"a"/);
    assert.doesNotMatch(JSON.stringify(raw), /hunter2|sip_user_password/);
  });

  describe('that do not stop outbound calls are passed on', () => {
    const violation_type = 'LOW_BUSINESS_INITIATED_CALLING_QUALITY';
    const table: [string, Body][] = [
      [
        'a restriction of the users’ calls',
        restriction({ restriction_type: 'RESTRICTED_USER_INITIATED_CALLING' }),
      ],
      [
        'a warning',
        accountUpdateBody({ event: 'ACCOUNT_VIOLATION', violation_info: { violation_type } }),
      ],
      [
        'a restriction that is not told',
        accountUpdateBody({ event: 'ACCOUNT_RESTRICTION', restriction_info: 'none' }),
      ],
      ['a ban to come', ban('SCHEDULE_FOR_DISABLE')],
      ['a DISABLED_UPDATE without a ban', accountUpdateBody({ event: 'DISABLED_UPDATE' })],
      ['a price tier', accountUpdateBody({ event: 'VOLUME_BASED_PRICING_TIER_UPDATE' })],
      ['settings that are silent on calling', settingsBody({ call_icon_visibility: 'DEFAULT' })],
      ['a word to come for the status', settingsBody({ status: 'PAUSED' })],
      [
        'quality',
        bodyOf('phone_number_quality_update', {
          display_phone_number: DISPLAY_NUMBER,
          event: 'FLAGGED',
        }),
      ],
      ['a template’s status', bodyOf('message_template_status_update', { event: 'APPROVED' })],
      ['a field to come', bodyOf('holograms', [1, 2])],
    ];
    for (const [what, body] of table) {
      it(what, () => assert.deepEqual(typesIn(body), ['other']));
    }

    it('with the field’s name', () => {
      const body = bodyOf('message_template_status_update', { event: 'APPROVED' });
      assert.deepEqual(readOne(body).raw, {
        field: 'message_template_status_update',
        value: { event: 'APPROVED' },
      });
    });
  });
});

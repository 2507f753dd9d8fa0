import assert from 'node:assert/strict';
import { parsePermissionAnswer } from '../../src/cloud-api';

const requestLimit = (limit: Record<string, unknown>) =>
  parsePermissionAnswer({
    permission: { status: 'no_permission' },
    actions: [{ action_name: 'send_call_permission_request', limits: [limit] }],
  });

describe('cloud-api: reading the limits of a permission answer', () => {
  for (const period of ['PT24H', 'P1D', '24h', '1d', 'pt24h']) {
    it(`"${period}" is 24 hours`, () => {
      const { requestsPer24h, requestsPer7d } = requestLimit({
        time_period: period,
        max_allowed: 1,
        current_usage: 0,
      });
      assert.deepEqual(requestsPer24h, { used: 0, allowed: 1, resetsAt: null });
      assert.equal(requestsPer7d, null);
    });
  }

  for (const period of ['P7D', '7d', '168h', 'PT168H']) {
    it(`"${period}" is 7 days`, () => {
      const { requestsPer24h, requestsPer7d } = requestLimit({
        time_period: period,
        max_allowed: 2,
        current_usage: 1,
      });
      assert.deepEqual(requestsPer7d, { used: 1, allowed: 2, resetsAt: null });
      assert.equal(requestsPer24h, null);
    });
  }

  it('may be missing, null or an empty string', () => {
    for (const limits of [undefined, null, '', {}, [], [null]]) {
      const answer = parsePermissionAnswer({
        permission: { status: 'permanent' },
        actions: [{ action_name: 'start_call', can_perform_action: true, limits }],
      });
      assert.equal(answer.canCall, true);
      assert.equal(answer.connectedCallsPer24h, null);
    }
  });

  it('without a number, or of another period, are not known', () => {
    assert.equal(requestLimit({ time_period: 'PT24H', max_allowed: 1 }).requestsPer24h, null);
    assert.equal(requestLimit({ time_period: 'PT24H', current_usage: 1 }).requestsPer24h, null);
    for (const period of ['PT1H', 'P1M', 'daily', 24, null]) {
      const limit = { time_period: period, max_allowed: 1, current_usage: 1 };
      const { requestsPer24h, requestsPer7d } = requestLimit(limit);
      assert.deepEqual([requestsPer24h, requestsPer7d], [null, null]);
    }
  });

  it('have an end only where they are reached', () => {
    const limit = { time_period: 'PT24H', max_allowed: 2, limit_expiration_time: 1789481600 };
    const below = requestLimit({ ...limit, current_usage: 1 }).requestsPer24h;
    const reached = requestLimit({ ...limit, current_usage: 2 }).requestsPer24h;
    assert.equal(below?.resetsAt, null);
    assert.equal(reached?.resetsAt, 1789481600_000);
  });
});
